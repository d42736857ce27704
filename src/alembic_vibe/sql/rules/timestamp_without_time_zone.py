"""AV255: timestamps without a time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV255",
    slug="timestamp-without-time-zone",
    severity=Severity.WARNING,
    summary="A timestamp has no time zone.",
    why="What it means depends on the setting of whoever wrote it; two servers in two zones store two different times.",
    fix="write timestamptz (TIMESTAMP WITH TIME ZONE); it takes the same 8 bytes",
    bad="CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    written timestamp NOT NULL\n);",
    good="CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    written timestamptz NOT NULL\n);",
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report each column of type ``timestamp``."""
    for table in outline.tables.values():
        for column in table.columns.values():
            if column.type.name == "timestamp" and column.type.schema in {"", "pg_catalog"}:
                yield RULE.diagnostic(
                    f"{table.name.name}.{column.name} is a timestamp without time zone",
                    source=column.statement.source,
                    span=token_span(column.statement, column.node["typeName"].get("location", 0)),
                )
