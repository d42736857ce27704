"""AV724: an index that is dropped while nobody can use the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import DropColumn, DropIndex, DropTable
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import table_name
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.lint.schema import Index

BAD = """\
def upgrade() -> None:
    op.drop_index("ix_orders_customer", "orders")
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_customer", "orders", postgresql_concurrently=True)
"""

RULE = Rule(
    code="AV724",
    slug="drop-index-not-concurrent",
    severity=Severity.WARNING,
    summary="An index of a table in use is dropped without CONCURRENTLY.",
    why="DROP INDEX locks the table in ACCESS EXCLUSIVE mode. It is short, but it waits behind the longest query on "
    "the table, and everybody else waits behind it.",
    fix="Drop it with `postgresql_concurrently=True` inside `with op.get_context().autocommit_block():`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);"
        "CREATE INDEX ix_orders_customer ON orders (customer_id);",
        evidence=Takes("orders", "ACCESS EXCLUSIVE"),
    ),
)
ACTIONS = (DropIndex,)
HAZARDS = ("table-rewrite", "blocking-scan", "shared-behaviour")


def check(action: DropIndex, at: Moment) -> Iterator[Finding]:
    """Look at indexes that could be dropped beside the application."""
    if action.concurrently or action.cascade:
        return
    index = at.before.index(action.index)
    if index is None and action.if_exists and at.before.tables:
        return  # the chain has made no such index: there is nothing to drop
    if index is None:
        yield Finding(f"nobody can use the table of {table_name(action.index)} while the index is dropped")
        return
    table = at.table(index.table)
    # CONCURRENTLY refuses the index of a partitioned table, and DROP INDEX that of a constraint (manual, DROP INDEX).
    if at.is_own(index.table) or index.constraint or (table is not None and table.is_partitioned):
        return
    held = at.transaction.held.get(index.table)
    if (held is not None and held.level is LockLevel.ACCESS_EXCLUSIVE) or _goes_anyway(index, at):
        return
    yield Finding(f"nobody can use {table_name(index.table)} while {table_name(action.index)} is dropped")


def _goes_anyway(index: Index, at: Moment) -> bool:
    """Whether the function drops the table, or a column of the index, later on: then it is locked anyway."""
    return any(
        (isinstance(action, DropTable) and action.table == index.table)
        or (isinstance(action, DropColumn) and action.table == index.table and index.needs(action.column))
        for action in following(at)
    )
