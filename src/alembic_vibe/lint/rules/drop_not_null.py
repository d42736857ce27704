"""AV743: NULLs where the running application expects none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import DropColumn, DropNotNull, DropTable, SetNotNull
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.alter_column("orders", "status", nullable=True)
"""
GOOD = """\
def upgrade() -> None:
    op.alter_column("orders", "status", server_default="new")
"""

RULE = Rule(
    code="AV743",
    slug="drop-not-null",
    severity=Severity.WARNING,
    summary="A column may hold NULL while the application that expects none runs.",
    why="As soon as the next release writes a NULL, the running one reads it: what it computes, compares or shows with "
    "the column was never written for that.",
    fix="If rows without a value are only those that leave the column out, give it a default instead. Otherwise teach "
    "every reader about NULL first, and say so: `Phase: expand` in the docstring of the revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL)",
        evidence=Leaves(
            "SELECT NOT attnotnull FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'status'"
        ),
    ),
)
ACTIONS = (DropNotNull,)
DIRECTIONS = (Direction.UPGRADE,)
HAZARDS = ("shared-behaviour", "old-release-breaks")


def check(action: DropNotNull, at: Moment) -> Iterator[Finding]:
    """Look at columns of tables in use, in revisions that do not say in which phase of a change they are."""
    if at.revision.facts.phase or at.is_own(action.table):
        return
    table = at.table(action.table)
    column = table.columns.get(action.column) if table else None
    if column is not None and (not column.not_null or column.added_by == at.revision.id != ""):
        return
    for later in following(at):
        if isinstance(later, DropTable) and later.table == action.table:
            return
        if isinstance(later, DropColumn | SetNotNull) and (later.table, later.column) == (action.table, action.column):
            return
    yield Finding(
        f"{column_name(action.table, action.column)} may be NULL from now on, which the running application "
        "does not expect"
    )
