"""AV792: a time that does not say where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.columns_made import MAKERS, columns_made
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import OnTable
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("made_at", sa.DateTime()))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("made_at", sa.DateTime(timezone=True)))
"""

RULE = Rule(
    code="AV792",
    slug="style-timestamptz",
    severity=Severity.WARNING,
    summary="A column is a timestamp without time zone.",
    why="It keeps what the clock on some wall showed: what moment that was depends on the session that reads it, "
    "and hours are missing or there twice when clocks change. Off unless `[tool.alembic-vibe.lint.severity]` "
    "names the rule.",
    fix="Use `sa.DateTime(timezone=True)`; it takes the same eight bytes.",
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
            "SELECT atttypid = 'timestamp'::regtype FROM pg_attribute "
            "WHERE attrelid = 'orders'::regclass AND attname = 'made_at'"
        ),
    ),
)
ACTIONS = MAKERS
DIRECTIONS = (Direction.UPGRADE,)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - the type alone counts
    """Look at the types of columns."""
    for column in columns_made(action):
        if column.type.name == ("", "timestamp"):
            yield Finding(f"{column_name(action.table, column.name)} is a timestamp without time zone")
