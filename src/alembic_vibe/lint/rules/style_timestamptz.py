"""AV792: a time that does not say where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.columns_made import MAKERS, columns_of, has_type
from alembic_vibe.lint.examples import Example
from alembic_vibe.lint.model import Direction, Finding

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
        evidence=has_type("made_at", "timestamp"),
    ),
)
ACTIONS = MAKERS
DIRECTIONS = (Direction.UPGRADE,)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - the type alone counts
    """Look at the types of columns."""
    for name, _ in columns_of(action, "timestamp"):
        yield Finding(f"{name} is a timestamp without time zone")
