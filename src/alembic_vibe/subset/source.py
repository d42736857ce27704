"""The source of a subset: one read-only transaction, and what is asked of it besides rows."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres.connect import open_read_only
from alembic_vibe.subset import queries
from alembic_vibe.subset.rules import NO_RIGHT, SOURCE_FAILED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.subset.row_sets import RowSets
    from alembic_vibe.subset.schema import Schema, Table

Row = tuple[str | None, ...]

_ROWS = 2_000  # rows that are in memory together …
_CHARACTERS = 4_000_000  # … unless they are as large as that before
_ASKED = 5_000

# Values travel as text, so both ends must write and read it alike; see "Date/Time Output", "money", "bytea".
TEXT_FORMS = (
    "SET LOCAL datestyle = 'ISO, MDY'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL lc_monetary = 'C'",
    "SET LOCAL xmloption = 'content'",
    "SET LOCAL client_encoding = 'UTF8'",
)
_SESSION = (
    *TEXT_FORMS,
    "SET LOCAL search_path = ''",  # an expression of ours never meets a function of theirs
    "SET LOCAL row_security = off",  # an error instead of rows that are missing silently
    "SET LOCAL lock_timeout = '10s'",
    "SET LOCAL idle_in_transaction_session_timeout = 0",  # while the target works
)


@contextmanager
def open_source(url: str) -> Iterator[Connection[Any]]:
    """Connect to the source: a snapshot, READ ONLY, on which nothing is written, not even a temporary table.

    ``statement_timeout`` stays what the account has.

    Raises:
        EnvironmentFailureError: It cannot be reached.
    """
    with open_read_only(url) as connection:
        with reading():
            for statement in _SESSION:
                connection.execute(statement)
        yield connection


@contextmanager
def reading() -> Iterator[None]:
    """Turn what the source refuses into a diagnostic.

    Raises:
        EnvironmentFailureError: A query failed.
    """
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise EnvironmentFailureError(NO_RIGHT.diagnostic(_text(error))) from None
    except psycopg.Error as error:
        raise EnvironmentFailureError(SOURCE_FAILED.diagnostic(_text(error))) from None


def _text(error: psycopg.Error) -> str:
    return f"the source says: {error.diag.message_primary or ' '.join(str(error).split())}"


def check_rights(schema: Schema) -> None:
    """Refuse a source of which the account may not read everything.

    Raises:
        EnvironmentFailureError: With a diagnostic for each such table.
    """
    if schema.hidden:
        raise EnvironmentFailureError(
            NO_RIGHT.diagnostic(f"{name} cannot be read: {why}") for name, why in schema.hidden
        )


def identity(connection: Connection[Any]) -> tuple[Any, ...] | None:
    """What a database and its replicas have in common and no other has; ``None`` if the server does not tell."""
    try:
        with connection.transaction():
            row = connection.execute(
                "SELECT c.system_identifier, d.oid::int8 FROM pg_catalog.pg_control_system() c"
                " CROSS JOIN pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()"
            ).fetchone()
    except psycopg.Error:
        return None
    return tuple(row) if row is not None else None


def in_batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Gather rows, some at a time: few if they are large."""
    gathered: list[Row] = []
    size = 0
    for row in rows:
        gathered.append(row)
        size += sum(len(value) for value in row if value is not None)
        if len(gathered) >= _ROWS or size > _CHARACTERS:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def read_rows(connection: Connection[Any], table: Table, columns: Sequence[str], sets: RowSets) -> Iterator[list[Row]]:
    """Give the chosen rows of a table as texts, some at a time: few if they are large.

    Raises:
        EnvironmentFailureError: The source failed.
    """
    for place in table.places:
        for rows in sets.batches(place.oid, _ASKED):
            query = sql.SQL("COPY ({}) TO STDOUT").format(queries.values(table, place, columns, rows))
            with reading(), connection.cursor().copy(query) as copy:
                yield from in_batches(copy.rows())
