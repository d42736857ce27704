"""A database as the target of a subset: it must be empty, and gets all rows in one transaction, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from alembic_vibe.diagnostics import ConfigurationError, EnvironmentFailureError, FindingsError, Severity, VibeError
from alembic_vibe.subset import queries
from alembic_vibe.subset.preparation import Preparation, prepare
from alembic_vibe.subset.rules import CIRCLE, DIFFERS, NOT_EMPTY, REFUSED, TRIGGERS_FIRE
from alembic_vibe.subset.schema import Schema, Table, read_schema
from alembic_vibe.subset.source import TEXT_FORMS, Row, in_batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.subset.copying import Written

_NAMED = 5  # tables that a message names
_SESSION = (
    *TEXT_FORMS,
    "SET LOCAL row_security = off",
    "SET LOCAL lock_timeout = '10s'",
    "SET LOCAL statement_timeout = 0",  # one COPY lasts as long as the source takes to give its rows
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


class DatabaseTarget:
    """The target, from the first look at it to the last statement; the transaction is the caller's to commit."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection
        for statement in _SESSION:
            connection.execute(statement)
        self._schema = read_schema(connection)
        self._preparation: Preparation | None = None
        self._loaded: list[tuple[Table, Sequence[str]]] = []

    def accept(self, source: Schema) -> list[Diagnostic]:
        """Agree upon tables and columns with the source, and prepare the load.

        What only one of both has is left out, and said.

        Raises:
            FindingsError: A table holds rows.
            ConfigurationError: There is nothing in common.
            EnvironmentFailureError: A circle of foreign keys cannot be loaded by this account.
        """
        own = {table.key: table for table in self._schema.tables.values()}
        found = []
        for table in sorted(source.tables.values(), key=lambda table: table.key):
            other = own.get(table.key)
            if other is None:
                found.append(DIFFERS.diagnostic(f"{table.name} is not in the target, and was left out"))
                continue
            missing = [column for column in table.columns if column not in other.columns]
            if missing:
                columns = ", ".join(missing)
                found.append(DIFFERS.diagnostic(f"{table.name} of the target has no {columns}: left out"))
            table.columns = [column for column in table.columns if column in other.columns]
        source.only(set(own))
        if not source.tables:
            message = "the target has none of the source's tables"
            hint = "Run `alembic upgrade head` on the target first."
            raise ConfigurationError(DIFFERS.diagnostic(message, help=hint, severity=Severity.ERROR))
        self._schema.only({table.key for table in source.tables.values()})
        found += self._prepare()
        self._refuse_rows()
        return found

    def _refuse_rows(self) -> None:
        full = []
        for table in self._schema.tables.values():
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(queries.relation(table))
            row = self.connection.execute(query).fetchone()
            if row is not None and row[0]:
                full.append(table.name)
        if full:
            more = f" and {len(full) - _NAMED} more" if len(full) > _NAMED else ""
            names = ", ".join(sorted(full)[:_NAMED])
            raise FindingsError(NOT_EMPTY.diagnostic(f"tables of the target hold rows already: {names}{more}"))

    def _prepare(self) -> list[Diagnostic]:
        """Switch triggers off, and prepare circles; return what cannot be."""
        self._preparation = prepare(self.connection, self._schema)
        if self._preparation.stuck:
            raise EnvironmentFailureError(
                CIRCLE.diagnostic(f"{name} is part of a circle of foreign keys, and cannot be deferred")
                for name in self._preparation.stuck
            )
        for statement in self._preparation.before:
            self.connection.execute(statement)
        fixed = "GRANT UPDATE on the sequence, or call setval() as its owner."
        firing = (f"triggers of {name} ran during the load" for name in self._preparation.firing)
        behind = (f"the sequence {name} was not advanced beyond the rows" for name in self._preparation.fixed)
        return [
            *map(TRIGGERS_FIRE.diagnostic, firing),
            *(TRIGGERS_FIRE.diagnostic(message, help=fixed) for message in behind),
        ]

    @property
    def order(self) -> list[Table]:
        """The tables, those that others refer to first."""
        assert self._preparation is not None
        return self._preparation.order

    def load(self, table: Table, columns: Sequence[str], batches: Iterable[Sequence[Row]]) -> int:
        """Bring the rows of a table in; return how many.

        Raises:
            FindingsError: The target refuses one.
        """
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.key.schema, table.key.name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        count = 0
        try:
            with self.connection.cursor() as cursor, cursor.copy(query) as copy:
                for rows in batches:
                    for row in rows:
                        copy.write_row(row)
                    count += len(rows)
        except psycopg.Error as error:
            raise refusal(error, table.name) from None
        self._loaded.append((table, columns))
        return count

    def written(self) -> Iterator[Written]:
        """Give what was loaded, as it is read again."""
        for table, columns in self._loaded:
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(names, queries.relation(table))
            yield table.key, columns, self._batches(query)

    def _batches(self, query: sql.Composed) -> Iterator[list[Row]]:
        with self.connection.cursor() as cursor, cursor.copy(query) as copy:
            yield from in_batches(copy.rows())

    def finish(self) -> None:
        """Check what was deferred, put everything back, and advance the sequences.

        Raises:
            FindingsError: The target refuses a row.
        """
        assert self._preparation is not None
        try:
            for statement in self._preparation.after:
                self.connection.execute(statement)
        except psycopg.Error as error:
            raise refusal(error, "the target") from None


def refusal(error: psycopg.Error, where: str) -> VibeError:
    """Make a finding of what the target said; never with values, which may be personal.

    Rows that it refuses are findings; a missing right, a lock or a full disk is the environment's.

    The detail of PostgreSQL's message and its context quote the row.
    """
    said = error.diag
    place = f"{said.schema_name}.{said.table_name}" if said.table_name else where
    about = f", constraint {said.constraint_name}" if said.constraint_name else ""
    about += f", column {said.column_name}" if said.column_name and not said.constraint_name else ""
    message = said.message_primary or " ".join(str(error).split())
    diagnostic = REFUSED.diagnostic(f"{place}{about}: {message}")
    if isinstance(error, psycopg.OperationalError | psycopg.errors.InsufficientPrivilege):
        return EnvironmentFailureError(diagnostic)
    return FindingsError(diagnostic)
