"""AV795: a text that is filled up with blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.columns_made import MAKERS, columns_of, has_type
from alembic_vibe.lint.examples import Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import type_name

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
        evidence=has_type("currency", "bpchar"),
    ),
)
ACTIONS = MAKERS
DIRECTIONS = (Direction.UPGRADE,)


def check(action: OnTable, at: Moment) -> Iterator[Finding]:  # noqa: ARG001 - the type alone counts
    """Look at the types of columns."""
    for name, column in columns_of(action, "bpchar"):
        yield Finding(f"{name} is a {type_name(column.type)} instead of text")
