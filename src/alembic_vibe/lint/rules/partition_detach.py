"""AV776: a partition that is detached under the strongest lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import DetachPartition
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE events DETACH PARTITION events_2020")
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY")
"""

RULE = Rule(
    code="AV776",
    slug="partition-detach",
    severity=Severity.WARNING,
    summary="A partition is detached without CONCURRENTLY.",
    why="It takes an ACCESS EXCLUSIVE lock on the whole partitioned table; CONCURRENTLY locks the partition only.",
    fix="Write `DETACH PARTITION … CONCURRENTLY` inside `with op.get_context().autocommit_block():`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE events (year int NOT NULL) PARTITION BY RANGE (year); "
        "CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM (2020) TO (2021)",
        evidence=Takes("events", "ACCESS EXCLUSIVE"),
    ),
)
ACTIONS = (DetachPartition,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: DetachPartition, at: Moment) -> Iterator[Finding]:
    """Look at tables in use; a table with a DEFAULT partition has no other way (manual, ALTER TABLE)."""
    if action.concurrently or action.finalize or at.is_own(action.table) or at.is_own(action.partition):
        return
    table = at.table(action.table)
    if table is not None and any(table.partitions.values()):
        return
    yield Finding(
        f"all of {quote_qualified(*action.table)} is locked while {quote_qualified(*action.partition)} is detached"
    )
