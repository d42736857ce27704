"""AV751: an exclusion constraint on a table in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE bookings ADD CONSTRAINT bookings_apart EXCLUDE USING gist (during WITH &&)")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("CREATE TABLE bookings_apart (LIKE bookings, EXCLUDE USING gist (during WITH &&))")
    # then write to both tables, copy the rows in batches, and let the new one take the old one's name
"""

RULE = Rule(
    code="AV751",
    slug="exclusion-constraint",
    severity=Severity.ERROR,
    summary="An exclusion constraint is added to a table in use.",
    why="Its index is built under an ACCESS EXCLUSIVE lock: nobody can read or write the table. There is no concurrent "
    "way, and neither NOT VALID nor USING INDEX.",
    fix="Make the constraint with a new table and move the rows there, or take a maintenance window and say so: "
    '`# vibe: ignore[exclusion-constraint] reason="…"`.',
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE bookings (id bigint, during daterange); "
        "INSERT INTO bookings VALUES (1, '[2026-01-01,2026-01-03)')",
        evidence=Takes("bookings", "ACCESS EXCLUSIVE", "build"),
    ),
)
ACTIONS = (AddConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at exclusion constraints of tables in use."""
    if action.constraint.kind != "exclude" or at.is_own(action.table):
        return
    yield Finding(
        f"the index of {quote_identifier(action.constraint.name)} is built while nobody can read or write "
        f"{quote_qualified(*action.table)}"
    )
