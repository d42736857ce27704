"""``vibe_seed_state``: what earlier runs saw of each seed row, kept in the database that the rows are in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.bookkeeping import IS_VERSION_TABLE, SEED_STATE
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.seed.merging import Memory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import Connection, sql


_CREATE = """
CREATE TABLE IF NOT EXISTS {} (
    table_name text NOT NULL,
    row_key text NOT NULL,
    hash jsonb NOT NULL,
    PRIMARY KEY (table_name, row_key)
)
"""
_REMEMBER = """
INSERT INTO {} AS s (table_name, row_key, hash)
SELECT %s, r.row_key, r.hash FROM pg_catalog.json_to_recordset(%s::json) AS r (row_key text, hash jsonb)
ON CONFLICT (table_name, row_key) DO UPDATE SET hash = excluded.hash WHERE s.hash IS DISTINCT FROM excluded.hash
"""
_PLACES = """
SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND {} ORDER BY n.nspname <> 'public', n.nspname
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a row. ``values``: its key as the database had it, where the key itself is an expression."""

    memory: Memory
    values: tuple[str | None, ...] | None = None


class State:
    """The table, wherever it is: beside Alembic's version table, whatever the account's search_path says."""

    def __init__(self, connection: Connection[Any], schema: str, *, exists: bool) -> None:
        self._connection = connection
        self.schema = schema
        self.exists = exists

    @classmethod
    def find(cls, connection: Connection[Any]) -> State:
        """Look for the table, and for the schema that it belongs to."""
        there = [row[0] for row in connection.execute(_PLACES.format("c.relname = %s"), (SEED_STATE,)).fetchall()]
        versions = [row[0] for row in connection.execute(_PLACES.format(IS_VERSION_TABLE)).fetchall()]
        home = versions[0] if versions else _usual_schema(connection)
        if home in there or not there:
            return cls(connection, home, exists=home in there)
        return cls(connection, there[0], exists=True)

    @property
    def _relation(self) -> sql.Composable:
        from psycopg import sql

        return sql.Identifier(self.schema, SEED_STATE)

    def create(self) -> None:
        """Make the table where it is missing."""
        from psycopg import sql

        if not self.exists:
            self._connection.execute(sql.SQL(_CREATE).format(self._relation))
            self.exists = True

    def read(self, table: Key) -> dict[str, Entry]:
        """Return what is known of a table's rows, by their keys."""
        from psycopg import sql

        if not self.exists:
            return {}
        query = sql.SQL("SELECT row_key, hash FROM {} WHERE table_name = %s").format(self._relation)
        rows = self._connection.execute(query, (table.qualified,)).fetchall()
        return {row_key: _decode(content) for row_key, content in rows}

    def tables(self) -> dict[Key, int]:
        """Return how many rows are known of each table that is still there; not those of revisions."""
        from psycopg import sql

        if not self.exists:
            return {}
        query = sql.SQL("SELECT table_name, count(*) FROM {} WHERE table_name !~ '^revision ' GROUP BY 1 ORDER BY 1")
        found = {}
        for name, count in self._connection.execute(query.format(self._relation)).fetchall():
            schema, _, table = name.rpartition(".")
            key = Key(Kind.TABLE, schema or "public", table)
            if self._is_there(key):
                found[key] = int(count)
        return found

    def _is_there(self, table: Key) -> bool:
        row = self._connection.execute(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %s AND c.relname = %s)",
            (table.schema, table.name),
        ).fetchone()
        return bool(row and row[0])

    def write(self, table: Key, entries: Mapping[str, Entry]) -> None:
        """Remember rows, in one statement; those that are known like this already are not touched."""
        from psycopg import sql

        if not entries:
            return
        content = json.dumps([{"row_key": key, "hash": _encode(entry)} for key, entry in entries.items()])
        self._connection.execute(sql.SQL(_REMEMBER).format(self._relation), (table.qualified, content))


def _usual_schema(connection: Connection[Any]) -> str:
    row = connection.execute(
        "SELECT CASE WHEN pg_catalog.to_regnamespace('public') IS NULL THEN pg_catalog.current_schema() END"
    ).fetchone()
    return str(row[0]) if row is not None and row[0] is not None else "public"


def _encode(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {"seed": dict(entry.memory.seed), "stored": dict(entry.memory.stored)}
    if entry.values is not None:
        found["key"] = list(entry.values)
    return found


def _decode(content: dict[str, Any]) -> Entry:
    values = content.get("key")
    return Entry(Memory(content["seed"], content["stored"]), None if values is None else tuple(values))
