"""AV215: types of other database systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.tree import elements, type_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV215",
    slug="foreign-type",
    severity=Severity.ERROR,
    summary="The type belongs to another database system.",
    why="DATETIME, TINYINT, NVARCHAR and their like are types of MySQL, SQL Server or Oracle.",
    fix="use PostgreSQL's type: timestamptz, boolean, smallint, text, bytea …",
    bad="CREATE TABLE jobs (\n    id bigint PRIMARY KEY,\n    started DATETIME\n);",
    good="CREATE TABLE jobs (\n    id bigint PRIMARY KEY,\n    started timestamptz\n);",
)
RULES = (RULE,)
NODE_TYPES = frozenset({"CreateStmt", "AlterTableStmt"})

INSTEAD = {
    "datetime": "timestamptz", "datetime2": "timestamptz", "datetimeoffset": "timestamptz",
    "smalldatetime": "timestamptz",
    "tinyint": "boolean or smallint", "mediumint": "integer", "number": "numeric", "double": "double precision",
    "tinytext": "text", "mediumtext": "text", "longtext": "text", "clob": "text", "nvarchar": "text or varchar(n)",
    "varchar2": "text or varchar(n)", "nvarchar2": "text or varchar(n)", "nclob": "text", "string": "text",
    "blob": "bytea", "tinyblob": "bytea", "mediumblob": "bytea", "longblob": "bytea", "varbinary": "bytea",
    "binary": "bytea", "uniqueidentifier": "uuid", "guid": "uuid", "year": "smallint", "object": "jsonb",
}  # fmt: skip


def instead(name: str) -> str:
    """Return the advice for a foreign type."""
    return f"write {INSTEAD[name.lower()]}"


def check(statement: Statement, outline: Outline) -> Iterator[Diagnostic]:
    """Report columns of a foreign type, unless the spec makes a type of that name itself."""
    kind, node = unwrap(statement.node)
    for sort, element in elements(kind, node):
        column_type = element.get("typeName", {})
        if sort != "ColumnDef" or len(column_type.get("names", ())) != 1:  # PostgreSQL's own types are qualified
            continue
        name = type_name(column_type)
        if name.name not in INSTEAD:
            continue
        if any(key.name == name.name for key in outline.made):
            continue
        yield RULE.diagnostic(
            f"{name.name.upper()} is no type of PostgreSQL",
            source=statement.source,
            span=token_span(statement, element["typeName"].get("location", 0)),
            help=instead(name.name),
        )
