"""AV768: a table that is emptied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Truncate
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("TRUNCATE sessions")
"""
GOOD = '''\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("""
            DO $$
            BEGIN
                LOOP
                    DELETE FROM sessions WHERE id IN (SELECT id FROM sessions LIMIT 1000);
                    EXIT WHEN NOT FOUND;
                    COMMIT;
                END LOOP;
            END
            $$
        """)
'''

RULE = Rule(
    code="AV768",
    slug="truncate",
    severity=Severity.ERROR,
    summary="TRUNCATE empties a table that is in use.",
    why="It takes an ACCESS EXCLUSIVE lock on the table, with CASCADE on every table that refers to it, and no "
    "downgrade brings the rows back.",
    fix="Delete the rows in batches, or do it by hand outside the revisions.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE sessions (id bigint PRIMARY KEY); INSERT INTO sessions SELECT generate_series(1, 10)",
        evidence=Takes("sessions", "ACCESS EXCLUSIVE"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("TRUNCATE customers CASCADE")\n',
        good='def upgrade() -> None:\n    op.execute("DELETE FROM customers WHERE id = 1")\n',
        before="CREATE TABLE customers (id bigint PRIMARY KEY); "
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers)",
        evidence=Takes("orders", "ACCESS EXCLUSIVE"),
    ),
)
ACTIONS = (Truncate,)
HAZARDS = ("data-loss",)


def check(action: Truncate, at: Moment) -> Iterator[Finding]:
    """Look at tables that the revision has not made itself."""
    if not at.is_own(action.table):
        others = sorted({quote_qualified(*table.name) for table, _ in at.before.references_to(action.table)})
        more = f", and with it {', '.join(others)}" if action.cascade and others else ""
        yield Finding(f"{quote_qualified(*action.table)} is emptied{more} for good")
