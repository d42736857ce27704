"""AV720: an index that is built while nobody can write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import CreateIndex
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_index("ix_orders_customer", "orders", ["customer_id"])
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""

RULE = Rule(
    code="AV720",
    slug="index-not-concurrent",
    severity=Severity.ERROR,
    summary="An index on a table in use is built without CONCURRENTLY.",
    why="CREATE INDEX locks the table in SHARE mode until the transaction ends: every INSERT, UPDATE and DELETE waits.",
    fix="Build it with `postgresql_concurrently=True` inside `with op.get_context().autocommit_block():`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint); INSERT INTO orders VALUES (1, 1);",
        evidence=Takes("orders", "SHARE", "build"),
    ),
)
ACTIONS = (CreateIndex,)


def check(action: CreateIndex, at: Moment) -> Iterator[Finding]:
    """Look at indexes on tables that were there before."""
    if action.concurrently or at.is_own(action.table):
        return
    table = at.table(action.table)
    if table is not None and table.is_partitioned:
        if not action.only:
            yield Finding(
                f"{action.name} is built on {action.table.name} and all its partitions while nobody can write to them",
                help="Create it `ON ONLY` the parent, build one concurrently on each partition in an "
                "autocommit_block(), and attach them with `ALTER INDEX … ATTACH PARTITION …`.",
            )
        return
    yield Finding(f"{action.name} is built on {action.table.name} while nobody can write to it")
