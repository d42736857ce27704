"""AV778: maintenance that stops the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import LockTable, RefreshView, RewriteTable
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.locks import LockLevel
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE sessions SET LOGGED")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE sessions SET (fillfactor = 90)")
"""

RULE = Rule(
    code="AV778",
    slug="heavy-maintenance",
    severity=Severity.ERROR,
    summary="A table is written anew, or locked by hand.",
    why="VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, REFRESH MATERIALIZED VIEW and LOCK TABLE hold an ACCESS "
    "EXCLUSIVE lock for as long as the work takes: nobody reads or writes meanwhile.",
    fix="Keep maintenance out of revisions, or use what works beside the application: pg_repack, "
    "`REFRESH MATERIALIZED VIEW CONCURRENTLY`, a maintenance window.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE UNLOGGED TABLE sessions (id bigint PRIMARY KEY)",
        evidence=Takes("sessions", "ACCESS EXCLUSIVE", "rewrite"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("REFRESH MATERIALIZED VIEW totals")\n',
        good='def upgrade() -> None:\n    op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")\n',
        before="CREATE TABLE orders (id bigint PRIMARY KEY); "
        "CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS many FROM orders; CREATE UNIQUE INDEX ON totals (many)",
        evidence=Takes("totals", "ACCESS EXCLUSIVE"),
    ),
    Example(
        bad='def upgrade() -> None:\n    op.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")\n',
        good='def upgrade() -> None:\n    op.execute("LOCK TABLE orders IN ROW SHARE MODE")\n',
        before="CREATE TABLE orders (id bigint PRIMARY KEY)",
        evidence=Takes("orders", "ACCESS EXCLUSIVE"),
    ),
)
ACTIONS = (RewriteTable, LockTable, RefreshView)
HAZARDS = ("table-rewrite",)


def check(action: RewriteTable | LockTable | RefreshView, at: Moment) -> Iterator[Finding]:
    """Look at tables and views that were there before the revision."""
    if isinstance(action, RefreshView):
        if not action.concurrently and at.before.made_by.get(action.view) != at.revision.id:
            yield Finding(
                f"nobody can read {quote_qualified(*action.view)} while it is filled anew",
                help=f"With a unique index on it, `REFRESH MATERIALIZED VIEW CONCURRENTLY "
                f"{quote_qualified(*action.view)}` lets readers go on.",
            )
    elif at.is_own(action.table):
        return
    elif isinstance(action, RewriteTable):
        yield Finding(f"{action.how} writes {quote_qualified(*action.table)} anew while nobody can use it")
    elif action.mode >= LockLevel.SHARE:
        level = LockLevel(action.mode)
        yield Finding(f"{level.blocks} on {quote_qualified(*action.table)} wait until the transaction ends")
