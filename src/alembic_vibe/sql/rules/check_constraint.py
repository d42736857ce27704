"""AV234 and AV235: CHECK constraints that look beyond their row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.immutability import CLOCK, volatile_parts
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.tree import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

USES_NOW = Rule(
    code="AV234",
    slug="check-uses-current-time",
    severity=Severity.WARNING,
    summary="A CHECK compares with the current time.",
    why=(
        "PostgreSQL accepts it, but a row that was valid when it was written becomes invalid by itself: a restored "
        "dump or a later UPDATE of another column then fails."
    ),
    fix="compare with a column (`expires_at > created_at`), or check in a trigger that runs on INSERT",
    bad="CREATE TABLE offers (\n    id bigint PRIMARY KEY,\n    ends date NOT NULL CHECK (ends > now())\n);",
    good=(
        "CREATE TABLE offers (\n    id bigint PRIMARY KEY,\n    starts date NOT NULL,\n    ends date NOT NULL,\n"
        "    CHECK (ends > starts)\n);"
    ),
)
SUBQUERY = Rule(
    code="AV235",
    slug="subquery-in-check",
    severity=Severity.ERROR,
    summary="A CHECK contains a query.",
    why="A CHECK sees one row of one table; PostgreSQL refuses: cannot use subquery in check constraint.",
    fix="use a foreign key where another table must have the row, an exclusion constraint or a trigger otherwise",
    bad="CREATE TABLE seats (\n    id bigint PRIMARY KEY,\n    hall bigint CHECK (hall IN (SELECT 1))\n);",
    good="CREATE TABLE seats (\n    id bigint PRIMARY KEY,\n    hall bigint CHECK (hall IN (1, 2))\n);",
)
RULES = (USES_NOW, SUBQUERY)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Check the expression of each CHECK constraint."""
    for table in outline.tables.values():
        for constraint in table.constraints:
            if constraint.kind != "CONSTR_CHECK":
                continue
            expression = constraint.node.get("raw_expr")
            source = constraint.statement.source
            query = next((body for kind, body in walk(expression) if kind == "SubLink"), None)
            if query is not None:
                location: int = query["location"]
                span = token_span(constraint.statement, location)
                yield SUBQUERY.diagnostic("a CHECK cannot contain a query", source=source, span=span)
                continue
            for part in volatile_parts(expression, {}):
                if part.kind == CLOCK:
                    yield USES_NOW.diagnostic(
                        f"this CHECK depends on the current time ({part.text})",
                        source=source,
                        span=token_span(constraint.statement, part.location),
                    )
                    break
