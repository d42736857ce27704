"""AV742: a default that the running application relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddIdentity, DropColumn, DropDefault, DropTable, SetDefault
from alembic_vibe.lint.ahead import following, preceding
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("status", sa.Text(), nullable=False, server_default="new"))
    op.alter_column("orders", "status", server_default=None)
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("status", sa.Text(), nullable=False, server_default="new"))
"""

RULE = Rule(
    code="AV742",
    slug="drop-default",
    severity=Severity.WARNING,
    summary="A column loses its default while the application runs.",
    why="The running release inserts rows without the column: from now on they fail if it is NOT NULL, or hold NULL.",
    fix="Keep the default until no release relies on it, and drop it in a contract revision (`Phase: contract` in its "
    "docstring).",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY)",
        evidence=Breaks("INSERT INTO orders (id) VALUES (2)"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ALTER status DROP DEFAULT")\n',
        good="def upgrade() -> None:\n    op.execute(\"ALTER TABLE orders ALTER status SET DEFAULT 'open'\")\n",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, status text NOT NULL DEFAULT 'new')",
        evidence=Breaks("INSERT INTO orders (id) VALUES (2)"),
    ),
)
ACTIONS = (DropDefault,)
DIRECTIONS = (Direction.UPGRADE,)
HAZARDS = ("shared-behaviour", "old-release-breaks")


def check(action: DropDefault, at: Moment) -> Iterator[Finding]:
    """Look at defaults that were there before, and at those of new columns that cannot do without."""
    if at.is_contract or at.is_own(action.table):
        return
    table = at.table(action.table)
    column = table.columns.get(action.column) if table else None
    known = column is not None and table is not None and not table.in_doubt
    is_new = column is not None and column.added_by == at.revision.id != ""
    if known and column is not None and (column.default is None or (is_new and not column.not_null)):
        return
    if any(_replaces(one, action) for one in (*at.read.actions, *following(at))):
        return
    if any(isinstance(one, SetDefault) and _same(one, action) for one in preceding(at)) and not is_new:
        return  # the revision itself has set it, for as long as it ran
    name = column_name(action.table, action.column)
    if column is not None and column.not_null:
        yield Finding(
            f"INSERTs of the running application that leave {name} out fail without its default",
            severity=Severity.ERROR if is_new else None,
        )
    elif column is not None:
        yield Finding(f"INSERTs of the running application that leave {name} out store NULL without its default")
    else:
        yield Finding(
            f"INSERTs of the running application that leave {name} out fail or store NULL without its default"
        )


def _replaces(later: Action, action: DropDefault) -> bool:
    """Whether the column gets its values in another way by the end, or is gone."""
    if isinstance(later, DropTable):
        return later.table == action.table
    return isinstance(later, SetDefault | AddIdentity | DropColumn) and _same(later, action)


def _same(one: SetDefault | AddIdentity | DropColumn, action: DropDefault) -> bool:
    return (one.table, one.column) == (action.table, action.column)
