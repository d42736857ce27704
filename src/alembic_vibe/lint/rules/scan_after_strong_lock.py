"""AV770: a second table while the first one is still locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Action, OnTable, Select
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.taken import Work
from alembic_vibe.lint.wording import table_name
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.model import Read
    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
    op.execute("ALTER TABLE customers VALIDATE CONSTRAINT customers_name_check")
"""
GOOD = f"""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))

{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE customers VALIDATE CONSTRAINT customers_name_check")
"""

RULE = Rule(
    code="AV770",
    slug="scan-after-strong-lock",
    severity=Severity.WARNING,
    summary="A statement that waits or takes long runs while another table is locked.",
    why="The first table stays locked for all the time that the second statement waits for its own lock or works.",
    fix="Give each table a revision of its own, so that each lock is let go at once.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY); "
        "CREATE TABLE customers (id bigint PRIMARY KEY, name text); "
        "ALTER TABLE customers ADD CONSTRAINT customers_name_check CHECK (name <> '') NOT VALID",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "held"),
    ),
)
ACTIONS = (Action,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: Action, at: Moment) -> Iterator[Finding]:
    """Look at locks and long work on one table while nobody can read another one, in the same transaction.

    What is made or dropped by the revision itself locks the tables that it refers to; that is brief and has no other
    way. A statement that does no long work is harmless where both time-outs limit how long it can wait and run; where
    each statement commits, that for locks is enough.
    """
    if isinstance(action, OnTable) and at.is_own(action.table):
        return
    limited = at.transaction.lock_timeout and (at.transaction.statement_timeout or at.transaction.autocommit)
    for lock in at.locks:
        if isinstance(action, Select) and at.table(lock.table) is None:
            continue  # a sequence or a view
        works = lock.work is not Work.NONE
        if not works and (lock.level < LockLevel.SHARE or limited):
            continue
        for table, held in at.transaction.held.items():
            if table == lock.table or held.level < LockLevel.ACCESS_EXCLUSIVE or held.read is at.read:
                continue
            if held.read.emitted.place == at.read.emitted.place and _is_same(action, held.read):
                continue  # one operation: a foreign key locks both of its tables
            if at.took(held) and at.transaction.once(RULE.slug):
                yield Finding(
                    f"{table_name(table)} stays locked ({held.level}, since line {held.read.emitted.place.line}) "
                    f"while {table_name(lock.table)} is {'worked through' if works else 'waited for'}"
                )
            return


def _is_same(action: Action, earlier: Read) -> bool:
    """Whether a statement of the same call is about the same table: not another round of a loop over tables."""
    tables = {one.table for one in earlier.actions if isinstance(one, OnTable)}
    return not isinstance(action, OnTable) or not tables or action.table in tables
