"""AV259: an index without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import head_span
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV259",
    slug="unnamed-index",
    severity=Severity.INFO,
    summary="An index has no name.",
    why="PostgreSQL makes one up, and it changes with the columns; a plan cannot tell a changed index from a new one.",
    fix="name the index: `CREATE INDEX idx_table_column ON …`",
    bad="CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    day date NOT NULL\n);\nCREATE INDEX ON notes (day);",
    good=(
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    day date NOT NULL\n);\n"
        "CREATE INDEX idx_notes_day ON notes (day);"
    ),
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report CREATE INDEX without a name."""
    for index in outline.indexes:
        if not index.name:
            name = quote_identifier("_".join(["idx", index.table.name, *(c or "expression" for c in index.columns)]))
            yield RULE.diagnostic(
                f"an index on {index.table.name} has no name",
                source=index.statement.source,
                span=head_span(index.statement),
                help=f"write `CREATE INDEX {name} ON …`",
            )
