"""The keys that foreign keys refer to, as PostgreSQL writes them.

They are read back from the server rather than remembered: that is right whatever a trigger, a partition or a default
made of them, costs a fraction of writing them, and only what a later table needs is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key

Row = tuple[str, ...]

MOST = 200_000  # keys that are held of one table; more are as good as a sample
_SKEW = 1.8  # some parents have many children, most have few: like an exponent of Zipf's law


class Pool:
    """Distinct keys of one table over some columns."""

    def __init__(self, columns: Sequence[str], rows: Iterable[Row], random: Random | None = None) -> None:
        self.columns = tuple(columns)
        self.rows = list(rows)
        if random is not None:
            random.shuffle(self.rows)
        self._parts: dict[tuple[int, ...], tuple[int, dict[Row, list[Row]]]] = {}
        self._known: set[Row] = set()

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Take in more keys: those of a table that refers to itself."""
        self.rows.extend(rows)
        del self.rows[MOST:]

    def known(self) -> set[Row]:
        """Return all keys, to look some up."""
        if len(self._known) != len(self.rows):
            self._known = set(self.rows)
        return self._known

    def pick(self, random: Random, count: int) -> list[Row]:
        """Return so many keys, some more often than others; there must be one."""
        rows, size, number = self.rows, len(self.rows), random.random
        return [rows[int(size * number() ** _SKEW)] for _ in range(count)]

    def where(self, places: tuple[int, ...]) -> dict[Row, list[Row]]:
        """Return the keys by what they have in some of their columns."""
        seen, parts = self._parts.get(places, (0, {}))
        for row in self.rows[seen:]:
            parts.setdefault(tuple(row[place] for place in places), []).append(row)
        self._parts[places] = (len(self.rows), parts)
        return parts


def read_pool(
    connection: Connection, table: Key, columns: Sequence[str], random: Random, *, partitioned: bool = False
) -> Pool:
    """Read the keys of a table, in an order that depends on nothing but the keys and the seed.

    Rows of tables that inherit from it are not what a foreign key may refer to (manual, "Inheritance", "Caveats").
    """
    names = [sql.Identifier(name) for name in columns]
    query = sql.SQL("SELECT {texts} FROM {only} {table} WHERE {known} ORDER BY {columns} LIMIT {most}").format(
        texts=sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in names),
        only=sql.SQL("" if partitioned else "ONLY"),
        table=sql.Identifier(table.schema, table.name),
        known=sql.SQL(" AND ").join(sql.SQL("{} IS NOT NULL").format(name) for name in names),
        columns=sql.SQL(", ").join(names),
        most=sql.Literal(MOST),
    )
    return Pool(columns, connection.execute(query).fetchall(), random)
