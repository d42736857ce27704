"""AV793: a length in the type."""

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
    op.add_column("orders", sa.Column("note", sa.String(200)))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
"""

RULE = Rule(
    code="AV793",
    slug="style-text",
    severity=Severity.WARNING,
    summary="A column is a varchar with a length.",
    why="It is no faster and no smaller than text. A shorter length later rewrites the table, and what a value "
    "must look like is better said by a CHECK, which can be changed without a strong lock. Off unless "
    "`[tool.alembic-vibe.lint.severity]` names the rule.",
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
        evidence=has_type("note", "varchar"),
    ),
)
ACTIONS = MAKERS
DIRECTIONS = (Direction.UPGRADE,)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - the type alone counts
    """Look at the types of columns; varchar without a length is text by another name."""
    for name, column in columns_of(action, "varchar"):
        if column.type.modifiers:
            yield Finding(f"{name} is a varchar({column.type.modifiers[0]}) instead of text")
