"""AV795: a text that is filled up with blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.columns_made import MAKERS, columns_made
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import column_name, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import OnTable
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.CHAR(3)))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.Text()))
"""

RULE = Rule(
    code="AV795",
    slug="style-char",
    severity=Severity.WARNING,
    summary="A column is of the type char.",
    why="char(n) fills each value up with blanks, ignores them when it compares, and is neither faster nor smaller"
    " than text. Off unless `[tool.alembic-vibe.lint.severity]` names the rule.",
    fix="Use `sa.Text()`, with a CHECK of its length where that matters.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
OPT_IN = True
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY)",
        evidence=Leaves(
            "SELECT atttypid = 'bpchar'::regtype FROM pg_attribute "
            "WHERE attrelid = 'orders'::regclass AND attname = 'currency'"
        ),
    ),
)
ACTIONS = MAKERS
DIRECTIONS = (Direction.UPGRADE,)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - the type alone counts
    """Look at the types of columns."""
    for column in columns_made(action):
        if column.type.name == ("", "bpchar"):
            yield Finding(f"{column_name(action.table, column.name)} is a {type_name(column.type)} instead of text")
