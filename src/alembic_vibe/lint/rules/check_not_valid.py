"""AV746: a CHECK that reads every row before anybody can use the table again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint
from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.taken import Work
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_check_constraint("orders_total_check", "orders", "total >= 0")
"""
GOOD = """\
def upgrade() -> None:
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)
    # in a later revision: op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
"""

RULE = Rule(
    code="AV746",
    slug="check-not-valid",
    severity=Severity.ERROR,
    summary="A CHECK constraint is added to a table in use without NOT VALID.",
    why="The table is locked in ACCESS EXCLUSIVE mode, so that nobody can read or write it, while every row is "
    "checked.",
    fix="Add it with `postgresql_not_valid=True`, which checks new rows only, and validate it in a later revision: "
    "`ALTER TABLE … VALIDATE CONSTRAINT …` lets readers and writers go on.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, total int); INSERT INTO orders VALUES (1, 1);"
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD CHECK (total > id)")\n',
        good='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD CHECK (total > id) NOT VALID")\n',
        before="CREATE TABLE orders (id bigint PRIMARY KEY, total int); INSERT INTO orders VALUES (1, 2);",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AddConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at checks of tables in use whose rows are read; that of a new column is another rule's."""
    spec = action.constraint
    if spec.kind != "check" or at.is_own(action.table) or added_by_call(at, action.table, spec.columns):
        return
    if not any(lock.work is Work.SCAN for lock in at.locks):
        return
    table, name = quote_qualified(*action.table), quote_identifier(spec.name)
    yield Finding(
        f"{name} is checked for every row of {table} while nobody can read or write it",
        help="Add it with `postgresql_not_valid=True` (`NOT VALID` in SQL); then, in a later revision: "
        f'`op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")`.',
    )
