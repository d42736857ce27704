"""Put the rows that go in into a database, all of them beside each other."""

from __future__ import annotations

from graphlib import TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from psycopg import Error, sql

from alembic_vibe.data.edges.shape import TEXTS, WHOLE, Shape, likely, shapes_of
from alembic_vibe.data.edges.trial import SETTINGS
from alembic_vibe.diagnostics import FindingsError, Rule, Severity
from alembic_vibe.prove.rows_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.edges.model import Row, TableCases
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact


_SHOWN = 5

MISSING = Rule(
    code="AV648",
    slug="test-data-table-missing",
    severity=Severity.ERROR,
    summary="Test data are for tables that the database does not have; nothing was loaded.",
    why="The rows are those of the specification's tables, so the database must be migrated to what it says.",
    fix="Run `alembic upgrade head` on it first.",
    bad="$ createdb shop && alembic-vibe seed test --database-url postgresql://localhost/shop",
    good="$ DATABASE_URL=postgresql://localhost/shop alembic upgrade head\n"
    "$ alembic-vibe seed test --database-url postgresql://localhost/shop",
)
RULES = (MISSING,)


def load_rows(connection: Connection[Any], tables: Sequence[TableCases]) -> dict[str, int]:
    """Load the accepted rows of test data, each with keys of its own; what is there already stays as it is.

    A row for which there is no other key, such as that of a table with one row for each of another's, is left out.

    Args:
        connection: A migrated database; its transaction is the caller's to commit.
        tables: The test data.

    Returns:
        The number of rows that went in, by table.

    Raises:
        FindingsError: A table is not there.
        psycopg.Error: The database is gone, or may not be read.
    """
    for setting in SETTINGS:
        connection.execute(setting.encode())
    facts = read_facts(connection)
    found = {table.target: table for table in facts.tables.values()}
    missing = sorted(table.key.qualified for table in tables if table.key not in found)
    if missing:
        named = ", ".join(missing[:_SHOWN]) + (" ..." if len(missing) > _SHOWN else "")
        raise FindingsError(MISSING.diagnostic(f"the database lacks {named}; nothing was loaded"))
    loaders = [_Loader(connection, facts, found[table.key], table) for table in _in_order(tables)]
    counts = {loader.name: loader.load_first() for loader in loaders}
    for loader in _load_together([loader for loader in loaders if not counts[loader.name]]):
        counts[loader.name] += 1
    for loader in loaders:
        counts[loader.name] += loader.load_cases()
    return counts


def _load_together(loaders: Sequence[_Loader]) -> Sequence[_Loader]:
    """Load the minimal rows of tables that refer to each other in a circle; returns the loaders that did."""
    done = []
    for group in _circles(loaders):
        try:
            with group[0].connection.transaction():
                group[0].connection.execute("SET CONSTRAINTS ALL DEFERRED")
                done += [loader for loader in group if loader.insert_first()]
                group[0].connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except Error as error:
            if error.sqlstate is None:
                raise
            done = [loader for loader in done if loader not in group]
    return done


def _circles(loaders: Sequence[_Loader]) -> list[list[_Loader]]:
    groups: dict[frozenset[Key], list[_Loader]] = {}
    for loader in loaders:
        keys = {key for key, _ in loader.table.after}
        if loader.table.key in keys:
            groups.setdefault(frozenset(keys & {other.table.key for other in loaders}), []).append(loader)
    return list(groups.values())


def _in_order(tables: Sequence[TableCases]) -> list[TableCases]:
    """Sort tables so that the minimal row of each finds what it refers to: each ``after`` is a part of that order."""
    by_key = {table.key: table for table in tables}
    sorter: TopologicalSorter[Key] = TopologicalSorter()
    for table in sorted(tables, key=lambda table: table.key):
        before = [key for key, second in table.after if not second]
        sorter.add(table.key, *(before if table.key not in before else ()))
        for one, other in pairwise(before):
            sorter.add(other, one)
    return [by_key[key] for key in sorter.static_order() if key in by_key]


class _Loader:
    """Loads one table."""

    def __init__(self, connection: Connection[Any], facts: SchemaFacts, fact: TableFact, table: TableCases) -> None:
        self.connection = connection
        self._facts = facts
        self._fact = fact
        self.table = table
        self._shapes = shapes_of(facts, fact)
        keys = [c for c in fact.constraints if c.kind in {"p", "u", "i", "x"}]
        self._keys = sorted({name for c in keys for name in c.columns})
        self._foreign = [c.columns for c in fact.constraints if c.kind == "f"]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.key.qualified

    def load_first(self) -> int:
        """Load the minimal row, and the one beside it."""
        rows = [self._with_keys(dict(self.table.minimal), "minimal", 0)]
        if self.table.second is not None:
            rows.append(self._with_keys(self.table.row(self.table.second), "second", 1))
        return sum(self._insert(row) for row in rows)

    def insert_first(self) -> int:
        """Insert the minimal row without looking at what may wait; raises ``psycopg.Error``."""
        return self.connection.execute(
            self._statement(self._with_keys(dict(self.table.minimal), "minimal", 0))
        ).rowcount

    def load_cases(self) -> int:
        """Load the others."""
        rows = [
            self._apart(self.table.row(case.change), case.name, case.change, number)
            for number, case in enumerate(self.table.accepted, start=2)
            if case.name != "minimal"
        ]
        return sum(self._insert(row) for row in rows)

    def _with_keys(self, row: Row, case: str, number: int) -> Row:
        """Give a row the keys that the server would make up: the same row is known again."""
        made = {
            name: self._other(self._shapes[name], None, case, number)
            for name in self._keys
            if row.get(name) is None and self._is_given(self._shapes[name])
        }
        return {**row, **{name: value for name, value in made.items() if value is not None}}

    def _apart(self, row: Row, case: str, change: Mapping[str, str | None], number: int) -> Row:
        """Give a row keys of its own, wherever the case is not about them."""
        result = dict(row)
        for name in self._keys:
            shape = self._shapes[name]
            said = name in change and not case.startswith("full") and case.startswith(name)
            refers = any(name in columns and None not in map(row.get, columns) for columns in self._foreign)
            if said or refers or shape.column.generated or (row.get(name) is None and not self._is_given(shape)):
                continue
            value = self._other(shape, row.get(name), case, number)
            if value is not None:
                result[name] = value
        return result

    def _is_given(self, shape: Shape) -> bool:
        """Whether rows of test data have the column's own numbers rather than the server's."""
        return shape.counts or (shape.column.default is not None and "uuid" in shape.column.default)

    def _other(self, shape: Shape, value: str | None, case: str, number: int) -> str | None:
        if shape.base == "uuid":
            return str(uuid5(NAMESPACE_URL, f"{self.table.key.qualified}/{shape.name}/{case}"))
        if shape.counts and shape.base in WHOLE:
            return str((30_001 if shape.base == "int2" else 1_000_001) + number)
        if shape.kind == "e" or shape.base == "bool" or value is None:
            return value
        if shape.base == "bytea":
            return f"\\x{number:02x}{value[4:]}"
        values = [text for text in likely(self._facts, self._fact, shape, number) if text != value]
        if shape.base in TEXTS and not shape.near.patterns and shape.length is None:
            values.insert(0, f"{value}-{number}")
        return values[0] if values else value

    def _insert(self, row: Row) -> int:
        if not row:
            return 0
        try:
            with self.connection.transaction():
                done = self.connection.execute(self._statement(row)).rowcount
                self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                return done
        except Error as error:
            if error.sqlstate is None:
                raise
            return 0

    def _statement(self, row: Row) -> sql.Composed:
        return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) ON CONFLICT DO NOTHING").format(
            sql.Identifier(self.table.key.schema, self.table.key.name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(sql.Literal, row.values())),
        )
