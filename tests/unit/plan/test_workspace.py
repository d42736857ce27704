"""The schema ``vibe``: which revisions make it, and which take it away."""

from __future__ import annotations

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Mode, Phase, PlannedRevision, Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.workspace import prepare

ORDERS = Key(Kind.TABLE, "public", "orders")
VIBE = Key(Kind.SCHEMA, "", "vibe")


def revision(phase: Phase, *, uses: bool, mode: Mode = Mode.TRANSACTION) -> PlannedRevision:
    step = Step(ORDERS, (Execute("SELECT 1"),), phase=phase, mode=mode, uses_vibe=uses)
    return PlannedRevision("5.3", f"{phase}", phase, (step,))


def told(found: PlannedRevision) -> tuple[list[str], list[str]]:
    """Say what a revision does up and down: ``make``, ``clean``, or nothing of it."""

    def word(sql: str) -> str:
        return "make" if sql.startswith("CREATE SCHEMA") else "clean" if "DROP SCHEMA" in sql else "work"

    return ([word(o.statements[0]) for o in found.up], [word(o.statements[0]) for o in found.down])


def test_nothing_is_done_where_nobody_uses_it() -> None:
    revisions = (revision(Phase.EXPAND, uses=False), revision(Phase.PURGE, uses=False))
    assert prepare(revisions) == revisions


def test_the_first_makes_it_and_the_last_takes_it_away() -> None:
    found = prepare(
        (
            revision(Phase.EXPAND, uses=False),
            revision(Phase.EXPAND, uses=True),
            revision(Phase.CONTRACT, uses=True),
            revision(Phase.PURGE, uses=True),
        )
    )
    assert [told(one) for one in found] == [
        (["work"], []),
        (["make", "work"], ["clean"]),
        (["make", "work"], []),
        (["work", "clean"], ["make"]),
    ]


def test_one_revision_makes_it_and_takes_it_away() -> None:
    (found,) = prepare((revision(Phase.CONTRACT, uses=True),))
    assert told(found) == (["make", "work", "clean"], ["make", "clean"])


def test_a_purge_by_itself_makes_sure_of_it() -> None:
    (found,) = prepare((revision(Phase.PURGE, uses=True),))
    assert told(found)[0] == ["make", "work", "clean"]


def test_steps_have_the_phase_and_mode_of_their_revision() -> None:
    found = prepare((revision(Phase.MIGRATE, uses=True, mode=Mode.BATCHED), revision(Phase.PURGE, uses=True)))
    for one in found:
        assert {step.phase for step in one.steps} == {one.phase}
        assert {step.mode for step in one.steps} == {one.mode}
        assert one.steps[0].key == VIBE or one.steps[-1].key == VIBE
