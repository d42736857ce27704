"""AV760: a value of an enum that the running application still writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import RenameEnumValue
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql.quoting import quote_literal, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state RENAME VALUE 'sent' TO 'shipped'")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("ALTER TYPE order_state ADD VALUE 'shipped'")
    # then a release that reads both and writes the new one, and the old rows in batches
"""

RULE = Rule(
    code="AV760",
    slug="rename-enum-value",
    severity=Severity.WARNING,
    summary="A value of an enum in use is renamed.",
    why="Statements of the running application that write the old value fail at once, and it reads a value that it "
    "does not know.",
    fix="Add the new value, let a release go out that reads both and writes the new one, change the old rows in "
    "batches, and leave the old value where it is.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TYPE order_state AS ENUM ('new', 'sent'); "
        "CREATE TABLE orders (id bigint PRIMARY KEY, state order_state)",
        evidence=Breaks("INSERT INTO orders VALUES (1, 'sent')"),
    ),
)
ACTIONS = (RenameEnumValue,)
HAZARDS = ("old-release-breaks",)
DIRECTIONS = (Direction.UPGRADE,)


def check(action: RenameEnumValue, at: Moment) -> Iterator[Finding]:
    """Look at enums that were there before."""
    if at.is_contract:
        return
    if at.before.made_by.get(action.type) == at.revision.id != "":
        return
    old, new, name = quote_literal(action.label), quote_literal(action.new_label), quote_qualified(*action.type)
    yield Finding(
        f"{old} of {name} becomes {new} while the running application may write the old value",
        help=f"`ALTER TYPE {name} ADD VALUE {new}`, then a release that reads both values and writes {new}; change the "
        f"rows that have {old} in batches afterwards.",
    )
