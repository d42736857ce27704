"""AV761: a type that is dropped while the running application still names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import (
    AlterType,
    CreateDomain,
    CreateEnum,
    CreateType,
    DropColumn,
    DropTable,
    DropType,
    RenameType,
)
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("DROP TYPE order_state")
"""
GOOD = '''\
"""drop order_state

Phase: contract
"""

def upgrade() -> None:
    op.execute("DROP TYPE order_state")
'''

RULE = Rule(
    code="AV761",
    slug="drop-type",
    severity=Severity.WARNING,
    summary="A type is dropped that the running application may still name.",
    why="Drivers and ORMs write casts (`'sent'::order_state`), which fail without the type. With CASCADE the columns "
    "of the type go too.",
    fix="Drop it in a later revision whose docstring says `Phase: contract`, without CASCADE.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good="def upgrade() -> None:\n    op.execute(\"COMMENT ON TYPE order_state IS 'not used any more'\")\n",
        before="CREATE TYPE order_state AS ENUM ('new', 'sent')",
        evidence=Breaks("SELECT 'sent'::order_state"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("DROP TYPE order_state CASCADE")\n',
        good="def upgrade() -> None:\n    op.execute(\"COMMENT ON TYPE order_state IS 'not used any more'\")\n",
        before="CREATE TYPE order_state AS ENUM ('new', 'sent'); "
        "CREATE TABLE orders (id bigint PRIMARY KEY, state order_state)",
        evidence=Breaks("SELECT state FROM orders"),
    ),
)
ACTIONS = (DropType,)
HAZARDS = ("old-release-breaks",)
DIRECTIONS = (Direction.UPGRADE,)


def check(action: DropType, at: Moment) -> Iterator[Finding]:
    """Look at types that were there before under this name, and whose name nothing takes over.

    What goes with the table or the column that had the type, in the same revision, is found there.
    """
    if at.is_contract:
        return
    if at.before.made_by.get(action.type) == at.revision.id != "" or _is_replaced(action, at):
        return
    name = quote_qualified(*action.type)
    lost = [
        f"{quote_qualified(*table.name)}.{quote_identifier(column.name)}"
        for table in (at.before.tables.values() if action.cascade else ())
        if not at.is_own(table.name)
        for column in table.columns.values()
        if at.before.made_type(column.type) == action.type
    ]
    if lost:
        yield Finding(
            f"{name} is dropped with the columns that have it: {', '.join(lost)}",
            severity=Severity.ERROR,
            help="Give the columns another type, or drop them in a later revision whose docstring says `Phase: "
            "contract`.",
        )
        return
    if any(isinstance(earlier, DropTable | DropColumn | AlterType) for earlier, _ in at.transaction.actions):
        return
    yield Finding(f"{name} is dropped while the running application may still name it")


def _is_replaced(action: DropType, at: Moment) -> bool:
    """Whether the type was renamed in this transaction to make room, or another one gets its name afterwards."""
    if any(
        isinstance(earlier, RenameType)
        and action.type
        in {earlier.type._replace(name=earlier.new_name), earlier.type._replace(schema=earlier.new_schema)}
        for earlier, _ in at.transaction.actions
    ):
        return True
    for later in following(at):
        match later:
            case CreateEnum(type=name) | CreateDomain(type=name) | CreateType(type=name) if name == action.type:
                return True
            case RenameType(type=name, new_name=new_name) if name._replace(name=new_name) == action.type:
                return True
    return False
