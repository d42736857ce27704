"""Rows that the server has taken, as examples for more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from alembic_vibe.prove.rows import fill_tables

if TYPE_CHECKING:
    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.engine.maker import TableMaker

_MOST = 20


def examples_of(connection: Connection, maker: TableMaker, rows: int) -> dict[str, list[str | None]]:
    """Return the columns of some rows that the server takes; empty if it takes none.

    Of a table that has no row yet, PostgreSQL itself finds some; they do not stay.

    Args:
        connection: Where.
        maker: Of the table.
        rows: How many to find.
    """
    import psycopg

    found = _read(connection, maker)
    if found:
        return found
    try:
        with connection.transaction(force_rollback=True):
            fill_tables(connection, rows_per_table=rows, tables=[maker.table.target])
            return _read(connection, maker)
    except psycopg.Error:
        if connection.broken:
            raise
        return {}


def _read(connection: Connection, maker: TableMaker) -> dict[str, list[str | None]]:
    names = [sql.Identifier(name) for name in maker.columns]
    query = sql.SQL("SELECT {} FROM {} ORDER BY {} LIMIT {}").format(
        sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in names),
        sql.Identifier(maker.table.target.schema, maker.table.target.name),
        sql.SQL(", ").join(map(sql.SQL, (str(place + 1) for place in range(len(names))))),
        sql.Literal(_MOST),
    )
    rows = connection.execute(query).fetchall()
    return {name: [row[at] for row in rows] for at, name in enumerate(maker.columns)} if rows else {}


def insert_empty(connection: Connection, key: Key, rows: int) -> int:
    """Insert rows into a table without a column that could be given, and return their number."""
    statement = sql.SQL("INSERT INTO {} SELECT FROM generate_series(1, {})").format(
        sql.Identifier(key.schema, key.name), sql.Literal(rows)
    )
    return connection.execute(statement).rowcount
