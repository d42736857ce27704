"""AV252: a column updated_at that nothing updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import column_span
from alembic_vibe.sql.tree import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV252",
    slug="updated-at-without-trigger",
    severity=Severity.INFO,
    summary="updated_at has a default and no trigger.",
    why="A default is applied on INSERT only; each UPDATE that forgets the column leaves the old time there.",
    fix="create a BEFORE UPDATE trigger that sets it, or set it in the application (`onupdate`)",
    bad=(
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n"
        "    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP\n);"
    ),
    good=(
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n"
        "    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP\n);\n"
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n    NEW.updated_at := now();\n"
        "    RETURN NEW;\nEND\n$$;\n"
        "CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();"
    ),
)
RULES = (RULE,)

_BEFORE = 1 << 1
_UPDATE = 1 << 4  # TRIGGER_TYPE_BEFORE and TRIGGER_TYPE_UPDATE of pg_trigger.h


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Look for a BEFORE UPDATE trigger on each table with an ``updated_at``."""
    triggers = outline.on_table("CreateTrigStmt", "relation")
    for table in outline.tables.values():
        column = table.columns.get("updated_at")
        if column is None:
            continue
        nodes = (unwrap(statement.node)[1] for statement in triggers.get(table.name, ()))
        if not any(n.get("timing", 0) & _BEFORE and n.get("events", 0) & _UPDATE for n in nodes):
            yield RULE.diagnostic(
                f"nothing keeps updated_at of {table.name.name} up to date",
                source=column.statement.source,
                span=column_span(column.statement, "updated_at"),
            )
