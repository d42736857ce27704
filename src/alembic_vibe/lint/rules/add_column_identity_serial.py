"""AV732: a column that counts, added to rows that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.adding import adds_to_table_in_use
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("number", sa.BigInteger()))
    op.execute("CREATE SEQUENCE orders_number_seq OWNED BY orders.number")
    op.alter_column("orders", "number", server_default=sa.text("nextval('orders_number_seq')"))
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders VALUES (1);"

RULE = Rule(
    code="AV732",
    slug="add-column-identity-serial",
    severity=Severity.ERROR,
    summary="A serial or identity column is added to a table in use.",
    why="Every row gets a number at once: PostgreSQL writes the whole table and all of its indexes anew, and nobody "
    "can even read it meanwhile.",
    fix="Add a nullable bigint column, make a sequence that it owns, set the default to `nextval(…)` (it counts for "
    "new rows only), and number the old rows in batches in a later revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD number bigserial")\n',
        good=GOOD,
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("number", sa.Integer(), primary_key=True))
""",
        good=GOOD,
        before="CREATE TABLE orders (code text); INSERT INTO orders VALUES ('a');",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
)
ACTIONS = (AddColumn,)
HAZARDS = ("table-rewrite",)


def check(action: AddColumn, at: Moment) -> Iterator[Finding]:
    """Look at columns that take their values from a sequence of their own."""
    column = action.column
    if (column.serial or column.identity) and adds_to_table_in_use(action, at):
        yield Finding(
            f"{column_name(action.table, column.name)} is {'an identity' if column.identity else 'a serial'} column: "
            "each row gets its number at once, and the whole table is written anew while nobody can read it"
        )
