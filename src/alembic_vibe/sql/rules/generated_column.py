"""AV233: a generated column that depends on more than its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.immutability import volatile_parts
from alembic_vibe.sql.locate import token_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV233",
    slug="non-immutable-generated-column",
    severity=Severity.ERROR,
    summary="A generated column depends on the clock or on a setting of the session.",
    why="PostgreSQL refuses: generation expression is not immutable. The one-argument to_tsvector() is the usual case.",
    fix="name the text search configuration: `to_tsvector('english', …)`; for times fix the time zone",
    bad=(
        "CREATE TABLE posts (\n    id bigint PRIMARY KEY,\n    body text NOT NULL,\n"
        "    search tsvector GENERATED ALWAYS AS (to_tsvector(body)) STORED\n);"
    ),
    good=(
        "CREATE TABLE posts (\n    id bigint PRIMARY KEY,\n    body text NOT NULL,\n"
        "    search tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED\n);"
    ),
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Check the expression of each generated column."""
    for table in outline.tables.values():
        types = {c.name: c.type.name for c in table.columns.values() if not c.is_array}
        for constraint in table.constraints:
            if constraint.kind != "CONSTR_GENERATED":
                continue
            for part in volatile_parts(constraint.node.get("raw_expr"), types)[:1]:
                if part.kind == "date comparison":
                    continue
                yield RULE.diagnostic(
                    f"{part.text} in a generated column is not immutable: {part.reason}",
                    source=constraint.statement.source,
                    span=token_span(constraint.statement, part.location),
                    help=part.instead or "compute it in a trigger, or in the query",
                )
