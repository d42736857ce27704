"""AV258: a table without a primary key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV258",
    slug="table-without-primary-key",
    severity=Severity.WARNING,
    summary="A table has no primary key.",
    why="A row without a key cannot be named: not by an ORM, not by logical replication, not by whoever repairs data.",
    fix="declare a primary key; for a pure junction table the pair of its foreign keys",
    bad="CREATE TABLE notes (body text NOT NULL);",
    good="CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    body text NOT NULL\n);",
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Look for a primary key in each table that does not get its columns from another."""
    for table in outline.tables.values():
        if table.takes_columns_from or any(c.kind == "CONSTR_PRIMARY" for c in table.constraints):
            continue
        yield RULE.diagnostic(
            f"table {table.name.name} has no primary key",
            source=table.statement.source,
            span=locate(table.statement, table.name.name),
        )
