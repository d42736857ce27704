"""AV731: a default that is another value in each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.adding import adds_to_table_in_use
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.volatility import volatile_functions
from alembic_vibe.lint.wording import column_name, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("token", sa.Uuid()))
    op.alter_column("orders", "token", server_default=sa.text("gen_random_uuid()"))
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders VALUES (1);"

RULE = Rule(
    code="AV731",
    slug="add-column-volatile-default",
    severity=Severity.ERROR,
    summary="A column is added with a default that is another value in each row.",
    why="PostgreSQL has to write the whole table and all of its indexes anew, and nobody can even read it meanwhile. A "
    "constant, `now()` and other stable functions are evaluated once, and touch no row.",
    fix="Add the column without a default, set the default in a second statement (it counts for new rows only), and "
    "fill the old rows in batches in a later revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD seen timestamptz NOT NULL DEFAULT clock_timestamp()")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD seen timestamptz NOT NULL DEFAULT now()")
""",
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("number", sa.BigInteger(), server_default=sa.text("next_number()")))
""",
        good="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("number", sa.BigInteger(), server_default=sa.text("first_number()")))
""",
        before=BEFORE + "CREATE FUNCTION next_number() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';"
        "CREATE FUNCTION first_number() RETURNS bigint LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END';",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
    ),
)
ACTIONS = (AddColumn,)
HAZARDS = ("table-rewrite",)


def check(action: AddColumn, at: Moment) -> Iterator[Finding]:
    """Look at defaults that call a volatile function, or one that nobody knows."""
    column = action.column
    if column.default is None or not adds_to_table_in_use(action, at):
        return
    functions = volatile_functions(column.default, at.before.functions)
    if functions:
        calls = listed(f"{name}()" for name in functions)
        yield Finding(
            f"{column_name(action.table, column.name)} gets another value of {calls} in each row: the whole table is "
            "written anew while nobody can read it"
        )
