"""AV238: a schema that nobody creates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import locate
from alembic_vibe.sql.quoting import quote_identifier
from alembic_vibe.sql.rules.platform_object import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV238",
    slug="undefined-schema",
    severity=Severity.ERROR,
    summary="An object is made in a schema that the specification does not create.",
    why="PostgreSQL has only the schema `public` from the start.",
    fix="write `CREATE SCHEMA name;` before the first object in it",
    bad="CREATE TABLE billing.invoices (id bigint PRIMARY KEY);",
    good="CREATE SCHEMA billing;\nCREATE TABLE billing.invoices (id bigint PRIMARY KEY);",
)
RULES = (RULE,)

_EXISTING = frozenset({"public", "pg_catalog", "information_schema", "pg_temp"})


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report each such schema once, where the first object is made in it."""
    seen: dict[str, int] = {}
    for statement, keys in outline.keys:
        schema = next((key.schema for key in keys if key.schema), "")
        if not schema or schema in _EXISTING:
            continue
        # A platform's own schema is reported as such where it is used; making objects in it is our mistake to name.
        if not outline.makes(Kind.SCHEMA, schema) and (schema not in SCHEMAS or statement.node_type == "CreateStmt"):
            seen.setdefault(schema, statement.index)
    for schema, index in seen.items():
        statement = outline.statements[index]
        yield RULE.diagnostic(
            f"schema {schema} is not created anywhere",
            source=statement.source,
            span=locate(statement, schema),
            help=f"write `CREATE SCHEMA {quote_identifier(schema)};` before the first object in it",
        )
