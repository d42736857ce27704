"""AV759: a table that leaves the schema in which the running application looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import RenameSchema, SetSchema
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.stand_in import advice, has_just_come, has_stand_in, is_stand_in
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE invoices SET SCHEMA billing")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE invoices SET SCHEMA billing")
    op.execute("CREATE VIEW invoices WITH (security_invoker = true) AS SELECT * FROM billing.invoices")
"""

RULE = Rule(
    code="AV759",
    slug="set-schema",
    severity=Severity.ERROR,
    summary="A table in use moves to another schema, and nothing stands in its old place.",
    why="Every statement of the running application that names the table fails, unless its search_path has the new "
    "schema as well.",
    fix="Make a view in the old place in the same transaction, and drop it in a later revision whose docstring says "
    "`Phase: contract`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    CREATE SCHEMA billing;
    CREATE SCHEMA books;
    CREATE TABLE invoices (id bigint PRIMARY KEY);
    CREATE TABLE books.entries (id bigint PRIMARY KEY);
"""
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Breaks("SELECT id FROM invoices")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER SCHEMA books RENAME TO accounting")\n',
        good='def upgrade() -> None:\n    op.execute("CREATE SCHEMA accounting")\n',
        before=_BEFORE,
        evidence=Breaks("SELECT id FROM books.entries"),
    ),
)
ACTIONS = (SetSchema, RenameSchema)
HAZARDS = ("old-release-breaks", "table-rewrite")
DIRECTIONS = (Direction.UPGRADE,)


def check(action: SetSchema | RenameSchema, at: Moment) -> Iterator[Finding]:
    """Look at tables that were there before."""
    if at.is_contract:
        return
    if isinstance(action, RenameSchema):
        within = [name for name in at.before.tables if name.schema == action.name and not at.is_own(name)]
        if within:
            names = ", ".join(quote_qualified(*name) for name in within)
            yield Finding(
                f"the schema {quote_identifier(action.name)} is renamed to {quote_identifier(action.new_name)} while "
                f"the running application may use {names}",
                help="Make the new schema, move one table after the other there, and leave a view in its old place.",
            )
        return
    if at.is_own(action.table) or (at.table(action.table) is None and action.table in at.before.views):
        return
    new = action.table._replace(schema=action.new_schema)
    if has_stand_in(action.table, at) or is_stand_in(new, at) or has_just_come(action.table, at):
        return
    name = quote_qualified(*action.table)
    yield Finding(
        f"{name} moves to the schema {quote_identifier(action.new_schema)} while the running application looks for it "
        f"in {quote_identifier(action.table.schema)}",
        help=advice(action.table, new),
    )
