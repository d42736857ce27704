"""AV758: a table whose name the running application still uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import RenameTable
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.stand_in import advice, has_just_come, has_stand_in, is_stand_in
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.rename_table("orders", "purchases")
"""
GOOD = """\
def upgrade() -> None:
    op.rename_table("orders", "purchases")
    op.execute("CREATE VIEW orders WITH (security_invoker = true) AS SELECT * FROM purchases")
"""

RULE = Rule(
    code="AV758",
    slug="rename-table",
    severity=Severity.ERROR,
    summary="A table in use is renamed, and nothing stands under its old name.",
    why="Every statement of the running application that names the table fails until the next release is everywhere.",
    fix="Make a view of the old name in the same transaction (it can be written to, too; give it the table's "
    "privileges), and drop it in a later revision whose docstring says `Phase: contract`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, note text); INSERT INTO orders VALUES (1, 'n');",
        evidence=Breaks("UPDATE orders SET note = 'o' WHERE id = 1"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders RENAME TO orders_old")\n',
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders RENAME TO orders_old")
    op.execute("ALTER TABLE orders_new RENAME TO orders")
""",
        before="CREATE TABLE orders (id int); CREATE TABLE orders_new (id bigint);",
        evidence=Breaks("SELECT id FROM orders"),
    ),
)
ACTIONS = (RenameTable,)
HAZARDS = ("old-release-breaks",)
DIRECTIONS = (Direction.UPGRADE,)


def check(action: RenameTable, at: Moment) -> Iterator[Finding]:
    """Look at tables that were there before; indexes and views may be named in ALTER TABLE too."""
    if at.is_contract or at.is_own(action.table):
        return
    if at.table(action.table) is None and (action.table in at.before.views or at.before.index(action.table)):
        return
    new = action.table._replace(name=action.new_name)
    if has_stand_in(action.table, at) or is_stand_in(new, at) or has_just_come(action.table, at):
        return
    name = quote_qualified(*action.table)
    yield Finding(
        f"{name} is renamed to {quote_identifier(action.new_name)} while the running application uses the old name",
        help=advice(action.table, new),
    )
