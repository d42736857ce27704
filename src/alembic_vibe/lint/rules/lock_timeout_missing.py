"""AV771: a lock that is waited for without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Action
from alembic_vibe.lint.examples import Example, Told
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import table_name
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
"""
GOOD = """\
def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.add_column("orders", sa.Column("note", sa.Text()))
"""

RULE = Rule(
    code="AV771",
    slug="lock-timeout-missing",
    severity=Severity.WARNING,
    summary="A strong lock is asked for without a lock_timeout.",
    why="While the statement waits behind one long query, every other statement on the table queues up behind it.",
    fix="Set a `lock_timeout` of a few seconds for all revisions in env.py (in `connect_args`), or begin the revision "
    "with `op.execute(\"SET LOCAL lock_timeout = '2s'\")`; run the revision again when it gives up.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY)",
        evidence=Told("the harm needs a second session that holds the lock; test_waiting.py shows it"),
    ),
)
ACTIONS = (Action,)


def check(action: Action, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - every action with a lock counts
    """Report the first strong lock of a transaction that nothing limits."""
    if at.transaction.lock_timeout or any(held.level >= LockLevel.SHARE for held in at.transaction.held.values()):
        return
    for lock in at.locks:
        if lock.level >= LockLevel.SHARE:
            known = at.environment.lock_timeout is not None
            yield Finding(
                f"nothing limits how long the statement waits for {table_name(lock.table)}"
                f"{', neither here nor in env.py' if known else ''}",
                severity=Severity.ERROR if known else None,
            )
            return
