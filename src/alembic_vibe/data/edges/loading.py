"""Put the rows that go in into a database, all of them beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from psycopg import Error, sql

from alembic_vibe.data.edges.shape import TEXTS, WHOLE, Shape, likely, shapes_of
from alembic_vibe.data.edges.trial import SETTINGS
from alembic_vibe.prove.rows_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.edges.model import Row, TableCases
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact


def load_rows(connection: Connection[Any], tables: Sequence[TableCases]) -> dict[str, int]:
    """Load the accepted rows of test data, each with keys of its own; what is there already stays as it is.

    A row for which there is no other key, such as that of a table with one row for each of another's, is left out.

    Args:
        connection: A migrated database; its transaction is the caller's to commit.
        tables: The test data.

    Returns:
        The number of rows that went in, by table.

    Raises:
        psycopg.Error: The database is gone, or may not be read.
    """
    for setting in SETTINGS:
        connection.execute(setting.encode())
    facts = read_facts(connection)
    found = {table.target: table for table in facts.tables.values()}
    counts: dict[str, int] = {}
    for table in _in_order(tables):
        fact = found.get(table.key)
        if fact is None:
            continue
        loader = _Loader(connection, facts, fact, table)
        counts[table.key.qualified] = loader.run()
    return counts


def _in_order(tables: Sequence[TableCases]) -> Iterator[TableCases]:
    by_key = {table.key: table for table in tables}
    done: set[Key] = set()

    def visit(table: TableCases) -> Iterator[TableCases]:
        if table.key in done:
            return
        done.add(table.key)
        for key, _ in table.after:
            if key in by_key:
                yield from visit(by_key[key])
        yield table

    for table in tables:
        yield from visit(table)


class _Loader:
    """Loads one table."""

    def __init__(self, connection: Connection[Any], facts: SchemaFacts, fact: TableFact, table: TableCases) -> None:
        self._connection = connection
        self._facts = facts
        self._fact = fact
        self._table = table
        self._shapes = shapes_of(facts, fact)
        keys = [c for c in fact.constraints if c.kind in {"p", "u", "i", "x"}]
        foreign = {name for c in fact.constraints if c.kind == "f" for name in c.columns}
        self._keys = sorted({name for c in keys for name in c.columns} - foreign)

    def run(self) -> int:
        rows = [dict(self._table.minimal)]
        if self._table.second is not None:
            rows.append(self._table.row(self._table.second))
        rows += [
            self._apart(self._table.row(case.change), case.name, case.change, number)
            for number, case in enumerate(self._table.accepted, start=2)
            if case.name != "minimal"
        ]
        return sum(self._insert(row) for row in rows)

    def _apart(self, row: Row, case: str, change: Mapping[str, str | None], number: int) -> Row:
        """Give a row keys of its own, wherever the case is not about them."""
        result = dict(row)
        for name in self._keys:
            shape = self._shapes[name]
            said = name in change and not case.startswith("full") and case.startswith(name)
            if said or shape.column.generated or (row.get(name) is None and not self._is_given(shape)):
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
            return str(uuid5(NAMESPACE_URL, f"{self._table.key.qualified}/{shape.name}/{case}"))
        if shape.counts and shape.base in WHOLE:
            return str((30_001 if shape.base == "int2" else 1_000_001) + number)
        if shape.kind == "e" or shape.base == "bool" or value is None:
            return value
        values = [text for text in likely(self._facts, self._fact, shape, number) if text != value]
        if shape.base in TEXTS and not shape.near.patterns and shape.length is None:
            values.insert(0, f"{value}-{number}")
        return values[0] if values else value

    def _insert(self, row: Row) -> int:
        relation = sql.Identifier(self._table.key.schema, self._table.key.name)
        if not row:
            return 0
        query = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({}) ON CONFLICT DO NOTHING").format(
            relation, sql.SQL(", ").join(map(sql.Identifier, row)), sql.SQL(", ").join(map(sql.Literal, row.values()))
        )
        try:
            with self._connection.transaction():
                done = self._connection.execute(query).rowcount
                self._connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                return done
        except Error as error:
            if error.sqlstate is None:
                raise
            return 0
