"""AV721: a statement that refuses to run in a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import CreateIndex, DetachPartition, DropIndex, Other, Reindex, Vacuum
from alembic_vibe.lint.examples import Example, Fails
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import table_name
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);"

RULE = Rule(
    code="AV721",
    slug="concurrently-in-transaction",
    severity=Severity.ERROR,
    summary="A CONCURRENTLY statement runs inside the revision's transaction.",
    why="PostgreSQL refuses CREATE, DROP and REINDEX INDEX CONCURRENTLY, DETACH PARTITION CONCURRENTLY and VACUUM in a "
    "transaction, and Alembic runs every revision in one: the upgrade fails.",
    fix="Put it into `with op.get_context().autocommit_block():`, in a revision of its own.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Fails("25001")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("COMMIT")
    op.execute("DROP INDEX CONCURRENTLY ix_orders_customer")
""",
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY ix_orders_customer")
""",
        before=BEFORE + "CREATE INDEX ix_orders_customer ON orders (customer_id);",
        evidence=Fails("25001"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("REINDEX TABLE CONCURRENTLY orders")\n',
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("REINDEX TABLE CONCURRENTLY orders")
        op.execute("VACUUM orders")
""",
        before=BEFORE,
        evidence=Fails("25001"),
    ),
)
ACTIONS = (CreateIndex, DropIndex, Reindex, DetachPartition, Vacuum, Other)

_OTHERS = {
    "AlterSystemStmt": "ALTER SYSTEM",
    "CreatedbStmt": "CREATE DATABASE",
    "DropdbStmt": "DROP DATABASE",
    "CreateTableSpaceStmt": "CREATE TABLESPACE",
    "DropTableSpaceStmt": "DROP TABLESPACE",
}


def check(action: Action, at: Moment) -> Iterator[Finding]:
    """Look at statements that PostgreSQL runs outside transactions only (manual, on the page of each of them)."""
    if at.read.emitted.autocommit or at.transaction.autocommit:
        return
    what = _refused(action)
    if not what:
        return
    if at.transaction.by_hand:
        yield Finding(
            f"{what} follows a COMMIT that the revision writes itself: some drivers have begun a new transaction by "
            "then, in which it fails",
            help="Leave the COMMIT out and use `with op.get_context().autocommit_block():`.",
            severity=Severity.WARNING,
        )
    else:
        yield Finding(f"{what} fails, since the revision runs in a transaction")


def _refused(action: Action) -> str:
    match action:
        case CreateIndex(concurrently=True):
            return f"CREATE INDEX CONCURRENTLY {quote_identifier(action.name)}"
        case DropIndex(concurrently=True):
            return f"DROP INDEX CONCURRENTLY {table_name(action.index)}"
        case Reindex(concurrently=True):
            return f"REINDEX {action.target.upper()} CONCURRENTLY {table_name(action.name)}".rstrip()
        case Reindex(target="schema" | "database" | "system"):
            return f"REINDEX {action.target.upper()}"
        case DetachPartition(concurrently=True):
            return f"DETACH PARTITION {table_name(action.partition)} CONCURRENTLY"
        case Vacuum(analyze_only=False):
            return "VACUUM"
        case Other():
            return _OTHERS.get(action.kind, "")
    return ""
