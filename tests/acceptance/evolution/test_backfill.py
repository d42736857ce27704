"""Backfills on a real server: every row once, also after an interruption, and beside writers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.backfill import backfill, forget

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

_TABLE = Key(Kind.TABLE, "public", "Order")
_PARTED = (
    "PARTITION BY LIST (part);"
    ' CREATE TABLE p0 PARTITION OF "Order" FOR VALUES IN (0); CREATE TABLE p1 PARTITION OF "Order" DEFAULT'
)
_SHAPES = {
    "one column": ('CREATE TABLE "Order" ("Id" int PRIMARY KEY, part int, n int, times int DEFAULT 0)', ("Id",)),
    "two columns": (
        'CREATE TABLE "Order" ("Id" int, part int, n int, times int DEFAULT 0, PRIMARY KEY (part, "Id"))',
        ("part", "Id"),
    ),
    "partitioned": (
        f'CREATE TABLE "Order" ("Id" int, part int, n int, times int DEFAULT 0, PRIMARY KEY ("Id", part)) {_PARTED}',
        ("Id", "part"),
    ),
    "no key": ('CREATE TABLE "Order" ("Id" int, part int, n int, times int DEFAULT 0)', ()),
    "no key, partitioned": (
        f'CREATE TABLE "Order" ("Id" int, part int, n int, times int DEFAULT 0) {_PARTED}',
        (),
    ),
}


def _fill(connection: Any, shape: str, rows: int) -> str:
    """Make the table and return the backfill; ``times`` counts how often a row was done."""
    create, keys = _SHAPES[shape]
    connection.execute(create.encode())
    connection.execute("CREATE SCHEMA vibe")
    connection.execute(
        f'INSERT INTO "Order" ("Id", part) SELECT i * 3, i % 3 FROM generate_series(1, {rows}) AS i'.encode()
    )
    return backfill(_TABLE, "Order.n", 'n = "Id" * 2, times = times + 1', "n IS NULL", keys).sql


def _one(connection: Any, query: str) -> Any:
    return connection.execute(query.encode()).fetchone()[0]


def _left(connection: Any) -> tuple[int, int]:
    """Return how many rows were not done exactly once, and how many objects are in the schema vibe."""
    wrong = connection.execute(
        'SELECT count(*) FROM "Order" WHERE times <> 1 OR n IS DISTINCT FROM "Id" * 2'
    ).fetchone()[0]
    left = connection.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'vibe'::regnamespace").fetchone()[0]
    return wrong, left


@pytest.mark.parametrize("shape", _SHAPES)
def test_every_row_is_done_once(server: ScratchServer, database: str, shape: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        statement = _fill(connection, shape, 1000)
        connection.execute("SET vibe.batch_size = 70; SET vibe.pause = 0")
        connection.execute(statement.encode())
        assert _left(connection) == (0, 0)
        connection.execute(statement.encode())
        assert _left(connection) == (0, 0)


@pytest.mark.parametrize("shape", _SHAPES)
def test_an_empty_table_has_nothing_to_do(server: ScratchServer, database: str, shape: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(_fill(connection, shape, 0).encode())
        assert _left(connection) == (0, 0)


@pytest.mark.parametrize("shape", _SHAPES)
def test_a_killed_backfill_goes_on(server: ScratchServer, database: str, shape: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        statement = _fill(connection, shape, 2000)
        # The batch that reaches this row fails once: that is where the first run ends.
        connection.execute(
            'CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW."Id" = 3000 THEN'
            " RAISE EXCEPTION 'killed'; END IF; RETURN NEW; END $$;"
            ' CREATE TRIGGER stumble BEFORE UPDATE ON "Order" FOR EACH ROW EXECUTE FUNCTION stumble()'
        )
        connection.execute("SET vibe.batch_size = 100; SET vibe.pause = 0")
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute(statement.encode())
        done = _one(connection, 'SELECT count(*) FROM "Order" WHERE n IS NOT NULL')
        assert 0 < done < 2000
        assert _left(connection)[1] == 2  # the table of progress and its index
        connection.execute('DROP TRIGGER stumble ON "Order"')
        connection.execute(statement.encode())
        assert _left(connection) == (0, 0)


def test_what_a_killed_backfill_left_is_forgotten(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA vibe")
        connection.execute(forget("Order.n").sql.encode())
        connection.execute("CREATE TABLE vibe.progress (job text PRIMARY KEY, low text[], top text[], total bigint)")
        connection.execute("INSERT INTO vibe.progress VALUES ('Order.n'), ('another')")
        connection.execute(forget("Order.n").sql.encode())
        assert connection.execute("SELECT job FROM vibe.progress").fetchall() == [("another",)]
        connection.execute(forget("another").sql.encode())
        assert connection.execute("SELECT to_regclass('vibe.progress')").fetchone() == (None,)


def test_writers_are_not_stopped_and_nothing_of_theirs_is_lost(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        statement = _fill(connection, "one column", 5000)
        connection.execute("SET vibe.batch_size = 50; SET vibe.pause = 0.002")
        finished = threading.Event()
        errors: list[Exception] = []
        written = []

        def write() -> None:
            try:
                with server.connect(database, autocommit=True) as other:
                    other.execute("SET lock_timeout = '2s'")
                    number = 0
                    while not finished.is_set():
                        number += 1
                        key = number * 7 % 5000 * 3 + 3
                        other.execute(f'UPDATE "Order" SET part = part + 1 WHERE "Id" = {key}'.encode())
                        written.append(key)
            except Exception as error:  # noqa: BLE001 - reported by the test
                errors.append(error)

        writer = threading.Thread(target=write)
        writer.start()
        connection.execute(statement.encode())
        finished.set()
        writer.join()
        assert errors == []
        assert written
        assert _left(connection) == (0, 0)
        total = _one(
            connection, 'SELECT sum(part) - (SELECT sum(i % 3) FROM generate_series(1, 5000) AS i) FROM "Order"'
        )
        assert total == len(written)
