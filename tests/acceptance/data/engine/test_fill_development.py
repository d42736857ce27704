"""Filling a schema with development data: the sample project's, and one that makes it hard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.data.engine import FillReport, fill_development
from tests.acceptance.direct import run_directly, section_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

HARD = Path(__file__).with_name("hard.sql").read_bytes()
SAMPLE = Path(__file__).parents[4] / "sample_project/docs/06-technical-specification.md"


@pytest.fixture
def connection(server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as connection:
        yield connection


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Every row of every table, in the order of the tables' names."""
    names = connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1"
    ).fetchall()
    return {
        name: [row for (row,) in connection.execute(f"SELECT t::text FROM ONLY {name} t ORDER BY 1".encode())]
        for (name,) in names
    }


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row is not None else None


def by_name(report: FillReport) -> dict[str, int]:
    return {fill.key.name: fill.rows for fill in report.tables}


def test_every_kind_of_constraint_is_satisfied(connection: psycopg.Connection[Any]) -> None:
    connection.execute(HARD)
    told: list[str] = []
    report = fill_development(connection, rows=4000, seed=7, tell=told.append)
    rows, counts = rows_of(connection), by_name(report)

    # All that can be filled is filled; the rest is said, with the reason.
    assert {fill.key.name: fill.reason for fill in report.empty} == {
        "never": 'new row for relation "never" violates check constraint "never_id_check"'
    }
    assert report.kept == [Key(Kind.TABLE, "public", "settings")]
    assert rows["settings"] == ['(kept,"was here before")']
    partitions = {"measures": len(rows["measures_old"]) + len(rows["measures_new"])}
    real = {name: partitions[name] if name in partitions else len(rows[name]) for name in counts}
    assert counts | {"history": real["history"]} == real
    assert real["history"] >= real["rounds"]
    assert 3000 < report.rows <= 4000
    assert told[-1].endswith("of 4,000 rows")

    # Where keys are scarce, every one is used; where not, children are more than their parents.
    assert counts["flags"] == 2
    assert counts["quotas"] > 20
    assert counts["people"] > counts["tenants"] > 10
    assert len(rows["measures_old"]) > 10 < len(rows["measures_new"])
    # Nobody is without a tenant, but not everybody has a boss; the boss is of the same tenant (the key says so).
    bosses = one(connection, "SELECT count(*) FROM people WHERE boss_id IS NOT NULL")
    assert counts["people"] * 0.3 < bosses < counts["people"]
    assert one(connection, "SELECT count(*) FROM threads WHERE last_id IS NOT NULL") > 3
    assert one(connection, "SELECT count(DISTINCT is_default) FROM groups") == 2
    assert one(connection, "SELECT count(*) FROM jobs WHERE state = 'new'") == counts["jobs"] > 50
    assert one(connection, "SELECT max(number) FROM groups") < counts["groups"]
    # Sequences go on where the rows end.
    assert one(connection, "SELECT nextval('tenants_id_seq') > max(id) FROM tenants")
    assert one(connection, "SELECT min(id) FROM tenants") == 1000
    # One more run adds nothing, and changes nothing.
    assert fill_development(connection, rows=4000, seed=8).rows == 0
    assert rows_of(connection) == rows


def test_the_sample_project_is_filled_alike_each_time(server: ScratchServer, database: str) -> None:
    statements = [s for s in section_statements(SAMPLE) if not s.upper().startswith("INSERT")]
    with server.connect(database, autocommit=True) as connection:
        run_directly(connection, statements, ["btree_gist"])
    other = server.create_database(template=database)
    try:
        found, counts = [], []
        for name in (database, other):
            with server.connect(name, autocommit=True) as connection:
                report = fill_development(connection, rows=3000, seed=1)
                assert report.empty == []
                assert 2900 < report.rows < 3100
                assert max(by_name(report).values()) < 600
                connection.execute("SET timezone = 'UTC'")
                everything = rows_of(connection)
                everything.pop("audit.log")  # its triggers write down when and in which transaction
                found.append(everything)
                counts.append(by_name(report))
                if name == database:
                    assert fill_development(connection, rows=10, seed=1).rows == 0
        assert counts[0] == counts[1]
        assert found[0] == found[1]
    finally:
        server.drop_database(other)


def test_some_tables_only(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        b"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a)"
    )
    a, b = Key(Kind.TABLE, "public", "a"), Key(Kind.TABLE, "public", "b")
    alone = fill_development(connection, rows=50, only=[b])
    assert [(fill.key, fill.rows, fill.reason) for fill in alone.tables] == [
        (b, 0, "a, which it refers to, has no rows")
    ]
    assert fill_development(connection, rows=5, only=[a]).rows == 5
    assert fill_development(connection, rows=50, only=[b]).rows == 50
    # Other seeds give other rows.
    first = rows_of(connection)["b"]
    connection.execute(b"TRUNCATE b")
    assert fill_development(connection, rows=50, seed=1, only=[b]).rows == 50
    assert rows_of(connection)["b"] != first
