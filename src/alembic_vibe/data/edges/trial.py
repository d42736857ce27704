"""Ask the server what it says about rows, many at a time, without keeping any.

Each row is inserted in a subtransaction of its own inside a temporary PL/pgSQL function, deferred constraints are
checked, and everything is taken back. Identifiers and literals are quoted by psycopg.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from json import dumps
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key

_ASK = """
CREATE FUNCTION pg_temp.vibe_ask(units jsonb) RETURNS TABLE (
  unit int, reached int, state text, rule text, field text, place text, message text)
LANGUAGE plpgsql AS $$
DECLARE
  statements jsonb; statement text;
BEGIN
  unit := -1;
  FOR statements IN SELECT value FROM jsonb_array_elements(units) LOOP
    unit := unit + 1; reached := 0;
    BEGIN
      FOR statement IN SELECT value FROM jsonb_array_elements_text(statements) LOOP
        EXECUTE statement;
        SET CONSTRAINTS ALL IMMEDIATE;
        reached := reached + 1;
      END LOOP;
      RAISE EXCEPTION 'accepted' USING ERRCODE = 'VB001';
    EXCEPTION WHEN others OR assert_failure THEN
      GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, rule = CONSTRAINT_NAME, field = COLUMN_NAME,
        place = TABLE_NAME, message = MESSAGE_TEXT;
    END;
    RETURN NEXT;
  END LOOP;
END $$
"""
_ACCEPTED = "VB001"

# What a value looks like as text, and what a text means, must not depend on the server's configuration.
SETTINGS = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, MDY'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL client_min_messages = error",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said of a row: ``state`` is empty if it went in.

    ``reached`` counts the statements that worked before the one that did not.
    """

    state: str
    constraint: str = ""
    column: str = ""
    table: str = ""
    message: str = ""
    reached: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the row went in."""
        return not self.state


class Trial:
    """One connection, in a transaction, with the temporary function in place."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.asked = 0

    def name(self, *parts: str) -> str:
        """Quote an identifier, qualified if several parts are given."""
        return sql.Identifier(*parts).as_string(self.connection)

    def literal(self, value: str | None) -> str:
        """Quote a text as a literal."""
        return "NULL" if value is None else sql.Literal(value).as_string(self.connection).strip()

    def insert(self, key: Key, row: Mapping[str, str | None], *, overriding: bool = True) -> str:
        """Return the statement that inserts a row; with ``overriding``, identity columns may be given as well."""
        relation = self.name(key.schema, key.name)
        if not row:
            return f"INSERT INTO {relation} DEFAULT VALUES"
        columns = ", ".join(map(self.name, row))
        values = ", ".join(map(self.literal, row.values()))
        clause = " OVERRIDING SYSTEM VALUE" if overriding else ""
        return f"INSERT INTO {relation} ({columns}){clause} VALUES ({values})"  # noqa: S608 - quoted above

    def ask(self, units: Sequence[Sequence[str]]) -> list[Answer]:
        """Run lists of statements, each by itself, and take each back."""
        if not units:
            return []
        self.asked += len(units)
        rows = self.connection.execute(
            "SELECT reached, state, rule, field, place, message FROM pg_temp.vibe_ask(%s::jsonb)", (dumps(units),)
        )
        return [
            Answer("" if state == _ACCEPTED else state, rule, field, place, message, reached)
            for reached, state, rule, field, place, message in rows
        ]


@contextmanager
def trial(connection: Connection) -> Iterator[Trial]:
    """Give a :class:`Trial`; all that is done in the block is taken back."""
    with connection.transaction(force_rollback=True):
        for setting in SETTINGS:
            connection.execute(setting.encode())
        connection.execute(_ASK.encode())
        yield Trial(connection)
