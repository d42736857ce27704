"""AV725: an index that is built anew while nobody can write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Reindex
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import table_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("REINDEX TABLE orders")
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("REINDEX TABLE CONCURRENTLY orders")
"""
BEFORE = (
    "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint); INSERT INTO orders VALUES (1, 1);"
    "CREATE INDEX ix_orders_customer ON orders (customer_id);"
)

RULE = Rule(
    code="AV725",
    slug="reindex-not-concurrent",
    severity=Severity.ERROR,
    summary="Indexes of a table in use are built anew without CONCURRENTLY.",
    why="REINDEX locks the table in SHARE mode, and each index in ACCESS EXCLUSIVE mode, for the whole build: writes "
    "wait, and so does every query that plans with the index.",
    fix="Write `REINDEX … CONCURRENTLY` inside `with op.get_context().autocommit_block():`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "SHARE", "build")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("REINDEX INDEX ix_orders_customer")\n',
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("REINDEX INDEX CONCURRENTLY ix_orders_customer")
""",
        before=BEFORE,
        evidence=Takes("orders", "SHARE", "build"),
    ),
)
ACTIONS = (Reindex,)
HAZARDS = ("blocking-scan",)


def check(action: Reindex, at: Moment) -> Iterator[Finding]:
    """Look at tables in use; of a schema or a database, some are."""
    if action.concurrently:
        return
    if action.target == "index":
        index = at.before.index(action.name)
        if index is None or not at.is_own(index.table):
            table = table_name(index.table) if index else "its table"
            yield Finding(f"the index {table_name(action.name)} is built anew while nobody can write to {table}")
    elif action.target == "table":
        if not at.is_own(action.name):
            yield Finding(f"all indexes of {table_name(action.name)} are built anew while nobody can write to it")
    else:
        yield Finding(
            f"REINDEX {action.target.upper()} builds every index anew while nobody can write to its table",
            help="Keep it out of revisions: `reindexdb --concurrently`, or REINDEX … CONCURRENTLY of single indexes.",
        )
