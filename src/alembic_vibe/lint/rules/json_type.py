"""AV741: a type without equality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AlterType
from alembic_vibe.lint.columns_made import MAKERS, columns_made
from alembic_vibe.lint.examples import Breaks, Example, Fails
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import OnTable
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("payload", sa.JSON()))
"""
GOOD = """\
from sqlalchemy.dialects import postgresql


def upgrade() -> None:
    op.add_column("orders", sa.Column("payload", postgresql.JSONB()))
"""

RULE = Rule(
    code="AV741",
    slug="json-type",
    severity=Severity.WARNING,
    summary="A column is of the type json.",
    why="json is kept as text: it has no equality, so that DISTINCT, GROUP BY and UNION fail in every query that takes "
    "the column along, and it cannot be indexed.",
    fix="Use jsonb (`postgresql.JSONB()` of `sqlalchemy.dialects`). Only a column whose text must come back exactly as "
    "it was sent, with its blanks and double keys, needs json.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY)",
        evidence=Breaks("SELECT DISTINCT * FROM orders"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("payload", sa.JSON()))
    op.execute("CREATE VIEW payloads AS SELECT DISTINCT payload FROM orders")
""",
        good="""\
def upgrade() -> None:
    op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, payload jsonb)")
    op.execute("CREATE VIEW payloads AS SELECT DISTINCT payload FROM orders")
""",
        evidence=Fails("42883"),
    ),
)
ACTIONS = MAKERS
DIRECTIONS = (Direction.UPGRADE,)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:
    """Look at the types of new columns and at new types of columns."""
    if at.revision.facts.is_generated:
        return  # the specification wants it
    for column in columns_made(action):
        if column.type.name != ("", "json"):
            continue
        if isinstance(action, AlterType):
            table = at.table(action.table)
            before = table.columns.get(action.column) if table else None
            if before is not None and before.type.name == column.type.name:
                continue
        name = column_name(action.table, column.name)
        yield Finding(f"{name} is json, which has no equality: DISTINCT, GROUP BY and UNION fail with it")
