"""What waits for a later phase survives its way through the snapshot, and damage is told."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import DATA_LOSS, SHARED_BEHAVIOUR, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock, Mode, Phase, PlannedRevision, Step, Verify
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.pending import Pending, decode_pending, due, in_order

if TYPE_CHECKING:
    from collections.abc import Callable

ORDERS = Key(Kind.TABLE, "public", "orders")
AMOUNT = Key(Kind.COLUMN, "Billing", 'größe "x"', "amount")
FULL = Step(
    key=AMOUNT,
    up=(Execute("SELECT 1"), Execute("SELECT '100%', ':name', $$\n  x\n$$")),
    down=(Execute("SELECT 2"),),
    kept="it stays",
    phase=Phase.CONTRACT,
    mode=Mode.AUTOCOMMIT,
    title="orders.amount to bigint",
    locks=(Lock(ORDERS, LockLevel.SHARE), Lock(AMOUNT, LockLevel.ACCESS_EXCLUSIVE)),
    scans=(ORDERS,),
    rewrites=(ORDERS, AMOUNT),
    verify=(Verify("SELECT count(*) FROM orders", "rows of orders"),),
    loses="the old amounts",
    old_sees="is gone",
    new_sees="amount is bigint",
    notes=("One.", "Two."),
    dangers=(Danger(DATA_LOSS, "orders.amount", "gone"), Danger(SHARED_BEHAVIOUR, "f()", "is new")),
    uses_vibe=True,
)


def revision(phase: Phase, *steps: Step, title: str = "a title", **more: Any) -> PlannedRevision:
    return PlannedRevision("5.3", title, phase, steps or (Step(ORDERS, (), phase=phase),), **more)


def there_and_back(found: Pending) -> Pending:
    (again,) = decode_pending(json.loads(json.dumps([found.encode()])))
    return again


def test_every_field_survives() -> None:
    unset = {field.name for field in fields(Step) if getattr(FULL, field.name) == field.default}
    assert unset == {"done", "apart"}, "the example leaves a field of Step at its default"  # a backfill never waits
    found = Pending(revision(Phase.CONTRACT, FULL, Step(ORDERS, (), phase=Phase.CONTRACT), notes=("Look.",)), "0007")
    assert there_and_back(found) == found


def test_what_is_empty_is_left_out() -> None:
    found = Pending(revision(Phase.PURGE, Step(ORDERS, (Execute("SELECT 1"),), phase=Phase.PURGE)), "0007")
    document = found.encode()
    assert set(document) == {"title", "phase", "since", "section", "steps"}
    assert set(document["steps"][0]) == {"key", "up"}
    assert there_and_back(found) == found


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda d: d.pop("phase"), id="no phase"),
        pytest.param(lambda d: d.update(phase="later"), id="unknown phase"),
        pytest.param(lambda d: d.update(steps=3), id="steps that are a number"),
        pytest.param(lambda d: d.update(steps=["x"]), id="a step that is a string"),
        pytest.param(lambda d: d.pop("since"), id="no since"),
        pytest.param(lambda d: d["steps"][0].pop("key"), id="no key"),
        pytest.param(lambda d: d["steps"][0].update(key=[]), id="empty key"),
        pytest.param(lambda d: d["steps"][0].update(key=["tabel", "public", "orders"]), id="unknown kind"),
        pytest.param(lambda d: d["steps"][0].update(key=["table"]), id="short key"),
        pytest.param(lambda d: d["steps"][0].update(mode="sometimes"), id="unknown mode"),
        pytest.param(lambda d: d["steps"][0].update(locks=[[["table", "", "t"], "GENTLE"]]), id="unknown lock"),
        pytest.param(lambda d: d["steps"][0].update(dangers=[["dragons", "t", "?"]]), id="unknown hazard"),
        pytest.param(lambda d: d["steps"][0].update(verify=[["SELECT 1"]]), id="check without a message"),
        pytest.param(lambda d: d["steps"][0].update(up=7), id="statements that are a number"),
    ],
)
def test_damage_is_a_value_error(damage: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads(json.dumps(Pending(revision(Phase.CONTRACT, FULL), "0007").encode()))
    damage(document)
    with pytest.raises(ValueError, match=r"."):
        decode_pending([document])


@pytest.mark.parametrize("document", ["text", 3, None, []])
def test_what_is_no_object_is_a_value_error(document: Any) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        decode_pending([document])


def test_a_purge_is_due_when_the_contract_of_its_run_has_been_written() -> None:
    contract = Pending(revision(Phase.CONTRACT), "0003")
    purge, other = Pending(revision(Phase.PURGE), "0003"), Pending(revision(Phase.PURGE), "0002")
    waiting = [purge, contract, other]
    assert due(waiting, Phase.CONTRACT) == (contract,)
    assert due(waiting, Phase.PURGE) == (other,)
    assert due([purge, other], Phase.PURGE) == (purge, other)


def test_contracts_come_before_purges_and_keep_their_order() -> None:
    found = [
        Pending(revision(phase, title=title), "0003")
        for phase, title in [(Phase.PURGE, "a"), (Phase.CONTRACT, "b"), (Phase.PURGE, "c"), (Phase.CONTRACT, "d")]
    ]
    assert [pending.revision.title for pending in in_order(found)] == ["b", "d", "a", "c"]
