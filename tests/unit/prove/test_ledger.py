from __future__ import annotations

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Phase
from alembic_vibe.prove.battery import Battery, Failure, Trial
from alembic_vibe.prove.concurrency import Report, WriterError
from alembic_vibe.prove.ledger import Ledger
from alembic_vibe.prove.rehearsal import Attempt
from alembic_vibe.prove.staged import StagedRevision

ORDERS = Key(Kind.TABLE, "public", "orders")
USERS = Key(Kind.TABLE, "shop", "users")
SELECT = Failure(ORDERS, "SELECT", "SELECT id FROM orders", 'relation "orders" does not exist')
DELETE = Failure(USERS, "DELETE", "DELETE FROM shop.users", "no")
STAGE = StagedRevision("0007", Phase.MIGRATE)


def test_each_failure_is_told_once() -> None:
    ledger = Ledger()
    ledger.old_release(STAGE, [SELECT, DELETE])
    ledger.old_release(StagedRevision("0008"), [SELECT])
    (found,) = ledger.found
    assert found.code == "AV904"
    assert found.message == (
        'after revision 0007 (migrate) the running release fails: SELECT on orders: relation "orders" does not exist'
    )
    assert found.notes == ("SELECT id FROM orders", "DELETE on shop.users: no")
    ledger.new_release("now", [SELECT])
    assert [found.code for found in ledger.found] == ["AV904", "AV905"]


def test_accepted_failures_are_lines() -> None:
    for accepted in ("orders", "*"):
        ledger = Ledger(frozenset({accepted}))
        ledger.old_release(STAGE, [SELECT])
        assert ledger.found == []
        assert ledger.lines[0].startswith("accepted: after revision 0007 (migrate) the running release fails: SELECT")
    ledger = Ledger(frozenset({"orders"}))
    ledger.new_release("now", [SELECT, DELETE])
    assert [found.code for found in ledger.found] == ["AV905"]
    assert len(ledger.lines) == 1


def test_a_key_comes_with_contract() -> None:
    ledger = Ledger()
    upsert = Failure(ORDERS, "UPSERT by k", "INSERT", "no unique constraint", "42P10")
    ledger.new_release("now", [upsert])
    assert ledger.lines == ["not before contract: UPSERT by k on orders: no unique constraint"]
    ledger.old_release(STAGE, [upsert])
    assert [found.code for found in ledger.found] == ["AV904"]


def test_losses_are_told_where_they_are_declared() -> None:
    ledger = Ledger()
    ledger.lost("the downgrade", ["the values of a.b are others"], [])
    assert ledger.found[0].code == "AV906"
    ledger.lost("the downgrade", ["the values of a.b are others"], [StagedRevision("1", irreversible_loss="large")])
    assert ledger.lines == ["declared: the downgrade loses large (the values of a.b are others)"]
    ledger.changed("revision 1", [])
    assert len(ledger.found) == 1


def test_what_failed_does_not_write() -> None:
    ledger = Ledger(frozenset("*"))
    trials = tuple(Trial(ORDERS, what, Attempt(("x",))) for what in ("SELECT", "DELETE"))
    ledger.old_release(STAGE, [SELECT])
    assert ledger.still_works(Battery(trials), "running").trials == trials[1:]
    assert ledger.still_works(Battery(trials), "next").trials == trials


def test_both_releases_at_once() -> None:
    ledger = Ledger()
    ledger.together(Report({"old": 3, "new": 4}))
    assert ledger.lines == ["both releases at once: 7 transactions beside expand and migrate, and no row came apart"]
    ledger.together(Report({}, errors=(WriterError("old", "INSERT", "no"),), disagreeing=(("rows of t", 2),)))
    assert [found.message for found in ledger.found] == [
        "while both releases write, old fails: no",
        "after both releases wrote there are 2 rows of t",
    ]
