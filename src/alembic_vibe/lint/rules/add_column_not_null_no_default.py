"""AV730: a NOT NULL column without a default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.adding import adds_to_table_in_use, has_default
from alembic_vibe.lint.examples import Breaks, Example, Fails
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("status", sa.Text(), nullable=False, default="new"))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("status", sa.Text(), nullable=False, server_default="new"))
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders VALUES (1);"

RULE = Rule(
    code="AV730",
    slug="add-column-not-null-no-default",
    severity=Severity.ERROR,
    summary="A column is added NOT NULL without a default in the database.",
    why="On a table with rows the statement fails; on an empty one, each INSERT of the running application that does "
    "not name the column fails from then on. `default=` of a Column counts in Python only.",
    fix="Give it a constant `server_default=…` (no row is touched); or add it nullable, fill it in batches, and make "
    "it NOT NULL in a later revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Fails("23502")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD status text NOT NULL")\n',
        good='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD status text")\n',
        before="CREATE TABLE orders (id bigint PRIMARY KEY);",
        evidence=Breaks("INSERT INTO orders (id) VALUES (2)"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD code text NOT NULL DEFAULT NULL")\n',
        good="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("code", sa.Text()))
# --- next revision
def upgrade() -> None:
    op.execute("UPDATE orders SET code = id::text WHERE code IS NULL AND id BETWEEN 1 AND 1000")
# --- next revision
def upgrade() -> None:
    op.create_check_constraint("orders_code_filled", "orders", "code IS NOT NULL", postgresql_not_valid=True)
# --- next revision
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_code_filled")
# --- next revision
def upgrade() -> None:
    op.alter_column("orders", "code", nullable=False)
    op.drop_constraint("orders_code_filled", "orders")
""",
        before=BEFORE,
        evidence=Fails("23502"),
    ),
)
ACTIONS = (AddColumn,)
HAZARDS = ("old-release-breaks",)


def check(action: AddColumn, at: Moment) -> Iterator[Finding]:
    """Look at columns that must have a value and get none."""
    column = action.column
    if not column.not_null or has_default(column) or column.serial or column.identity or column.generated:
        return
    if not adds_to_table_in_use(action, at):
        return
    name = column_name(action.table, column.name)
    if at.direction is Direction.DOWNGRADE:
        yield Finding(
            f"{name} comes back NOT NULL without a default: on a table with rows the way back fails",
            help="Give it a `server_default=…`, or let it come back nullable.",
        )
        return
    yield Finding(
        f"{name} is NOT NULL without a default: the statement fails if the table has rows, and INSERTs that do not "
        "name the column fail from then on"
    )
