"""AV737: a key that comes with its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, AddConstraint
from alembic_vibe.lint.adding import adds_to_table_in_use, constraints_of
from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import column_name, table_name
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import ConstraintSpec, OnTable
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("code", sa.Text(), unique=True))
"""
GOOD = f"""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("code", sa.Text()))
{NEXT}
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("orders_code_key", "orders", ["code"], unique=True, postgresql_concurrently=True)
{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key")
"""
BEFORE = "CREATE TABLE orders (id bigint); INSERT INTO orders VALUES (1);"

RULE = Rule(
    code="AV737",
    slug="add-column-inline-unique",
    severity=Severity.ERROR,
    summary="A column is added together with its unique or primary key.",
    why="PostgreSQL builds the index of the key within the statement, and nobody can even read the table meanwhile.",
    fix="Add the column; build a unique index concurrently; then add the constraint `UNIQUE USING INDEX …`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "build")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD COLUMN code text UNIQUE")\n',
        good=GOOD,
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "build"),
    ),
)
ACTIONS = (AddColumn, AddConstraint)
HAZARDS = ("blocking-scan",)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:
    """Look at keys of a new column, and at those that the same call emits after it."""
    if isinstance(action, AddColumn):
        column = action.column
        # A serial primary key has its table written anew: that is told once, by the rule of serial columns.
        kinds = ("unique",) if column.serial or column.identity else ("unique", "primary")
        if adds_to_table_in_use(action, at):
            for constraint in constraints_of(column, *kinds):
                yield _finding(action, column.name, constraint)
    elif isinstance(action, AddConstraint) and action.constraint.kind in {"unique", "primary"}:
        spec = action.constraint
        added = None if spec.using_index else added_by_call(at, action.table, spec.columns)
        if added is not None and not at.is_own(action.table):
            yield _finding(action, added.name, spec)


def _finding(action: OnTable, column: str, constraint: ConstraintSpec) -> Finding:
    kind = "PRIMARY KEY" if constraint.kind == "primary" else "UNIQUE"
    table, key = table_name(action.table), quote_identifier(constraint.name)
    columns = ", ".join(quote_identifier(name) for name in constraint.columns or (column,))
    return Finding(
        f"the index of the {kind} of {column_name(action.table, column)} is built while nobody can read the table",
        help=f"Add the column without it; in the next revision, in an autocommit_block(), `CREATE UNIQUE INDEX "
        f"CONCURRENTLY {key} ON {table} ({columns})`; then `ALTER TABLE {table} ADD CONSTRAINT {key} {kind} "
        f"USING INDEX {key}`.",
    )
