"""What statements cost is measured, and compared with what a revision declares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock
from alembic_vibe.prove.measure import exceeds, measure, runs_alone
from alembic_vibe.prove.staged import StagedRevision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

DDL = """
CREATE DOMAIN cents AS int;
CREATE TABLE u (id int PRIMARY KEY, name varchar(9));
CREATE TABLE t (id int PRIMARY KEY, u_id int, n int, name varchar(9), c cents);
ALTER TABLE t ADD CONSTRAINT named CHECK (n > 0) NOT VALID;
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
CREATE TABLE q (id int);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
"""
AE, SRE, SHARE, SUE = (
    LockLevel.ACCESS_EXCLUSIVE,
    LockLevel.SHARE_ROW_EXCLUSIVE,
    LockLevel.SHARE,
    LockLevel.SHARE_UPDATE_EXCLUSIVE,
)
NOTHING: dict[str, LockLevel] = {}


def table(name: str) -> Key:
    return Key(Kind.TABLE, "public", name)


@pytest.fixture
def connection(server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(DDL.encode())
        yield connection


@pytest.mark.parametrize(
    ("statement", "locks", "scans", "rewrites"),
    [
        ("ALTER TABLE t ADD x int", {"t": AE}, "", ""),
        ("ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid()", {"t": AE}, "t", "t"),
        ("ALTER TABLE t ADD x uuid, ALTER x SET DEFAULT gen_random_uuid()", {"t": AE}, "", ""),
        ("ALTER TABLE t ALTER n TYPE bigint", {"t": AE}, "t", "t"),
        ("ALTER TABLE u ALTER name TYPE text", {"u": AE}, "", ""),
        ("ALTER TABLE t ALTER n SET NOT NULL", {"t": AE}, "t", ""),
        ("ALTER TABLE t ADD CHECK (n > 1)", {"t": AE}, "t", ""),
        ("ALTER TABLE t ADD CHECK (n > 1) NOT VALID", {"t": AE}, "", ""),
        ("ALTER TABLE t VALIDATE CONSTRAINT named", {"t": SUE}, "t", ""),
        ("ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u", {"t": SRE, "u": SRE}, "t", ""),
        ("ALTER TABLE t ADD FOREIGN KEY (u_id) REFERENCES u NOT VALID", {"t": SRE, "u": SRE}, "", ""),
        ("CREATE INDEX ON t (n)", {"t": SHARE}, "t", ""),
        ("COMMENT ON TABLE t IS 'x'", {"t": SUE}, "", ""),
        ("ALTER TABLE p ADD x int", {"p": AE, "p1": AE}, "", ""),
        ("ALTER TABLE p ATTACH PARTITION q FOR VALUES FROM (10) TO (20)", {"p": SUE, "q": AE}, "q", ""),
        ("ALTER DOMAIN cents ADD CONSTRAINT x CHECK (VALUE > 0)", {"t": SHARE}, "t", ""),
        ("ALTER DOMAIN cents ADD CONSTRAINT x CHECK (VALUE > 0) NOT VALID", NOTHING, "", ""),
        ("CREATE TABLE w (id int PRIMARY KEY, u_id int REFERENCES u)", {"u": SRE}, "", ""),
        ("UPDATE t SET n = n", NOTHING, "", ""),
        ("REFRESH MATERIALIZED VIEW m", {"m": AE}, "", "m"),
    ],
)
def test_costs(
    connection: psycopg.Connection[Any], statement: str, locks: dict[str, LockLevel], scans: str, rewrites: str
) -> None:
    impact = measure(connection, [statement])
    strong = {key.name: level for key, level in impact.locks.items() if level >= SUE}
    assert strong == locks
    assert {key.name for key in impact.scans} == set(scans.split())
    assert {key.name for key in impact.rewrites} == set(rewrites.split())
    assert measure(connection, [statement]) == impact  # nothing was changed


def test_locks_are_held_to_the_end_of_a_transaction(connection: psycopg.Connection[Any]) -> None:
    statements = ["ALTER TABLE t ADD CONSTRAINT k CHECK (n > 1) NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT k"]
    together = measure(connection, statements)
    assert {cost.level for cost in together.costs if cost.what == "scan"} == {AE}
    apart = measure(connection, statements, separately=True)
    assert {cost.level for cost in apart.costs if cost.what == "scan"} == {SUE}


def test_what_runs_alone(connection: psycopg.Connection[Any]) -> None:
    made = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (n)"
    dropped = 'drop index concurrently "i"'
    assert runs_alone(made)
    assert runs_alone(dropped)
    assert not runs_alone("COMMENT ON TABLE t IS 'CREATE INDEX CONCURRENTLY'")
    for statement in (made, "REINDEX INDEX CONCURRENTLY i", dropped):
        impact = measure(connection, ["SET lock_timeout = 0", statement], separately=True)
        assert impact.locks == {table("t"): SUE}


def test_a_partition_that_goes(connection: psycopg.Connection[Any]) -> None:
    impact = measure(connection, ["ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY"], separately=True)
    assert impact.locks == {table("p"): SUE, table("p1"): AE}


def test_what_exceeds(connection: psycopg.Connection[Any]) -> None:
    statement = "ALTER TABLE t ALTER n TYPE bigint"
    impact = measure(connection, [statement])
    none = StagedRevision("0002")
    assert exceeds(none, impact) == (
        ("t is locked ACCESS EXCLUSIVE, declared is no lock", statement),
        ("t is rewritten", statement),
        ("t is read whole under ACCESS EXCLUSIVE", statement),
    )
    weak = replace(none, locks=(Lock(table("t"), SUE),), rewrites=(table("t"),))
    assert exceeds(weak, impact) == (("t is locked ACCESS EXCLUSIVE, declared is SHARE UPDATE EXCLUSIVE", statement),)
    assert exceeds(replace(weak, locks=(Lock(table("t")),)), impact) == ()
    assert exceeds(replace(none, created=(table("t"),)), impact) == ()


def test_what_need_not_be_declared(connection: psycopg.Connection[Any]) -> None:
    none = StagedRevision("0002")
    assert exceeds(none, measure(connection, ["UPDATE t SET n = n"])) == ()
    validated = measure(connection, ["ALTER TABLE t VALIDATE CONSTRAINT named"])
    assert exceeds(replace(none, locks=(Lock(table("t"), SUE),)), validated) == ()
    partitions = measure(connection, ["ALTER TABLE p ADD x int"])
    assert exceeds(replace(none, locks=(Lock(table("p")),)), partitions) == ()
    assert len(exceeds(replace(none, locks=(Lock(table("p1")),)), partitions)) == 1


def test_a_statement_that_fails(connection: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.Error):
        measure(connection, ["ALTER TABLE t ADD x int", "ALTER TABLE nothing ADD x int"])
    assert connection.execute("SELECT count(*) FROM pg_attribute WHERE attname = 'x'").fetchone() == (0,)
