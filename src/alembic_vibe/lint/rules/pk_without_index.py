"""AV749: a primary key whose index is built while nobody can use the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint
from alembic_vibe.lint.adding import builds_index
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.proofs import is_not_null, is_proven_not_null
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_primary_key("orders_pkey", "orders", ["id"])
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("orders_pkey", "orders", ["id"], unique=True, postgresql_concurrently=True)
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey")
"""

RULE = Rule(
    code="AV749",
    slug="pk-without-index",
    severity=Severity.ERROR,
    summary="A primary key is added to a table in use without an index that is there already.",
    why="ADD PRIMARY KEY builds its index, and looks for NULLs, under an ACCESS EXCLUSIVE lock: nobody can read or "
    "write the table.",
    fix="Make the columns NOT NULL and build a unique index with `postgresql_concurrently=True` in an "
    "`autocommit_block()` first, then add the key with `PRIMARY KEY USING INDEX`, which takes a moment.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint NOT NULL, number int); INSERT INTO orders VALUES (1, 1);",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "build"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD PRIMARY KEY (number)")
""",
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY orders_number_idx ON orders (number)")
    op.execute(
        "ALTER TABLE orders DROP CONSTRAINT orders_pkey, "
        "ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_number_idx"
    )
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, number int NOT NULL); INSERT INTO orders VALUES (1, 1);",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "build"),
    ),
)
ACTIONS = (AddConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at primary keys of tables in use that build an index; that of a new column is another rule's."""
    if not builds_index(action, at, "primary"):
        return
    spec = action.constraint
    table, name = quote_qualified(*action.table), quote_identifier(spec.name)
    columns = ", ".join(quote_identifier(column) for column in spec.columns)
    known = at.table(action.table)
    nullable = [
        quote_identifier(column)
        for column in spec.columns
        if known is not None and not (is_not_null(known, column) or is_proven_not_null(known, column))
    ]
    if known is not None and known.is_partitioned:
        text = (
            f"{table} is partitioned: `ALTER TABLE ONLY {table} ADD CONSTRAINT {name} PRIMARY KEY ({columns})`, then "
            "give each partition the key with an index that was built concurrently, and attach that index with "
            "`ALTER INDEX … ATTACH PARTITION …`."
        )
    else:
        text = (
            "Build the index first, in an autocommit_block(): "
            f"`CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})`; then "
            f"`ALTER TABLE {table} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}`."
        )
    if nullable:
        text += f" Before that make {', '.join(nullable)} NOT NULL, by a validated CHECK (… IS NOT NULL)."
    yield Finding(f"the index of {name} is built while nobody can read or write {table}", help=text)
