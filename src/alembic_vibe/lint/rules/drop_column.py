"""AV755: a column that is dropped while the running application still uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn, DropColumn
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.drop_column("orders", "note")
"""
GOOD = '''\
"""drop orders.note

Phase: contract
"""

def upgrade() -> None:
    op.drop_column("orders", "note")
'''

RULE = Rule(
    code="AV755",
    slug="drop-column",
    severity=Severity.ERROR,
    summary="A column is dropped in a revision that does not say that it runs after the old release is gone.",
    why="Every statement of the running application that names the column fails at once, and so does an ORM's SELECT "
    "of all columns.",
    fix="Let a release go out first that does not use the column (if it is NOT NULL, drop that or give it a default "
    "before). Drop it in a later revision whose docstring says `Phase: contract`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good='def upgrade() -> None:\n    op.alter_column("orders", "note", nullable=True)\n',
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL); INSERT INTO orders VALUES (1, 'n');",
        evidence=Breaks("INSERT INTO orders (id, note) VALUES (2, 'n')"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD note2 text, DROP COLUMN IF EXISTS note")\n',
        good='def upgrade() -> None:\n    op.add_column("orders", sa.Column("note2", sa.Text()))\n',
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
        evidence=Breaks("SELECT note FROM orders"),
    ),
)
ACTIONS = (DropColumn,)
HAZARDS = ("data-loss", "old-release-breaks")
DIRECTIONS = (Direction.UPGRADE,)


def check(action: DropColumn, at: Moment) -> Iterator[Finding]:
    """Look at columns that were there before; one that is made anew by the same transaction keeps its name."""
    if at.is_contract or at.is_own(action.table):
        return
    table = at.table(action.table)
    column = table.columns.get(action.column) if table is not None else None
    if column is not None and column.added_by == at.revision.id != "":
        return
    if table is not None and table.complete and column is None and action.if_exists:
        return
    name = f"{quote_qualified(*action.table)}.{quote_identifier(action.column)}"
    if column is not None and column.generated and _is_made_anew(action, at):
        return
    must = column is not None and column.not_null and column.default is None and not column.identity
    yield Finding(
        f"{name} is dropped while the running application may still use it",
        help=(
            f"First `op.alter_column({action.table.name!r}, {action.column!r}, nullable=True)` and a release that does "
            if must
            else "First a release that does "
        )
        + f"not use {name}; then drop it in a later revision whose docstring says `Phase: contract`.",
    )


def _is_made_anew(action: DropColumn, at: Moment) -> bool:
    return any(
        isinstance(later, AddColumn) and later.table == action.table and later.column.name == action.column
        for later in (*at.read.actions, *following(at))
    )
