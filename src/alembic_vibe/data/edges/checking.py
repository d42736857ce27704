"""Run test data against a database: what the generated constraint tests stand on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import Error, sql

from alembic_vibe.data.edges.model import Refusal
from alembic_vibe.data.edges.trial import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.edges.model import Case, TableCases, TestData

_NAMELESS = ("22001", "22003", "22P02", "428C9")  # the server does not say which column; the row differs in one


@dataclass(frozen=True)
class TestRow:
    """A row of a table, and what is to become of it."""

    __test__ = False  # pytest takes classes of such a name for tests

    table: TableCases
    case: Case

    @property
    def refusal(self) -> Refusal | None:
        """How the row is to be refused; ``None`` if it is to go in."""
        return self.case.refusal

    def __str__(self) -> str:
        return f"{self.table.key.qualified}: {self.case.name}"


class ConstraintRunner:
    """Puts single rows into a database, with what they refer to, and takes everything back."""

    def __init__(self, connection: Connection[Any], tables: Iterable[TableCases]) -> None:
        """Begin.

        Args:
            connection: A database with the schema, in a transaction that is never committed.
            tables: All test data.
        """
        self._connection = connection
        self._tables = {table.key: table for table in tables}
        self._ready: Key | None = None
        for setting in SETTINGS:
            connection.execute(setting.encode())
        self._empty()
        connection.execute("SAVEPOINT vibe_empty")

    def _empty(self) -> None:
        """Take away, within the transaction, the rows that revisions have brought: they could be in the way."""
        filled = []
        for key in self._tables:
            name = sql.Identifier(key.schema, key.name)
            known = self._connection.execute("SELECT to_regclass(%s)", (name.as_string(self._connection),)).fetchone()
            if known is None or known[0] is None:
                continue
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)
            found = self._connection.execute(query).fetchone()
            filled += [name] if found is not None and found[0] else []
        if filled:
            self._connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(filled)))

    def refusal(self, row: TestRow) -> Refusal | None:
        """Insert a row, and return how the database refuses it; ``None`` if it goes in.

        Raises:
            AssertionError: A row that it refers to does not go in.
        """
        self._prepare(row.table)
        self._connection.execute("SAVEPOINT vibe_row")
        try:
            if row.case.beside is not None:
                self._begin(row.table, row.case.beside)
            insert = self._insert(row.table.key, row.table.row(row.case.change), row.refusal)
            self._connection.execute(insert + sql.SQL("; SET CONSTRAINTS ALL IMMEDIATE"))  # in one go
        except Error as error:
            return self._read(error, row.refusal)
        finally:
            self._connection.execute("ROLLBACK TO vibe_row")
        return None

    def _read(self, error: Error, expected: Refusal | None) -> Refusal:
        state, name = error.sqlstate or "", error.diag.constraint_name or ""
        column = "" if name else error.diag.column_name or ""
        if state in _NAMELESS and not column and expected is not None:
            column = expected.column
        return Refusal(state, name, column)

    def _prepare(self, table: TableCases) -> None:
        """Have the minimal rows that a table's rows refer to in the database, and nothing else."""
        if self._ready == table.key:
            return
        self._ready = None
        self._connection.execute("ROLLBACK TO vibe_empty")
        self._connection.execute("SET CONSTRAINTS ALL DEFERRED")
        for key, second in table.after:
            found = self._tables.get(key)
            if found is None:
                raise AssertionError(f"{table.key.qualified} refers to {key.qualified}, which has no test data")
            self._begin(found, (found.second or {}) if second else {})
        self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._ready = table.key

    def _begin(self, table: TableCases, change: Mapping[str, str | None]) -> None:
        """Insert a row that others need."""
        try:
            self._connection.execute(self._insert(table.key, table.row(change), None))
        except Error as error:
            message = error.diag.message_primary or str(error)
            raise AssertionError(f"a row of {table.key.qualified} that others need is refused: {message}") from error

    def _insert(self, key: Key, row: Mapping[str, str | None], expected: Refusal | None) -> sql.Composed:
        relation = sql.Identifier(key.schema, key.name)
        if not row:
            return sql.SQL("INSERT INTO {} DEFAULT VALUES").format(relation)
        # An identity column takes a value only so; that it refuses others is a case of its own.
        overriding = "" if expected is not None and expected.sqlstate == "428C9" else " OVERRIDING SYSTEM VALUE"
        return sql.SQL("INSERT INTO {} ({}){} VALUES ({})").format(  # a name may hold what looks like a placeholder
            relation,
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(overriding),
            sql.SQL(", ").join(map(sql.Literal, row.values())),
        )


def rows_of(tables: Iterable[TableCases], *, accepted: bool) -> list[TestRow]:
    """Return the rows of all tables that are to go in, or those that are to be refused."""
    return [TestRow(table, case) for table in tables for case in (table.accepted if accepted else table.rejected)]


def keep_right(connection: Connection[Any], data: TestData) -> None:
    """Leave out, and count, the rows that turn out otherwise when they are tried as written."""
    wrong = wrong_rows(connection, data.tables)
    data.coverage.dropped += len(wrong)
    for at, table in enumerate(data.tables):
        data.tables[at] = replace(
            table,
            accepted=tuple(case for case in table.accepted if (table.key, case.name) not in wrong),
            rejected=tuple(case for case in table.rejected if (table.key, case.name) not in wrong),
        )


def wrong_rows(connection: Connection[Any], tables: Iterable[TableCases]) -> dict[tuple[Key, str], str]:
    """Run all rows, and return what became of those that turned out otherwise, by table and name."""
    tables = list(tables)
    runner = ConstraintRunner(connection, tables)
    found: dict[tuple[Key, str], str] = {}
    for row in (*rows_of(tables, accepted=True), *rows_of(tables, accepted=False)):
        try:
            became = runner.refusal(row)
        except AssertionError as error:
            found[row.table.key, row.case.name] = str(error)
            continue
        if became != row.refusal:
            found[row.table.key, row.case.name] = str(became or "accepted")
    connection.execute("ROLLBACK TO vibe_empty")
    return found
