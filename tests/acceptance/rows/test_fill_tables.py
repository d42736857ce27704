"""Filling tables, on a schema that makes it hard."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.prove.rows import fill_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

SCHEMA = Path(__file__).with_name("every_kind_of_table.sql").read_bytes()


@pytest.fixture
def connection(server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as connection:
        yield connection


def table(name: str, schema: str = "public") -> Key:
    return Key(Kind.TABLE, schema, name)


def dump(connection: psycopg.Connection[Any]) -> dict[str, str]:
    names = connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'billing') ORDER BY 1"
    ).fetchall()
    return {
        name: str(connection.execute(f"SELECT t::text FROM {name} t ORDER BY 1".encode()).fetchall())
        for (name,) in names
    }


def test_every_table_that_can_hold_a_row_gets_some(connection: psycopg.Connection[Any]) -> None:
    connection.execute(SCHEMA)
    result = fill_tables(connection)
    assert result.unfilled == {
        table("hard_a"): "b needs a row of hard_b, which has none",
        table("hard_b"): "a needs a row of hard_a, which has none",
        table("impossible"): 'new row for relation "impossible" violates check constraint "impossible_id_check"',
        table("nopart"): "it has no partition that could hold a row",
    }
    for key, count in result.filled.items():
        query = f'SELECT count(*) FROM "{key.schema}"."{key.name.replace(chr(34), chr(34) * 2)}"'
        assert connection.execute(query.encode()).fetchone() == (count,), key
    assert result.filled[table("onlyone")] == 1
    partitioned = {"events": 6, "byregion": 6, "region_eu": 4}
    others = {
        key.qualified: count
        for key, count in result.filled.items()
        if key.name != "onlyone" and key.name not in partitioned
    }
    assert set(others.values()) == {2}
    assert len(others) == 28
    assert {name: result.filled[table(name)] for name in partitioned} == partitioned
    assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (0,)
    # What circles of foreign keys left open at first is closed in the end.
    assert connection.execute("SELECT count(*) FROM cyc_a WHERE b_id IS NULL").fetchone() == (0,)
    # Each partition holds rows of its own.
    assert connection.execute("SELECT DISTINCT tableoid::regclass::text FROM events ORDER BY 1").fetchall() == [
        ("events_2020",),
        ("events_2021",),
        ("events_default",),
    ]
    # Not only what must be filled is filled.
    filled = connection.execute("SELECT num_nulls(VARIADIC ARRAY[t, v, c, nm]::text[]) FROM everything").fetchall()
    assert filled == [(0,), (0,)]


def test_the_same_schema_gets_the_same_rows_and_a_second_run_none(
    server: ScratchServer, connection: psycopg.Connection[Any]
) -> None:
    connection.execute(SCHEMA)
    first = fill_tables(connection)
    rows = dump(connection)
    assert len(rows) > 30
    assert fill_tables(connection) == first
    assert dump(connection) == rows
    other = server.create_database()
    with server.connect(other, autocommit=True) as again:
        again.execute(SCHEMA)
        fill_tables(again)
        assert dump(again) == rows
    server.drop_database(other)


def test_more_rows_add_to_those_that_are_there(connection: psycopg.Connection[Any]) -> None:
    connection.execute(SCHEMA)
    fill_tables(connection, rows_per_table=1)
    result = fill_tables(connection, rows_per_table=4)
    few = {key.name: count for key, count in result.filled.items() if count < 4}
    assert few == {"onlyone": 1}


def test_only_the_tables_that_are_asked_for(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int NOT NULL REFERENCES a); CREATE TABLE c ()"
    )
    result = fill_tables(connection, tables=[table("b")])
    assert result.filled == {}
    assert result.unfilled == {table("b"): "a_id needs a row of a, which has none"}
    assert set(fill_tables(connection, tables=[table("a"), table("b")]).filled) == {table("a"), table("b")}
    assert fill_tables(connection, Catalog()).filled == {}
    assert set(fill_tables(connection, rows_per_table=0).unfilled) == set()


def test_inside_a_transaction_everything_can_be_taken_back(connection: psycopg.Connection[Any]) -> None:
    connection.execute("CREATE TABLE a (id int PRIMARY KEY)")
    with connection.transaction(force_rollback=True):
        assert fill_tables(connection).filled == {table("a"): 2}
        assert connection.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'vibe%'").fetchall() == []
    assert connection.execute("SELECT count(*) FROM a").fetchone() == (0,)


def test_a_trigger_says_why_not(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "CREATE TABLE a (id int); CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'closed for today'; END $$;"
        " CREATE TRIGGER no BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION no()"
    )
    assert fill_tables(connection).unfilled == {table("a"): "closed for today"}


@pytest.mark.parametrize(
    "column",
    [
        "x text NOT NULL CHECK (x ~ '^[A-Z]{2}-[0-9]{4}$')",
        "x text NOT NULL CHECK (x ~* '^https?://[a-z.]+/')",
        "x text NOT NULL CHECK (x SIMILAR TO '[a-c]{3}[0-9]+')",
        "x text NOT NULL CHECK (x = lower(x) AND length(x) >= 12 AND x !~ '-')",
        "x text NOT NULL CHECK (x LIKE 'inv_%' AND x NOT LIKE '%x')",
        "x char(2) NOT NULL CHECK (x = upper(x))",
        "x text NOT NULL CHECK (x ~ '(?=.*[0-9])(?=.*[A-Z])' AND length(x) >= 8)",
        "x numeric(3,2) NOT NULL CHECK (x BETWEEN 0.25 AND 0.75)",
        "x int NOT NULL CHECK (x % 15 = 0 AND x > 0)",
        "x smallint NOT NULL CHECK (x BETWEEN 1900 AND 2100)",
        "x date NOT NULL CHECK (x >= '1999-12-01' AND x < '1999-12-15')",
        "x timestamptz NOT NULL CHECK (x > now())",
        "x jsonb NOT NULL CHECK (jsonb_typeof(x -> 'items') = 'array')",
        "x jsonb NOT NULL CHECK (jsonb_array_length(x) > 0)",
        "x text[] NOT NULL CHECK (x <@ ARRAY['red', 'green'] AND x <> '{}')",
        "x int[] NOT NULL CHECK (array_length(x, 1) = 4)",
        "x inet NOT NULL CHECK (family(x) = 6)",
        "x bytea NOT NULL CHECK (length(x) = 16)",
        "x int4range NOT NULL CHECK (upper(x) - lower(x) > 1)",
        "x point NOT NULL CHECK (x[0] > 0)",
        "x interval NOT NULL CHECK (x > '00:00:00' AND x <= '30 days')",
        "x text NOT NULL CHECK (x IN ('a', 'b')), y text, CHECK ((x = 'a') = (y IS NOT NULL))",
        "x int, y int, z int NOT NULL, CHECK (num_nonnulls(x, y) = 1), CHECK (x < z OR y > z)",
        "lat numeric(9,6) NOT NULL CHECK (lat < -60), lon numeric(9,6) NOT NULL CHECK (lon BETWEEN 170 AND 180)",
        'x xid8 NOT NULL, y "char" NOT NULL, z regclass NOT NULL, w pg_snapshot NOT NULL, v jsonpath NOT NULL',
    ],
)
def test_checks(connection: psycopg.Connection[Any], column: str) -> None:
    connection.execute(f"CREATE TABLE t (id int PRIMARY KEY, {column})".encode())
    result = fill_tables(connection)
    assert result.filled == {table("t"): 2}, result.unfilled


def test_foreign_keys_over_the_own_key(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        """
        CREATE TABLE teams (id int PRIMARY KEY, lead int, parent int, tenant int NOT NULL, UNIQUE (tenant, id),
            CHECK (parent <> id), FOREIGN KEY (tenant, parent) REFERENCES teams (tenant, id));
        CREATE TABLE people (id int PRIMARY KEY, team int NOT NULL REFERENCES teams, UNIQUE (team, id));
        ALTER TABLE teams ADD FOREIGN KEY (id, lead) REFERENCES people (team, id) DEFERRABLE INITIALLY DEFERRED
        """
    )
    assert fill_tables(connection).filled == {table("teams"): 2, table("people"): 2}
    assert connection.execute(
        "SELECT count(*) FROM teams JOIN people ON lead = people.id AND team = teams.id"
    ).fetchone() == (2,)


def test_a_thousand_tables_take_seconds(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        b"DO $$ BEGIN FOR i IN 1..1000 LOOP EXECUTE format('CREATE TABLE t%s ("
        b"id uuid PRIMARY KEY DEFAULT gen_random_uuid(), parent uuid REFERENCES t%s, name text UNIQUE NOT NULL,"
        b" status text NOT NULL CHECK (status IN (''a'', ''b'')), rating int CHECK (rating BETWEEN 3 AND 5),"
        b" made timestamptz DEFAULT now())', i, (i + 9) / 10); END LOOP; END $$"
    )
    start = time.process_time()
    result = fill_tables(connection, rows_per_table=1)
    assert len(result.filled) == 1000
    assert time.process_time() - start < 10  # the client's share; far above what is measured, for slow machines
