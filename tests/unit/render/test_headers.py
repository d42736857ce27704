"""What the head of a revision tells its reviewer."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import DATA_LOSS, SHARED_BEHAVIOUR, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock, Phase, PlannedRevision, Step, Verify
from alembic_vibe.render.headers import header_facts

ORDERS = Key(Kind.TABLE, "public", "orders")
BILLS = Key(Kind.TABLE, "billing", "bills")


def facts(phase: Phase, *steps: Step) -> dict[str, tuple[str, ...]]:
    return dict(header_facts(PlannedRevision("5.3", "a title", phase, steps)))


def test_everything_that_there_is_to_tell() -> None:
    first = Step(
        ORDERS,
        (),
        title="validate orders_check",
        locks=(Lock(ORDERS, LockLevel.SHARE), Lock(BILLS, LockLevel.SHARE_ROW_EXCLUSIVE)),
        scans=(ORDERS, BILLS),
        rewrites=(BILLS,),
        verify=(Verify("SELECT 0", "rows of orders without a"),),
        loses="what was in a",
        old_sees="nothing of a",
        new_sees="a",
        dangers=(Danger(DATA_LOSS, "orders.a", "the values are gone"),),
    )
    second = Step(ORDERS, (), title="orders.b", locks=(Lock(ORDERS), Lock(BILLS, LockLevel.SHARE)), scans=(ORDERS,))
    found = header_facts(PlannedRevision("5.3", "a title", Phase.CONTRACT, (first, second)))
    assert found == (
        ("Changes", ("validate orders_check", "orders.b")),
        ("Phase", ("contract (class C): after the old release is gone",)),
        ("Locks", ("ACCESS EXCLUSIVE on orders", "SHARE ROW EXCLUSIVE on billing.bills")),
        ("Reads whole", ("orders, billing.bills",)),
        ("Rewrites", ("billing.bills",)),
        ("Waits for", ("rows of orders without a",)),
        ("Old release", ("nothing of a",)),
        ("New release", ("a",)),
        ("Downgrade loses", ("what was in a",)),
        ("Accepted", ("data-loss: the values are gone",)),
    )


@pytest.mark.parametrize(
    ("phase", "old", "letter"),
    [
        (Phase.EXPAND, "nothing", "E"),
        (Phase.MIGRATE, "nothing", "D"),
        (Phase.CONTRACT, "is gone", "C"),
        (Phase.PURGE, "is gone", "C"),
    ],
)
def test_what_is_told_of_a_step_that_says_nothing(phase: Phase, old: str, letter: str) -> None:
    found = facts(phase, Step(ORDERS, ()))
    assert set(found) == {"Phase", "Locks", "Old release", "New release", "Downgrade loses"}
    assert found["Phase"][0].startswith(f"{phase} (class {letter}): ")
    assert found["Locks"] == ("none on tables",)
    assert (found["Old release"], found["New release"], found["Downgrade loses"]) == (
        (old,),
        ("nothing",),
        ("nothing",),
    )


def test_shared_behaviour_is_a_class_of_its_own() -> None:
    found = facts(Phase.EXPAND, Step(ORDERS, (), dangers=(Danger(SHARED_BEHAVIOUR, "f()", "is new"),)))
    assert found["Phase"] == ("expand (class B): both releases see it at once",)
