"""AV217: MySQL's ``INDEX name (column)`` inside CREATE TABLE, which PostgreSQL takes for a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified
from alembic_vibe.sql.tree import column_name, elements, relation_name, type_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV217",
    slug="inline-index",
    severity=Severity.ERROR,
    summary="An index is declared inside CREATE TABLE, as in MySQL.",
    why="PostgreSQL reads `INDEX idx_email (email)` as a column named index of a type named idx_email.",
    fix="write `CREATE INDEX name ON table (column);` after the table; for a unique one `UNIQUE (column)` inside it",
    bad="CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email text,\n    INDEX idx_email (email)\n);",
    good=(
        "CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email text\n);\n"
        "CREATE INDEX idx_people_email ON people (email);"
    ),
)
RULES = (RULE,)
NODE_TYPES = frozenset({"CreateStmt", "AlterTableStmt"})


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report a column named ``index`` or ``key`` whose type takes names of columns as its arguments."""
    kind, node = unwrap(statement.node)
    for sort, element in elements(kind, node):
        if sort != "ColumnDef" or element.get("colname") not in {"index", "key", "fulltext"}:
            continue
        column_type = element.get("typeName", {})
        columns = [column_name(m["ColumnRef"]) for m in column_type.get("typmods", ()) if "ColumnRef" in m]
        if not columns:
            continue
        table = quote_qualified(*relation_name(node.get("relation")))
        listed = ", ".join(quote_identifier(column) for column in columns)
        name = quote_identifier(type_name(column_type).name)
        yield RULE.diagnostic(
            "an index cannot be declared inside CREATE TABLE",
            source=statement.source,
            span=token_span(statement, element.get("location", 0)),
            help=f"write `CREATE INDEX {name} ON {table} ({listed});` after it",
        )
