"""AV748: a unique constraint whose index is built while nobody can use the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint
from alembic_vibe.lint.adding import builds_index
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_unique_constraint("orders_number_key", "orders", ["number"])
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("orders_number_key", "orders", ["number"], unique=True, postgresql_concurrently=True)
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key")
"""

RULE = Rule(
    code="AV748",
    slug="unique-without-index",
    severity=Severity.ERROR,
    summary="A unique constraint is added to a table in use without an index that is there already.",
    why="ADD CONSTRAINT … UNIQUE builds its index under an ACCESS EXCLUSIVE lock: nobody can read or write the table.",
    fix="Build a unique index with `postgresql_concurrently=True` in an `autocommit_block()` first, then add the "
    "constraint with `UNIQUE USING INDEX`, which takes a moment.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, number int); INSERT INTO orders VALUES (1, 1);"
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "build")),
    Example(
        bad="""\
def upgrade() -> None:
    with op.batch_alter_table("orders") as batch:
        batch.create_unique_constraint("orders_number_key", ["number"])
""",
        good=GOOD,
        before=_BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "build"),
    ),
)
ACTIONS = (AddConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at unique constraints of tables in use that build an index; that of a new column is another rule's."""
    if not builds_index(action, at, "unique"):
        return
    spec = action.constraint
    table, name = quote_qualified(*action.table), quote_identifier(spec.name)
    columns = ", ".join(quote_identifier(column) for column in spec.columns)
    known = at.table(action.table)
    on_parent = (
        f"{table} is partitioned: `ALTER TABLE ONLY {table} ADD CONSTRAINT {name} UNIQUE ({columns})`, then build a "
        "unique index concurrently on each partition, make it a constraint with `UNIQUE USING INDEX`, and attach it "
        "with `ALTER INDEX … ATTACH PARTITION …`."
    )
    yield Finding(
        f"the index of {name} is built while nobody can read or write {table}",
        help=on_parent
        if known is not None and known.is_partitioned
        else "Build the index first, in an autocommit_block(): "
        f"`CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({columns})`; then "
        f"`ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}`.",
    )
