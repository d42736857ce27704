"""AV775: a partition that is read whole before it is attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AttachPartition, CreateTable
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.taken import Work
from alembic_vibe.sql.quoting import quote_qualified
from alembic_vibe.sql.tree import column_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.lint.schema import Table

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027)")
"""
GOOD = f'''\
def upgrade() -> None:
    op.execute("""
        ALTER TABLE events_2026 ADD CONSTRAINT events_2026_bound
        CHECK (year IS NOT NULL AND year >= 2026 AND year < 2027) NOT VALID
    """)

{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE events_2026 VALIDATE CONSTRAINT events_2026_bound")

{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM (2026) TO (2027)")
'''

RULE = Rule(
    code="AV775",
    slug="partition-attach-scan",
    severity=Severity.WARNING,
    summary="ATTACH PARTITION, or a new partition beside a DEFAULT one, reads a table whole while it is locked.",
    why="Without a valid CHECK that says the same as the bound, PostgreSQL looks at every row of the partition, and of "
    "the DEFAULT partition, under an ACCESS EXCLUSIVE lock.",
    fix="Add a CHECK that implies the bound (for the DEFAULT partition: excludes it) as NOT VALID, validate it in a "
    "later revision, then attach.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE events (year int NOT NULL) PARTITION BY RANGE (year); "
        "CREATE TABLE events_2026 (year int NOT NULL); INSERT INTO events_2026 VALUES (2026)",
        evidence=Takes("events_2026", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AttachPartition, CreateTable)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AttachPartition | CreateTable, at: Moment) -> Iterator[Finding]:
    """Look at the tables that are read under the lock, unless a valid CHECK on the partition key speaks for them."""
    parent = at.table(action.table if isinstance(action, AttachPartition) else action.partition_of or action.table)
    key = set(parent.partition_key or ()) if parent is not None else set()
    read = {name for name, default in parent.partitions.items() if default} if parent is not None else set()
    if isinstance(action, AttachPartition):
        read.add(action.partition)
    for lock in at.locks:
        if lock.work is Work.NONE or lock.table not in read:
            continue
        if not _is_checked(at.table(lock.table), key):
            yield Finding(f"every row of {quote_qualified(*lock.table)} is read while nobody can use it")


def _is_checked(table: Table | None, key: set[str]) -> bool:
    """Whether a valid CHECK speaks of all columns of the partition key: that it implies the bound is taken on trust."""
    if table is None or not key or "" in key:
        return False
    for constraint in table.constraints.values():
        if constraint.valid and constraint.spec.kind == "check" and constraint.spec.expression is not None:
            nodes = walk(constraint.spec.expression.node)
            if key <= {column_name(body) for kind, body in nodes if kind == "ColumnRef"}:
                return True
    return False
