"""AV739: a change of type or collation that builds indexes anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AlterType
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.retyping import looks_at
from alembic_vibe.lint.taken import Work
from alembic_vibe.lint.wording import column_name, listed
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.Text(collation="C"))
"""
GOOD = f"""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("code_c", sa.Text(collation="C")))
{NEXT}
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_code_c", "orders", ["code_c"], postgresql_concurrently=True)
"""
BEFORE = (
    "CREATE TABLE orders (id bigint PRIMARY KEY, code text); INSERT INTO orders VALUES (1, 'a');"
    "CREATE INDEX ix_orders_code ON orders (code);"
)

RULE = Rule(
    code="AV739",
    slug="column-type-reindex",
    severity=Severity.WARNING,
    summary="A column's change of type or collation builds its indexes anew.",
    why="The rows stay as they are, but every index over the column sorts them in another way: it is built anew, and "
    "nobody can even read the table meanwhile.",
    fix="Drop the indexes concurrently before, change the type, and build them concurrently afterwards; or add a "
    "column of the new type with indexes of its own, and drop the old one in a contract revision.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "build")),
    Example(
        bad="""\
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.Text())
""",
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_code", "orders", postgresql_concurrently=True)
# --- next revision
def upgrade() -> None:
    op.alter_column("orders", "code", type_=sa.Text())
# --- next revision
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_code", "orders", ["code"], postgresql_concurrently=True)
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(9)); INSERT INTO orders VALUES (1, 'a');"
        "CREATE INDEX ix_orders_code ON orders (lower(code));",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "build"),
    ),
)
ACTIONS = (AlterType,)
HAZARDS = ("table-rewrite", "blocking-scan", "shared-behaviour")


def check(action: AlterType, at: Moment) -> Iterator[Finding]:
    """Look at changes whose longest work is an index (``lint.types``)."""
    if max((lock.work for lock in at.locks), key=lambda work: work.rank, default=Work.NONE) is not Work.BUILD:
        return
    table = at.table(action.table)
    indexes = [
        quote_identifier(index.name)
        for index in (table.indexes.values() if table else ())
        if index.needs(action.column) or looks_at(index.predicate, action.column)
    ]
    which = listed(sorted(indexes)) if indexes else "every index over it"
    yield Finding(
        f"{column_name(action.table, action.column)} changes how it sorts: {which} must be built anew while "
        "nobody can read the table"
    )
