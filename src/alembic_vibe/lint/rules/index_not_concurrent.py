"""AV720: an index that is built while nobody can write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import CreateIndex
from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.lint.schema import Index, Table

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
    Example(
        bad="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("customer_id", sa.BigInteger(), index=True))
""",
        good="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("customer_id", sa.BigInteger()))
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders VALUES (1);",
        evidence=Takes("orders", "SHARE", "build"),
    ),
    Example(
        bad=BAD,
        good="""\
def upgrade() -> None:
    op.execute("CREATE INDEX ix_orders_customer ON ONLY orders (customer_id)")
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_customer_1", "orders_1", ["customer_id"], postgresql_concurrently=True)
    op.execute("ALTER INDEX ix_orders_customer ATTACH PARTITION ix_orders_customer_1")
""",
        before="CREATE TABLE orders (id bigint, customer_id bigint) PARTITION BY RANGE (id);"
        "CREATE TABLE orders_1 PARTITION OF orders DEFAULT; INSERT INTO orders VALUES (1, 1);",
        evidence=Takes("orders_1", "SHARE", "build"),
    ),
)
ACTIONS = (CreateIndex,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: CreateIndex, at: Moment) -> Iterator[Finding]:
    """Look at indexes on tables that were there before."""
    if action.concurrently or at.is_own(action.table):
        return
    if action.if_not_exists and at.before.index(QualifiedName(action.table.schema, action.name)):
        return  # nothing happens
    name, on = quote_identifier(action.name), quote_qualified(*action.table)
    table = at.table(action.table)
    if table is not None and table.is_partitioned:
        if not action.only and not _is_there(action, table, at):
            yield Finding(
                f"{name} is built on {on} and all its partitions while nobody can write to them",
                help="CONCURRENTLY is refused on a partitioned table: create it "
                f"`ON ONLY {on}`, build one concurrently on each partition in an autocommit_block(), "
                f"and attach them with `ALTER INDEX {name} ATTACH PARTITION …`.",
            )
        return
    column = added_by_call(at, action.table, action.columns)
    if column is None:
        yield Finding(f"{name} is built on {on} while nobody can write to it")
        return
    yield Finding(
        f"{name} is built on {on} while nobody can use it, since the same call adds {quote_identifier(column.name)}",
        help=f"Leave `index=True` out; build {name} in the next revision with `postgresql_concurrently=True` inside "
        "`with op.get_context().autocommit_block():`.",
    )


def _is_there(action: CreateIndex, table: Table, at: Moment) -> bool:
    """Whether each partition has such an index: the new one takes them in and builds none (manual, CREATE INDEX)."""
    partitions = [at.table(name) for name in table.partitions]
    return all(
        partition is not None
        and (
            any(_is_alike(action, index) for index in partition.indexes.values())
            or (partition.is_partitioned and _is_there(action, partition, at))
        )
        for partition in partitions
    )


def _is_alike(action: CreateIndex, index: Index) -> bool:
    return (
        index.valid
        and (index.columns, index.unique, index.method) == (action.columns, action.unique, action.method)
        and index.partial == (action.predicate is not None)
    )
