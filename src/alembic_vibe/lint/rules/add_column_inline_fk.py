"""AV736: a foreign key that comes with its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, AddConstraint
from alembic_vibe.lint.adding import adds_to_table_in_use, constraints_of, has_default
from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import column_name, table_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import ConstraintSpec, OnTable
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id")))
"""
GOOD = f"""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("customer_id", sa.BigInteger()))
    op.create_foreign_key(
        "orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"], postgresql_not_valid=True
    )
{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey")
"""
BEFORE = (
    "CREATE TABLE customers (id bigint PRIMARY KEY); CREATE TABLE orders (id bigint PRIMARY KEY);"
    "INSERT INTO customers VALUES (1); INSERT INTO orders VALUES (1);"
)

RULE = Rule(
    code="AV736",
    slug="add-column-inline-fk",
    severity=Severity.ERROR,
    summary="A column is added together with its foreign key, and every row is looked at.",
    why="Alembic adds the foreign key in a second statement: PostgreSQL reads the whole table to prove it while nobody "
    "can use the table or write to the one that it refers to. `REFERENCES` in ADD COLUMN itself does so only if the "
    "column has a default.",
    fix="Add the column; then the foreign key with `postgresql_not_valid=True`; validate it in the next revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD customer_id bigint DEFAULT 1 REFERENCES customers")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD customer_id bigint REFERENCES customers")
""",
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AddColumn, AddConstraint)
HAZARDS = ("blocking-scan",)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:
    """Look at foreign keys of a new column that has values, and at those that the same call emits after it."""
    if isinstance(action, AddColumn):
        column = action.column
        is_filled = has_default(column) or column.generated or column.serial or column.identity
        if is_filled and adds_to_table_in_use(action, at):
            for constraint in constraints_of(column, "foreign"):
                yield _finding(action, column.name, constraint)
    elif isinstance(action, AddConstraint) and action.constraint.kind == "foreign":
        spec = action.constraint
        added = added_by_call(at, action.table, spec.columns)
        if spec.valid and added is not None and not at.is_own(action.table):
            yield _finding(action, added.name, spec)


def _finding(action: OnTable, column: str, constraint: ConstraintSpec) -> Finding:
    other = table_name(constraint.references) if constraint.references else "another table"
    return Finding(
        f"the foreign key of {column_name(action.table, column)} to {other} is proven row by row while nobody can use "
        f"{table_name(action.table)} or write to {other}"
    )
