"""AV767: every row of a table in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Delete, Update
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Finding
from alembic_vibe.locks import LockLevel
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("UPDATE orders SET currency = 'EUR'")
"""
GOOD = '''\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("""
            DO $$
            BEGIN
                LOOP
                    UPDATE orders SET currency = 'EUR'
                    WHERE id IN (SELECT id FROM orders WHERE currency IS NULL LIMIT 2);
                    EXIT WHEN NOT FOUND;
                    COMMIT;
                END LOOP;
            END
            $$
        """)
'''

RULE = Rule(
    code="AV767",
    slug="unbounded-dml",
    severity=Severity.WARNING,
    summary="An UPDATE or DELETE without WHERE changes every row at once.",
    why="Each row stays locked until the transaction ends, the table doubles in size, and replicas fall behind.",
    fix="Change the rows in batches by key that commit, in a revision of its own, inside `autocommit_block()`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, currency text); "
        "INSERT INTO orders SELECT generate_series(1, 10)",
        # All rows that one transaction has written have its number; batches have numbers of their own.
        evidence=Leaves("SELECT count(DISTINCT xmin::text) = 1 FROM orders"),
    ),
)
ACTIONS = (Update, Delete)


def check(action: Update | Delete, at: Moment) -> Iterator[Finding]:
    """Look at statements without WHERE; where a lock is held as well, that is the worse finding."""
    if action.bounded or at.is_own(action.table):
        return
    if any(held.level >= LockLevel.SHARE for held in at.transaction.held.values()):
        return
    verb = "updated" if isinstance(action, Update) else "deleted"
    yield Finding(f"every row of {quote_qualified(*action.table)} is {verb} in one transaction")
