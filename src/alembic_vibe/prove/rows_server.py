"""The part of filling tables that runs inside the server: try statements, solve for values, count.

Each attempt runs in a subtransaction of its own, in a temporary PL/pgSQL function, so that a thousand tables cost one
round trip and a failure leaves nothing behind. Identifiers and literals are quoted by psycopg.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from json import dumps
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key

_TRY = """
CREATE FUNCTION pg_temp.vibe_try(units jsonb) RETURNS TABLE (
  unit int, chosen int, state text, place text, rule text, field text, message text)
LANGUAGE plpgsql AS $$
DECLARE
  alternatives jsonb; statements jsonb; statement text; s text; p text; r text; f text; m text;
BEGIN
  unit := -1;
  FOR alternatives IN SELECT value FROM jsonb_array_elements(units) LOOP
    unit := unit + 1; chosen := -1; state := NULL;
    FOR statements IN SELECT value FROM jsonb_array_elements(alternatives) LOOP
      chosen := chosen + 1;
      BEGIN
        FOR statement IN SELECT value FROM jsonb_array_elements_text(statements) LOOP
          EXECUTE statement;
        END LOOP;
        SET CONSTRAINTS ALL IMMEDIATE;
        state := NULL;
        EXIT;
      EXCEPTION WHEN others OR assert_failure THEN
        GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, p = TABLE_NAME, r = CONSTRAINT_NAME, f = COLUMN_NAME,
          m = MESSAGE_TEXT;
        IF state IS NULL THEN  -- the likeliest alternative fails for the most telling reason
          state := s; place := p; rule := r; field := f; message := m;
        END IF;
      END;
    END LOOP;
    RETURN NEXT;
  END LOOP;
END $$
"""

_SOLVE = """
CREATE FUNCTION pg_temp.vibe_solve(queries text[]) RETURNS TABLE (answer jsonb)
LANGUAGE plpgsql AS $$
DECLARE
  query text;
BEGIN
  FOREACH query IN ARRAY queries LOOP
    BEGIN
      EXECUTE 'SELECT jsonb_agg(r) FROM (' || query || ') r' INTO answer;
      answer := coalesce(answer, '[]');
    EXCEPTION WHEN others THEN
      answer := NULL;
    END;
    RETURN NEXT;
  END LOOP;
END $$
"""

_VALID = """
CREATE FUNCTION pg_temp.vibe_valid(texts text[], type text) RETURNS text[]
LANGUAGE plpgsql AS $$
DECLARE
  candidate text; good text[] := '{}';
BEGIN
  FOREACH candidate IN ARRAY texts LOOP
    BEGIN
      EXECUTE format('SELECT %L::%s', candidate, type);
      good := good || candidate;
    EXCEPTION WHEN others THEN
      NULL;
    END;
  END LOOP;
  RETURN good;
END $$
"""

_COUNT = """
CREATE FUNCTION pg_temp.vibe_count(tables oid[], most int) RETURNS TABLE (relation int8, rows int8)
LANGUAGE plpgsql AS $$
BEGIN
  FOREACH relation IN ARRAY tables LOOP
    EXECUTE format('SELECT count(*) FROM (SELECT FROM ONLY %s LIMIT %s) counted', relation::oid::regclass, most)
      INTO rows;
    RETURN NEXT;
  END LOOP;
END $$
"""

_FUNCTIONS = (
    (_TRY, "vibe_try(jsonb)"),
    (_SOLVE, "vibe_solve(text[])"),
    (_VALID, "vibe_valid(text[], text)"),
    (_COUNT, "vibe_count(oid[], int)"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit: which alternative went in (-1: none), or why the first one did not."""

    chosen: int
    state: str = ""
    table: str = ""
    constraint: str = ""
    column: str = ""
    message: str = ""


class Server:
    """One connection, with the temporary functions in place."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: dict[tuple[str, ...], str] = {}

    def name(self, *parts: str) -> str:
        """Quote an identifier, qualified if several parts are given."""
        found = self._names.get(parts)
        if found is None:
            found = self._names[parts] = sql.Identifier(*parts).as_string(self._connection)
        return found

    def relation(self, key: Key) -> str:
        """Quote a table's name with its schema."""
        return self.name(key.schema, key.name)

    def literal(self, value: str | None) -> str:
        """Quote a text as a literal."""
        return sql.Literal(value).as_string(self._connection).strip() if value is not None else "NULL"

    def attempt(self, units: Sequence[Sequence[Sequence[str]]]) -> list[Outcome]:
        """Run units: of each, the first alternative that passes is kept.

        An alternative is a list of statements that must all pass, deferred constraints included.
        """
        if not units:
            return []
        rows = self._connection.execute(
            "SELECT chosen, state, place, rule, field, message FROM pg_temp.vibe_try(%s::jsonb)", (dumps(units),)
        )
        return [
            Outcome(chosen) if state is None else Outcome(-1, state, place, rule, field, message)
            for chosen, state, place, rule, field, message in rows
        ]

    def solve(self, queries: Sequence[str]) -> list[list[dict[str, str | None]] | None]:
        """Run queries; of each, the rows as dicts, or ``None`` where it failed."""
        if not queries:
            return []
        return [
            answer
            for (answer,) in self._connection.execute("SELECT answer FROM pg_temp.vibe_solve(%s)", (list(queries),))
        ]

    def valid(self, texts: Sequence[str], type_text: str) -> list[str]:
        """Keep the texts that the server reads as that type."""
        row = self._connection.execute("SELECT pg_temp.vibe_valid(%s, %s)", (list(texts), type_text)).fetchone()
        return list(row[0]) if row is not None else []

    def count(self, oids: Sequence[int], most: int) -> dict[int, int]:
        """Count rows of tables, each up to ``most``."""
        return dict(
            self._connection.execute(
                "SELECT relation, rows FROM pg_temp.vibe_count(%s::oid[], %s)", (list(oids), most)
            ).fetchall()
        )


@contextmanager
def server_side(connection: Connection) -> Iterator[Server]:
    """Give a :class:`Server` whose functions exist until the block is left."""
    for body, _ in _FUNCTIONS:
        connection.execute(body)
    try:
        yield Server(connection)
    finally:
        if not connection.broken and connection.info.transaction_status.name != "INERROR":
            for _, signature in _FUNCTIONS:
                connection.execute(f"DROP FUNCTION IF EXISTS pg_temp.{signature}")
