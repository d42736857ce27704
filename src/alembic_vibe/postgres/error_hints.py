"""What to write instead: words of other databases, and conditions that change with the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.postgres import error_rules as rules
from alembic_vibe.sql import tree

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Rule
    from alembic_vibe.sql.statement import Statement

# Types of MySQL, SQL Server, Oracle and SQLite, and what PostgreSQL has for them.
_TYPES = {
    "datetime": "timestamptz (or timestamp for local times)",
    "datetime2": "timestamptz",
    "smalldatetime": "timestamptz",
    "datetimeoffset": "timestamptz",
    "tinyint": "smallint (boolean for yes and no)",
    "mediumint": "integer",
    "unsigned": "bigint, with CHECK (… >= 0)",
    "double": "double precision",
    "number": "numeric",
    "tinytext": "text",
    "mediumtext": "text",
    "longtext": "text",
    "clob": "text",
    "ntext": "text",
    "string": "text",
    "varchar2": "varchar",
    "nvarchar": "varchar",
    "nvarchar2": "varchar",
    "nchar": "char",
    "blob": "bytea",
    "tinyblob": "bytea",
    "mediumblob": "bytea",
    "longblob": "bytea",
    "binary": "bytea",
    "varbinary": "bytea",
    "image": "bytea",
    "raw": "bytea",
    "year": "smallint",
    "uniqueidentifier": "uuid",
    "guid": "uuid",
    "autoincrement": "GENERATED ALWAYS AS IDENTITY",
    "rowversion": "bigint, counted by a trigger",
    "set": "an array of an enum type",
}
_ENUM = "a type of its own: CREATE TYPE order_status AS ENUM ('open', 'paid'); then name that type in the column"


def type_help(name: str) -> str | None:
    """Return what to write for a type of another database, if it is one."""
    lower = name.lower()
    if lower == "enum":
        return f"PostgreSQL's enumerations are {_ENUM}."
    if lower in _TYPES:
        return f"PostgreSQL's type for this is {_TYPES[lower]}."
    if lower.startswith(("idx", "ix_")) or lower.endswith("_idx"):
        return "Indexes stand outside of the table in PostgreSQL: CREATE INDEX name ON table (column);"
    return None


def immutable_help(rule: Rule, statement: Statement, word: str) -> str | None:
    """Return what to write for an index or generated column that depends on the time or a setting."""
    node = statement.node.get("IndexStmt", {})
    if rule is rules.PREDICATE_NOT_IMMUTABLE and node:
        keys = [item.get("IndexElem", {}).get("name", "") for item in node.get("indexParams", ())]
        extra = [tree.column_name(body) for kind, body in tree.walk(node.get("whereClause")) if kind == "ColumnRef"]
        columns = [name for name in dict.fromkeys((*keys, *reversed(extra))) if name]
        table = tree.relation_name(node.get("relation"))
        if all(keys) and columns and word.lower() not in {"cast", "::"}:
            return (
                f"Leave the time to the query, and index the column that it is compared with: "
                f"CREATE INDEX … ON {table} ({', '.join(columns)});"
            )
    if rule is rules.INDEX_NOT_IMMUTABLE and word.lower() in {"lower", "upper", "unaccent"}:
        return f"Wrap {word}() in an IMMUTABLE function of your own, and index that."
    return None
