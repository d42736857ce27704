from __future__ import annotations

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, SHARED_BEHAVIOUR, TABLE_REWRITE, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock, Mode, Phase, PlannedRevision, Step, Verify
from alembic_vibe.plan.operations import Execute
from alembic_vibe.prove.staged import staged

ORDERS = Key(Kind.TABLE, "billing", "orders")
AMOUNT = Key(Kind.COLUMN, "billing", "orders", "amount")
FUNCTION = Key(Kind.FUNCTION, "public", "f")
VERIFY = Verify("SELECT 0", "rows")


def planned(*steps: Step) -> PlannedRevision:
    return PlannedRevision("5.1", "title", Phase.CONTRACT, steps)


def test_what_a_plan_declares() -> None:
    lock = Lock(ORDERS, LockLevel.SHARE)
    one = Step(
        AMOUNT, (Execute("A"), Execute("B")), phase=Phase.CONTRACT, mode=Mode.AUTOCOMMIT, locks=(lock,),
        scans=(ORDERS,),
        verify=(VERIFY,), loses="cents",
    )  # fmt: skip
    two = Step(ORDERS, (Execute("C"),), phase=Phase.CONTRACT, mode=Mode.AUTOCOMMIT, kept="it stays", loses="cents")
    stage = staged("0002", planned(one, two), changes=[AMOUNT])
    assert stage.id == "0002"
    assert stage.mode is Mode.AUTOCOMMIT
    assert not stage.is_early
    assert stage.statements == ("A", "B", "C")
    assert stage.locks == (lock,)
    assert stage.scans == (ORDERS,)
    assert stage.verify == ((AMOUNT, VERIFY),)
    assert stage.subjects == (AMOUNT, ORDERS)
    assert stage.keeps == (ORDERS,)
    assert stage.irreversible_loss == "cents"
    assert stage.changes == (AMOUNT,)
    assert stage.accepted == ()


def test_what_is_accepted() -> None:
    breaks = Danger(OLD_RELEASE_BREAKS, "billing.orders.amount", "…")
    assert staged("1", planned(Step(AMOUNT, (), dangers=(breaks,)))).accepted == (
        "billing.orders.amount",
        "billing.orders",
    )
    shared = Danger(SHARED_BEHAVIOUR, "f", "…")
    assert staged("1", planned(Step(FUNCTION, (), dangers=(shared,)))).accepted == ("f", "*")
    slow = Danger(TABLE_REWRITE, "billing.orders", "…")
    assert staged("1", planned(Step(ORDERS, (), dangers=(slow,)))).accepted == ()
