"""AV757: a column whose name the running application still uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import RenameColumn
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.alter_column("orders", "note", new_column_name="remark")
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("remark", sa.Text()))
    # then a trigger that keeps both alike, the old rows in batches, a release that uses remark only,
    # and a last revision with `Phase: contract` that drops note
"""

RULE = Rule(
    code="AV757",
    slug="rename-column",
    severity=Severity.ERROR,
    summary="A column in use is renamed.",
    why="No release can know both names: every statement of the running application that names the column fails until "
    "the next release is everywhere, and those of the next release fail before.",
    fix="Add a new column, write both for one release (a trigger, or the application), fill the old rows in batches, "
    "and drop the old one in a later revision whose docstring says `Phase: contract`. Often the simplest way is to "
    "rename "
    'only the attribute of the model: `Mapped[str] = mapped_column("note")`.',
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text); INSERT INTO orders VALUES (1, 'n');",
        evidence=Breaks("SELECT note FROM orders"),
    ),
)
ACTIONS = (RenameColumn,)
HAZARDS = ("old-release-breaks",)
DIRECTIONS = (Direction.UPGRADE,)


def check(action: RenameColumn, at: Moment) -> Iterator[Finding]:
    """Look at columns that were there before, unless another one takes the name at once."""
    if at.is_contract or at.is_own(action.table):
        return
    table = at.table(action.table)
    if table is None and action.table in at.before.views:
        return
    column = table.columns.get(action.column) if table is not None else None
    if column is not None and column.added_by == at.revision.id != "":
        return
    if _took_the_place(action, at) or _is_replaced(action, at):
        return
    old, new = quote_identifier(action.column), quote_identifier(action.new_name)
    yield Finding(
        f"{quote_qualified(*action.table)}.{old} is renamed to {new} while the running application uses the old name",
        help=f"Add {new} as a new column, keep both alike by a trigger, fill the old rows in batches, and drop {old} "
        "in a later revision whose docstring says `Phase: contract`. Or rename only the attribute of the model: "
        f"`mapped_column({action.column!r})`.",
    )


def _is_replaced(action: RenameColumn, at: Moment) -> bool:
    """Whether another column gets the old name later in the same function: two columns change places."""
    return any(
        isinstance(later, RenameColumn) and (later.table, later.new_name) == (action.table, action.column)
        for later in following(at)
    )


def _took_the_place(action: RenameColumn, at: Moment) -> bool:
    """Whether the column takes the name of one that went away in this transaction."""
    return any(
        isinstance(earlier, RenameColumn) and (earlier.table, earlier.column) == (action.table, action.new_name)
        for earlier, _ in at.transaction.actions
    )
