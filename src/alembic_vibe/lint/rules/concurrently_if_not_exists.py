"""AV723: IF NOT EXISTS takes a broken index for a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import CreateIndex
from alembic_vibe.lint.ahead import preceding
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.retrying import makes_room
from alembic_vibe.lint.wording import table_name
from alembic_vibe.sql.quoting import quote_identifier
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_orders_customer", "orders", ["customer_id"], if_not_exists=True, postgresql_concurrently=True
        )
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_customer", "orders", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""

RULE = Rule(
    code="AV723",
    slug="concurrently-if-not-exists",
    severity=Severity.WARNING,
    summary="An index is built concurrently with IF NOT EXISTS.",
    why="A build that fails or is cancelled leaves an invalid index behind: no query uses it, a unique one need not "
    "hold. The next run finds its name and goes on as if all were well.",
    fix="Drop it before: `DROP INDEX CONCURRENTLY IF EXISTS …`, then create it without IF NOT EXISTS.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        # What a first run leaves that was cancelled while it built the index.
        before="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);"
        "CREATE INDEX ix_orders_customer ON orders (customer_id);"
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_orders_customer'::regclass;",
        evidence=Leaves("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'ix_orders_customer'::regclass"),
    ),
)
ACTIONS = (CreateIndex,)


def check(action: CreateIndex, at: Moment) -> Iterator[Finding]:
    """Look at indexes of tables in use that are not dropped before."""
    if not (action.concurrently and action.if_not_exists) or at.is_own(action.table):
        return
    if makes_room(preceding(at), action):
        return
    name = quote_identifier(action.name)
    dropped = table_name(QualifiedName(action.table.schema, action.name))
    yield Finding(
        f"IF NOT EXISTS keeps {name} even if an earlier run has left it invalid",
        help=f"Before it, in the same block, `DROP INDEX CONCURRENTLY IF EXISTS {dropped}`; then create it without "
        "IF NOT EXISTS.",
    )
