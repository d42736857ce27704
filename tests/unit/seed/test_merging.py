"""The three-way decision, over every way in which three sides can differ."""

from __future__ import annotations

from itertools import product

import pytest

from alembic_vibe.seed.merging import Fate, Memory, Sides, decide, remembered

KEY = {"code": "k"}


def sides(*columns: tuple[str | None, str | None, str, str]) -> Sides:
    """One row from columns (what the seeds said, what was held then, what they say now, what is there now)."""
    named = dict(enumerate(columns))
    said = {f"c{at}": column[0] for at, column in named.items() if column[0] is not None}
    held = {f"c{at}": column[1] for at, column in named.items() if column[1] is not None}
    wanted = {**KEY, **{f"c{at}": column[2] for at, column in named.items()}}
    current = {**KEY, **{f"c{at}": column[3] for at, column in named.items()}}
    return Sides(wanted, current, Memory({**KEY, **said}, {**KEY, **held}), ("code",))


@pytest.mark.parametrize(
    ("column", "fate"),
    [
        (("a", "a", "a", "a"), Fate.SAME),
        (("a", "a", "b", "a"), Fate.UPDATE),
        (("a", "a", "a", "x"), Fate.EDITED),
        (("a", "a", "b", "x"), Fate.CONFLICT),
        (("a", "a", "b", "b"), Fate.SAME),  # they gave in
        (("A", "a", "A", "a"), Fate.SAME),  # a trigger made it small
        (("A", "a", "B", "a"), Fate.UPDATE),
        ((None, None, "b", "x"), Fate.UPDATE),  # a column that the seeds give only now
    ],
)
def test_one_column(column: tuple[str | None, str | None, str, str], fate: Fate) -> None:
    assert decide(sides(column)).fate is fate


def test_columns_are_merged_each_by_itself() -> None:
    found = decide(sides(("a", "a", "b", "a"), ("a", "a", "a", "x"), ("a", "a", "b", "x")))
    assert (found.fate, found.take, found.edited, found.contested) == (Fate.CONFLICT, ("c0",), ("c1",), ("c2",))


def test_rows_that_are_not_there() -> None:
    wanted = {**KEY, "c0": "a"}
    known = Memory(wanted, wanted)
    assert decide(Sides(wanted, None, None, ("code",))).fate is Fate.INSERT
    assert decide(Sides(wanted, None, known, ("code",))).fate is Fate.DELETED
    assert decide(Sides(wanted, None, known, ("code",)), forced=True).fate is Fate.INSERT


def test_rows_that_somebody_else_wrote_first() -> None:
    there = {**KEY, "c0": "x"}
    assert decide(Sides({**KEY, "c0": "x"}, there, None, ("code",))).fate is Fate.SAME
    other = Sides({**KEY, "c0": "a"}, there, None, ("code",))
    assert decide(other).fate is Fate.CONFLICT
    assert remembered(other, decide(other), there) is None  # else the next run would take it for untouched
    assert decide(other, forced=True).take == ("c0",)


def test_nothing_of_people_is_lost_and_a_second_run_finds_nothing_to_do() -> None:
    for one in product("ab", "ab", "ab", "abx"):
        row = sides(one)
        assert row.current is not None
        assert row.memory is not None
        decision = decide(row)
        touched = row.current["c0"] != row.memory.stored["c0"]
        assert not (touched and "c0" in decision.take), one
        now = {**row.current, **{name: row.wanted[name] for name in decision.take}}
        again = Sides(row.wanted, now, remembered(row, decision, now), ("code",))
        after = decide(again)
        assert after.take == (), one
        assert after.contested == decision.contested, one
        # What people have stays known as theirs, also when the seeds change once more.
        later = decide(Sides({**KEY, "c0": "z"}, now, again.memory, ("code",)))
        assert ("c0" in later.contested) == (touched and now["c0"] != row.wanted["c0"]) or now["c0"] == "z", one
