"""AV735: a CHECK that comes with its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, AddConstraint
from alembic_vibe.lint.adding import adds_to_table_in_use, constraints_of
from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import column_name, table_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import OnTable
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("discount", sa.Integer(), sa.CheckConstraint("discount >= 0")))
"""
GOOD = f"""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("discount", sa.Integer()))
    op.create_check_constraint("orders_discount_positive", "orders", "discount >= 0", postgresql_not_valid=True)
{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_discount_positive")
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders VALUES (1);"

RULE = Rule(
    code="AV735",
    slug="add-column-inline-check",
    severity=Severity.ERROR,
    summary="A column is added together with its CHECK.",
    why="PostgreSQL reads the whole table to try the CHECK, even if every row has the same value or none, and nobody "
    "can even read the table meanwhile.",
    fix="Add the column; then the CHECK with `postgresql_not_valid=True`; validate it in the next revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan")),
    Example(
        bad="""\
def upgrade() -> None:
    kind = sa.Enum("retail", "trade", name="orders_kind", native_enum=False, create_constraint=True)
    op.add_column("orders", sa.Column("kind", kind))
""",
        good="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("kind", sa.Text()))
""",
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AddColumn, AddConstraint)
HAZARDS = ("blocking-scan",)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:
    """Look at CHECKs on a new column, and at those that the same call emits after it."""
    if isinstance(action, AddColumn):
        if adds_to_table_in_use(action, at):
            for constraint in constraints_of(action.column, "check"):
                yield _finding(action, action.column.name, constraint.expression.text if constraint.expression else "")
    elif isinstance(action, AddConstraint) and action.constraint.kind == "check":
        spec = action.constraint
        column = added_by_call(at, action.table, spec.columns)
        if spec.valid and column is not None and not at.is_own(action.table):
            yield _finding(action, column.name, spec.expression.text if spec.expression else "")


def _finding(action: OnTable, column: str, text: str) -> Finding:
    check = f"CHECK ({' '.join(text.split())})"
    return Finding(
        f"the {check} of {column_name(action.table, column)} is tried on every row while nobody can read the table",
        help=f"Add the column without it; then `ALTER TABLE {table_name(action.table)} ADD {check} NOT VALID`; and "
        "VALIDATE CONSTRAINT in the next revision.",
    )
