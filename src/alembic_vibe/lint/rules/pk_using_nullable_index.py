"""AV750: a primary key on an index whose columns may be NULL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.proofs import is_not_null, is_proven_not_null
from alembic_vibe.lint.taken import Work
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_number_key")
"""
GOOD = """\
def upgrade() -> None:
    op.create_check_constraint("orders_number_set", "orders", "number IS NOT NULL", postgresql_not_valid=True)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_number_set")
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_number_key")
    op.drop_constraint("orders_number_set", "orders")
"""

RULE = Rule(
    code="AV750",
    slug="pk-using-nullable-index",
    severity=Severity.WARNING,
    summary="A primary key takes over an index whose columns are not known to be NOT NULL.",
    why="PostgreSQL makes the columns NOT NULL by itself, and reads the whole table for that under an ACCESS EXCLUSIVE "
    "lock.",
    fix="Prove it first: add `CHECK (column IS NOT NULL)` with NOT VALID, validate it in a later revision, and add the "
    "primary key after that; it then takes a moment.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint, number int); INSERT INTO orders VALUES (1, 1); "
        "CREATE UNIQUE INDEX orders_number_key ON orders (number)",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AddConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at primary keys that take over an index of a table in use and read its rows."""
    spec = action.constraint
    if spec.kind != "primary" or not spec.using_index or at.is_own(action.table):
        return
    if not any(lock.work is Work.SCAN for lock in at.locks):
        return
    table, index = quote_qualified(*action.table), quote_identifier(spec.using_index)
    known = at.table(action.table)
    own = known.indexes.get(spec.using_index) if known is not None else None
    columns = [
        column
        for column in (own.columns if known is not None and own is not None else ())
        if known is not None and not (is_not_null(known, column) or is_proven_not_null(known, column))
    ]
    named = ", ".join(quote_identifier(column) for column in columns)
    what = f"{named} of {index} may be NULL" if columns else f"whether the columns of {index} are NOT NULL is not known"
    yield Finding(
        f"{what}: {table} is read whole while nobody can use it",
        help=" ".join(
            f"Before: `ALTER TABLE {table} ADD CHECK ({quote_identifier(column)} IS NOT NULL) NOT VALID`, validated in "
            "a later revision."
            for column in columns
        )
        or None,
    )
