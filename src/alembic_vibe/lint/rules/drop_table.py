"""AV756: a table that is dropped while the running application still uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import CreateView, DropSchema, DropTable, RenameTable
from alembic_vibe.lint.ahead import following
from alembic_vibe.lint.examples import Breaks, Example
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.drop_table("invoices")
"""
GOOD = '''\
"""drop invoices

Phase: contract
"""

def upgrade() -> None:
    op.drop_table("invoices")
'''

RULE = Rule(
    code="AV756",
    slug="drop-table",
    severity=Severity.ERROR,
    summary="A table is dropped in a revision that does not say that it runs after the old release is gone.",
    why="Every statement of the running application that names the table fails at once. DROP TABLE also locks the "
    "tables to which its foreign keys refer, so that nobody can read or write those.",
    fix="Drop its foreign keys, and let a release go out that does not use the table. Drop it in a later revision "
    "whose docstring says `Phase: contract`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    CREATE TABLE customers (id bigint PRIMARY KEY);
    CREATE TABLE invoices (id bigint PRIMARY KEY, customer_id bigint CONSTRAINT invoices_customer REFERENCES customers);
    CREATE SCHEMA billing;
    CREATE TABLE billing.bills (id bigint PRIMARY KEY);
"""
_FIRST = """\
def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint("invoices_customer", "invoices", type_="foreignkey")
"""
EXAMPLES = (
    Example(bad=BAD, good=_FIRST, before=_BEFORE, evidence=Breaks("SELECT id FROM invoices")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("DROP SCHEMA billing CASCADE")\n',
        good='def upgrade() -> None:\n    op.execute("CREATE SCHEMA IF NOT EXISTS billing")\n',
        before=_BEFORE,
        evidence=Breaks("SELECT id FROM billing.bills"),
    ),
)
ACTIONS = (DropTable, DropSchema)
OF_BATCHES = "_alembic_tmp_"  # what a batch of Alembic leaves behind when it fails on another database
HAZARDS = ("data-loss", "old-release-breaks")
DIRECTIONS = (Direction.UPGRADE,)


def check(action: DropTable | DropSchema, at: Moment) -> Iterator[Finding]:
    """Look at tables that were there before, unless another one takes the name in the same transaction."""
    if at.is_contract:
        return
    if isinstance(action, DropSchema):
        within = [name for name in at.before.tables if name.schema == action.name and not at.is_own(name)]
        if action.cascade and within:
            names = ", ".join(quote_qualified(*name) for name in within)
            yield Finding(
                f"the schema {quote_identifier(action.name)} is dropped with {names}, which the running application "
                "may still use"
            )
        return
    if at.is_own(action.table) or action.table.name.startswith(OF_BATCHES) or _is_replaced(action, at):
        return
    table = at.table(action.table)
    name = quote_qualified(*action.table)
    parents = sorted(
        {
            quote_qualified(*constraint.spec.references)
            for constraint in (table.constraints.values() if table is not None else ())
            if constraint.spec.references not in {None, action.table} and constraint.spec.references is not None
        }
    )
    yield Finding(
        f"{name} is dropped while the running application may still use it",
        notes=(f"{', '.join(parents)}: locked as well, since {name} refers to it",) if parents else (),
        help=f"First {'drop its foreign keys and let' if parents else 'let'} a release go out that does not use "
        f"{name}; then drop it in a later revision whose docstring says `Phase: contract`.",
    )


def _is_replaced(action: DropTable, at: Moment) -> bool:
    """Whether a view or another table takes the name afterwards; a new, empty table is no replacement."""
    for later in following(at):
        match later:
            case CreateView(view=name) if name == action.table:
                return True
            case RenameTable(table=name, new_name=new_name) if name._replace(name=new_name) == action.table:
                return True
    return False
