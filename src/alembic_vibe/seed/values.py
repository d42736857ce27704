"""Seed values as text that PostgreSQL reads, and what the columns are that take them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.seed.model import Value

# Types without an equality operator: rows are found by the text of such a value.
_INCOMPARABLE = ("json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle")
_COLUMNS = """
WITH RECURSIVE base AS (
    SELECT a.attnum, t.oid, t.typbasetype, t.typname FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attrelid = %(table)s AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attnum, t.oid, t.typbasetype, t.typname FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.typbasetype
    WHERE b.typbasetype <> 0
)
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typcategory = 'A', b.typname, a.attnotnull,
       a.attidentity = 'a'
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN base b ON b.attnum = a.attnum AND b.typbasetype = 0 WHERE a.attrelid = %(table)s ORDER BY a.attnum
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A column that takes seed values."""

    name: str
    type: str  # as format_type prints it
    array: bool
    json: bool  # json, jsonb, or a domain over one
    not_null: bool
    always: bool  # GENERATED ALWAYS AS IDENTITY
    comparable: bool


def read_targets(connection: Connection[Any], table: Key) -> dict[str, Target]:
    """Return the columns of a table by name; nothing where there is no such table."""
    row = connection.execute(
        "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'p')",
        (table.schema, table.name),
    ).fetchone()
    if row is None:
        return {}
    return {
        name: Target(name, text, array, base in {"json", "jsonb"}, not_null, always, base not in _INCOMPARABLE)
        for name, text, array, base, not_null, always in connection.execute(_COLUMNS, {"table": row[0]}).fetchall()
    }


def as_text(value: Value, target: Target) -> str | None:
    """Return the text that PostgreSQL reads a value of the column's type from."""
    if value is None:
        return None
    if target.json and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if target.array and isinstance(value, list):
        return _array(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _array(items: list[Any]) -> str:
    return "{" + ",".join(_element(item) for item in items) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return _array(value)
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
