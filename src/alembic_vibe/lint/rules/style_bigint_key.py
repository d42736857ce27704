"""AV791: a key that runs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, CreateTable
from alembic_vibe.lint.columns_made import columns_of, has_type
from alembic_vibe.lint.examples import Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import ColumnSpec
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.Integer(), sa.Identity(), primary_key=True))
"""
GOOD = """\
def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
"""

RULE = Rule(
    code="AV791",
    slug="style-bigint-key",
    severity=Severity.WARNING,
    summary="A primary key that counts is smaller than bigint.",
    why="An integer key ends at 2,147,483,647, failed inserts and rollbacks included; to widen it later, the table"
    " and all that refer to it have to be written anew. Off unless `[tool.alembic-vibe.lint.severity]` names "
    "the rule.",
    fix="Use `sa.BigInteger()` with `sa.Identity()`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
OPT_IN = True
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="",
        evidence=has_type("id", "int4"),
    ),
)
ACTIONS = (CreateTable, AddColumn)
DIRECTIONS = (Direction.UPGRADE,)


def check(action: CreateTable | AddColumn, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - the type alone counts
    """Look at columns that count by themselves; a key that refers to another one has its type."""
    for name, column in columns_of(action, "int2", "int4"):
        if _counts(action, column):
            yield Finding(
                f"{name} counts in {type_name(column.type)}, which runs out", help="Make it bigint (`sa.BigInteger()`)."
            )


def _counts(action: CreateTable | AddColumn, column: ColumnSpec) -> bool:
    """Whether the column is numbered by PostgreSQL, or is the whole primary key."""
    if column.serial or column.identity:
        return True
    constraints = [*column.constraints, *(action.constraints if isinstance(action, CreateTable) else ())]
    if any(one.kind == "foreign" and column.name in one.columns for one in constraints):
        return False
    return any(one.kind == "primary" and one.columns == (column.name,) for one in constraints)
