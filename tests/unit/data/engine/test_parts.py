"""The parts of the engine that need no server."""

from __future__ import annotations

from random import Random

from alembic_vibe.data.engine.exclusion import Line
from alembic_vibe.data.engine.foreign import Foreign, combinations
from alembic_vibe.data.engine.load import escaped
from alembic_vibe.data.engine.patterned import patterned
from alembic_vibe.data.engine.plan import Wish, share, weigh
from alembic_vibe.data.engine.pools import Pool
from alembic_vibe.data.model import Domain, Pattern


def test_values_are_escaped_as_copy_reads_them() -> None:
    texts = ["a\tb", None, "c\\d\n", "", "\r"]
    expected = ["a\\tb", "\\N", "c\\\\d\\n", "", "\\r"]
    assert escaped(list(texts)) == expected
    # The characters that columns are joined by inside are characters like others.
    assert escaped([*texts, "\x1f", "\x1e"]) == [*expected, "\x1f", "\x1e"]
    assert escaped([]) == []


def test_children_get_more_rows_than_parents_and_none_more_than_it_can_hold() -> None:
    wishes = [Wish(1, is_lookup=True), Wish(2, {1}), Wish(3, {2}), Wish(4, {2, 3}, most=10), Wish(5, {6}), Wish(6, {5})]
    found = share(wishes, weigh(wishes), 10_000)
    assert found[1] == 60
    assert found[4] == 10
    assert found[2] < found[3]
    assert abs(sum(found.values()) - 10_000) <= len(wishes)
    assert min(share(wishes, weigh(wishes), 5).values()) >= 3


def test_every_combination_of_scarce_keys_is_there_once() -> None:
    # Two keys share the tenant: only pairs within one tenant fit.
    people = Foreign("a", ("tenant", "person"), Pool(("t", "p"), [("1", "x"), ("1", "y"), ("2", "z")]))
    groups = Foreign("b", ("tenant", "group"), Pool(("t", "g"), [("1", "m"), ("2", "n"), ("2", "o")]))
    found = combinations(("person", "group", "tenant"), [people, groups], {}, 100, Random(1))
    assert sorted(found or ()) == [("x", "m", "1"), ("y", "m", "1"), ("z", "n", "2"), ("z", "o", "2")]
    assert combinations(("person", "group", "tenant"), [people, groups], {}, 3, Random(1)) is None


def test_parents_are_picked_with_what_other_keys_say_already() -> None:
    pool = Pool(("t", "p"), [("1", "x"), ("1", "y"), ("2", "z")])
    key = Foreign("a", ("tenant", "person"), pool, optional=("person",))
    made: dict[str, list[str | None]] = {"tenant": [*"1" * 50, *"2" * 50, *"3" * 50]}
    assert key.fill(made, {"person": Domain(null=False)}, Random(1), 150) == []
    assert {*made["person"][:50]} == {"x", "y"}
    assert {*made["person"][50:100]} == {"z"}
    assert {*made["person"][100:]} == {None}


def test_texts_of_a_pattern_differ_for_different_rows() -> None:
    for regex, most in (
        (r"^[A-Z]{3}$", 17_576),
        (r"^[a-z]+(\.[a-z]+)*@(a|b)\.example$", 2_000),
        (r"^\d{2}-[^0-9]$", 100),
    ):
        made = patterned(Domain(patterns=(Pattern(regex),), longest=30), unique=True)
        assert made is not None
        texts = made.batch(Random(1), 0, min(2_000, most))
        assert len(set(texts)) == len(texts)
    assert patterned(Domain(patterns=(Pattern(r"^[a-z]{9}$"),), longest=8), unique=False) is None


def test_ranges_lie_end_to_end() -> None:
    line = Line(("room",), "timestamptz", ends=("starts", "ends"))
    columns = {"room": ["a", "b"] * 100, "starts": [""] * 200, "ends": [""] * 200}
    assert line.lay(columns, Random(1), list(range(200))) == list(range(200))
    ends = columns["ends"]
    assert all(ends[n] <= columns["starts"][n + 2] for n in range(198))
    # A day has an end.
    hours = Line(("room",), "time", range="hours")
    assert len(hours.lay({"room": ["a"] * 200, "hours": [""] * 200}, Random(1), list(range(200)))) < 50
