"""AV777: a trigger that comes, goes or is switched while others wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import CreateTrigger, DropTrigger, SwitchTrigger
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("DROP TRIGGER orders_touch ON orders")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
"""

RULE = Rule(
    code="AV777",
    slug="trigger-lock",
    severity=Severity.INFO,
    summary="A trigger is made, dropped or switched on a table in use.",
    why="CREATE, ENABLE and DISABLE TRIGGER stop writers (SHARE ROW EXCLUSIVE), DROP TRIGGER stops readers as well "
    "(ACCESS EXCLUSIVE), until the transaction ends.",
    fix="Keep it in a revision of its own with a `lock_timeout`; replace its function where only that changes.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    CREATE TABLE orders (id bigint PRIMARY KEY);
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
"""
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders DISABLE TRIGGER orders_touch")\n',
        good=GOOD,
        before=_BEFORE,
        evidence=Takes("orders", "SHARE ROW EXCLUSIVE"),
    ),
)
ACTIONS = (CreateTrigger, DropTrigger, SwitchTrigger)


def check(action: CreateTrigger | DropTrigger | SwitchTrigger, at: Moment) -> Iterator[Finding]:
    """Look at tables in use that are not locked as strongly already, where nothing limits the wait."""
    if at.is_own(action.table) or not at.locks or at.transaction.lock_timeout:
        return
    held = at.transaction.held.get(action.table)
    if held is not None and held.level >= max(lock.level for lock in at.locks):
        return
    yield Finding(f"{at.locks[0].level.blocks} on {quote_qualified(*action.table)} wait until the transaction ends")
