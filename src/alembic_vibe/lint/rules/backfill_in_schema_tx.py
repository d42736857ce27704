"""AV766: rows that are changed while a table is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Delete, Insert, Update
from alembic_vibe.lint.bounds import is_one_row
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import table_name
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(3)))
    op.execute("UPDATE orders SET currency = 'EUR' WHERE currency IS NULL")
"""
GOOD = '''\
def upgrade() -> None:
    op.add_column("orders", sa.Column("currency", sa.String(3)))

# --- next revision
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("""
            DO $$
            BEGIN
                LOOP
                    UPDATE orders SET currency = 'EUR'
                    WHERE id IN (SELECT id FROM orders WHERE currency IS NULL LIMIT 1000);
                    EXIT WHEN NOT FOUND;
                    COMMIT;
                END LOOP;
            END
            $$
        """)
'''

RULE = Rule(
    code="AV766",
    slug="backfill-in-schema-tx",
    severity=Severity.ERROR,
    summary="Rows are changed in a transaction that holds a lock which stops others.",
    why="The lock of the schema change, meant to be brief, is held for as long as all the rows take.",
    fix="Put the change of rows into a revision of its own, in batches that commit, inside `autocommit_block()`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 10)",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "dml"),
    ),
)
ACTIONS = (Update, Delete, Insert)
HAZARDS = ("table-rewrite",)


def check(action: Update | Delete | Insert, at: Moment) -> Iterator[Finding]:
    """Look at changes of many rows after a statement that locked a table which others use."""
    if isinstance(action, Insert) and not action.from_query:
        return
    if isinstance(action, Update) and is_one_row(action, at.before):
        return
    if all(at.is_own(table) for table in (action.table, *action.reads)):
        return
    for table, held in at.transaction.held.items():
        if held.level >= LockLevel.SHARE and at.took(held):
            place = held.read.emitted.place
            yield Finding(
                f"{table_name(table)} stays locked ({held.level}, since line {place.line}) "
                f"while rows of {table_name(action.table)} are changed"
            )
            return
