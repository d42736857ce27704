"""AV734: a column of a domain that checks its values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.adding import adds_to_table_in_use
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.retyping import domain_is_constrained
from alembic_vibe.lint.wording import column_name, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD discount percentage")
"""
GOOD = f"""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("discount", sa.Integer()))
    op.create_check_constraint(
        "orders_discount_range", "orders", "discount BETWEEN 0 AND 100", postgresql_not_valid=True
    )
{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_discount_range")
"""

RULE = Rule(
    code="AV734",
    slug="add-column-constrained-domain",
    severity=Severity.WARNING,
    summary="A column of a domain with a CHECK or NOT NULL is added to a table in use.",
    why="PostgreSQL tries the domain's constraints on every row, even where the column is NULL, and writes the whole "
    "table anew to do so; nobody can even read it meanwhile.",
    fix="Give the column the domain's base type and a CHECK of its own that is NOT VALID; validate it in the next "
    "revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE DOMAIN percentage AS int CHECK (VALUE BETWEEN 0 AND 100);"
        "CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders VALUES (1);",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
)
ACTIONS = (AddColumn,)
HAZARDS = ("table-rewrite",)


def check(action: AddColumn, at: Moment) -> Iterator[Finding]:
    """Look at columns of domains that the chain has made; of other types nobody knows that they are such domains."""
    column = action.column
    if not domain_is_constrained(column.type, at.before) or not adds_to_table_in_use(action, at):
        return
    yield Finding(
        f"{column_name(action.table, column.name)} is of the domain {type_name(column.type)}, which has constraints: "
        "the whole table is written anew while nobody can read it"
    )
