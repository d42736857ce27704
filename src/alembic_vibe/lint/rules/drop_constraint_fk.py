"""AV753: a foreign key that is dropped locks two tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import DropConstraint
from alembic_vibe.lint.examples import Example, Takes, Told
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
"""

RULE = Rule(
    code="AV753",
    slug="drop-constraint-fk",
    severity=Severity.WARNING,
    summary="A foreign key is dropped without a lock_timeout.",
    why="DROP CONSTRAINT of a foreign key locks both tables in ACCESS EXCLUSIVE mode. While it waits for the second "
    "one, nobody can use the first, and everybody queues up behind it.",
    fix="Drop it in a revision of its own that begins with `op.execute(\"SET LOCAL lock_timeout = '2s'\")`, and run "
    "that again when it gives up.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    CREATE TABLE customers (id bigint PRIMARY KEY);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);
    CREATE INDEX orders_customer_id_idx ON orders (customer_id);
"""
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before=_BEFORE,
        evidence=Told("the locks are the same; how long they are waited for needs a second session"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
    op.create_foreign_key(
        "orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"],
        ondelete="CASCADE", postgresql_not_valid=True,
    )
""",
        good="""\
def upgrade() -> None:
    op.create_foreign_key(
        "orders_customer_id_fkey1", "orders", "customers", ["customer_id"], ["id"],
        ondelete="CASCADE", postgresql_not_valid=True,
    )
""",
        before=_BEFORE,
        evidence=Takes("customers", "ACCESS EXCLUSIVE"),
    ),
)
ACTIONS = (DropConstraint,)
_LIKELY = re.compile(r"(^|_)fk(ey)?\d*(_|$)", re.IGNORECASE)


def check(action: DropConstraint, at: Moment) -> Iterator[Finding]:
    """Look at foreign keys of tables in use; one that the chain does not know is told by its name.

    With a lock_timeout for all revisions it is worth knowing, no more.
    """
    limited = bool(at.transaction.lock_timeout)
    if at.is_own(action.table) or (limited and (at.direction is Direction.DOWNGRADE or _limits_itself(at))):
        return
    table = at.table(action.table)
    known = table.constraints.get(action.name) if table is not None else None
    if known is not None and known.spec.kind != "foreign":
        return
    if known is None and ((table is not None and action.if_exists) or not _LIKELY.search(action.name)):
        return
    parent = known.spec.references if known is not None else None
    if parent is not None and (parent == action.table or at.is_own(parent)):
        return
    other = quote_qualified(*parent) if parent else "the table that it refers to"
    yield Finding(
        f"dropping {quote_identifier(action.name)} locks {quote_qualified(*action.table)} and {other}: nobody can read "
        f"or write either{'' if limited else ', and nothing limits the wait'}",
        severity=Severity.INFO if limited else None,
    )


def _limits_itself(at: Moment) -> bool:
    """Whether the revision sets a lock_timeout of its own: its author knows of the lock."""
    return at.rendering is None or any("lock_timeout" in emitted.sql for emitted in at.rendering.statements)
