"""Backfills taken out of a plan: what becomes a script, what waits with the contract, and what the contract checks."""

from __future__ import annotations

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.detached import detach
from alembic_vibe.plan.model import Mode, Phase, Plan, PlannedRevision, Step, Verify
from alembic_vibe.plan.operations import Execute

ORDERS = Key(Kind.TABLE, "public", "orders")
DONE = Verify("SELECT count(*) FROM orders WHERE a IS NULL", "rows of orders without a")
OWN = Verify("SELECT 0", "its own")


def revision(title: str, phase: Phase, mode: Mode = Mode.TRANSACTION, **step: object) -> PlannedRevision:
    made = Step(ORDERS, (Execute(f"SELECT '{title}'"),), phase=phase, mode=mode, title=title, **step)  # type: ignore[arg-type]
    return PlannedRevision("5.3", f"{phase} {title}", phase, (made,))


EXPAND = revision("add orders.a", Phase.EXPAND)
BACKFILL = revision("fill  orders.a", Phase.MIGRATE, Mode.BATCHED, done=(DONE,))
AFTER = revision("validate orders.a migrate", Phase.MIGRATE)
CONTRACT = revision("drop orders.b", Phase.CONTRACT, verify=(OWN,))
PURGE = revision("drop b", Phase.PURGE)


def test_a_plan_without_backfills_stays() -> None:
    plan = Plan((EXPAND, AFTER, CONTRACT, PURGE))
    assert detach(plan) == (plan, ())


def test_a_backfill_becomes_a_script_and_the_contract_checks_first() -> None:
    plan, (script,) = detach(Plan((EXPAND, BACKFILL, CONTRACT, PURGE)))
    assert script.revision == BACKFILL
    assert script.name == "migrate_fill_orders_a"
    assert script.statements == ("SELECT 'fill  orders.a'",)
    assert [found.phase for found in plan.revisions] == [Phase.EXPAND, Phase.CONTRACT, Phase.PURGE]
    assert plan.revisions[1].steps[0].verify == (DONE, OWN)


def test_what_follows_a_backfill_waits_with_the_contract() -> None:
    before = revision("before", Phase.MIGRATE)
    plan, _ = detach(Plan((EXPAND, before, BACKFILL, AFTER, CONTRACT, PURGE)))
    assert [found.title for found in plan.revisions] == [
        "expand add orders.a",
        "migrate before",
        "contract validate orders.a migrate",
        "contract drop orders.b",
        "purge drop b",
    ]
    later = plan.revisions[2]
    assert later.phase is Phase.CONTRACT
    assert {step.phase for step in later.steps} == {Phase.CONTRACT}
    assert later.steps[0].verify == (DONE,)
    assert plan.revisions[3] == CONTRACT


def test_a_plan_without_contract_gets_one_that_checks() -> None:
    plan, _ = detach(Plan((EXPAND, BACKFILL, PURGE)))
    contract = plan.revisions[1]
    assert (contract.phase, contract.up, contract.section) == (Phase.CONTRACT, (), "5.3")
    assert contract.steps[0].verify == (DONE,)
    assert plan.revisions[2] == PURGE


def test_every_backfill_is_checked() -> None:
    other = Verify("SELECT 1", "other")
    second = revision("fill orders.c", Phase.MIGRATE, Mode.BATCHED, done=(other,))
    plan, scripts = detach(Plan((BACKFILL, second, CONTRACT)))
    assert [script.name for script in scripts] == ["migrate_fill_orders_a", "migrate_fill_orders_c"]
    assert plan.revisions[0].steps[0].verify == (DONE, other, OWN)
