"""Both releases write while a column is moved: with the trigger nothing comes apart, without it it does."""

from __future__ import annotations

import pytest

from alembic_vibe.plan.model import Verify
from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.prove.concurrency import Writer, run_concurrently

pytestmark = pytest.mark.server

DDL = """
CREATE TABLE t (id int PRIMARY KEY, o int NOT NULL);
INSERT INTO t SELECT i, i FROM generate_series(1, 20) i;
"""
ADD = "ALTER TABLE t ADD n bigint; ALTER TABLE t ALTER o DROP NOT NULL"
SYNC = """
CREATE FUNCTION vibe_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
 IF TG_OP='INSERT' THEN IF NEW.n IS NOT NULL THEN NEW.o := NEW.n; ELSE NEW.n := NEW.o; END IF;
 ELSIF NEW.n IS DISTINCT FROM OLD.n THEN NEW.o := NEW.n;
 ELSIF NEW.o IS DISTINCT FROM OLD.o THEN NEW.n := NEW.o;
 ELSIF NEW.n IS NULL AND NEW.o IS NOT NULL THEN NEW.n := NEW.o;
 END IF; RETURN NEW; END $$;
CREATE TRIGGER zzz BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION vibe_sync()
"""
FILL = "UPDATE t SET o = o WHERE n IS NULL"
VERIFY = [Verify("SELECT count(*) FROM t WHERE n IS DISTINCT FROM o", "rows of t whose n is not o")]


def changes(column: str, first: int) -> tuple[tuple[str, ...], ...]:
    return (
        *((f"UPDATE t SET {column} = {column} + {i} WHERE id = {i}",) for i in range(1, 20, 3)),
        (f"INSERT INTO t (id, {column}) VALUES ({first}, 1)",),
        (f"UPDATE t SET {column} = 7 WHERE id = {first}", f"DELETE FROM t WHERE id = {first}"),
    )


OLD = Writer("old", changes("o", 100))
NEW = Writer("new", changes("n", 200), after=2)


def prepare(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(DDL)


def test_a_synchronised_column(server: ScratchServer, database: str) -> None:
    prepare(server, database)
    report = run_concurrently(server, database, [ADD, SYNC, FILL], [OLD, NEW], VERIFY)
    assert report.errors == ()
    assert report.disagreeing == ()
    assert report.rounds["old"] >= 80
    assert report.rounds["new"] >= 40


def test_without_a_trigger(server: ScratchServer, database: str) -> None:
    prepare(server, database)
    report = run_concurrently(server, database, [ADD, "SELECT 1", FILL], [OLD, NEW], VERIFY)
    assert report.disagreeing[0][0] == "rows of t whose n is not o"
    assert report.disagreeing[0][1] > 1


def test_a_writer_that_breaks(server: ScratchServer, database: str) -> None:
    prepare(server, database)
    report = run_concurrently(server, database, ["ALTER TABLE t RENAME o TO p"], [OLD], rounds=3)
    assert {(error.writer, error.message) for error in report.errors} >= {("old", 'column "o" does not exist')}
    assert any("SET o = o + 1" in error.statement for error in report.errors)


def test_what_is_tried_again(server: ScratchServer, database: str) -> None:
    """Two writers that lock the same rows in another order run into deadlocks, and get on."""
    prepare(server, database)
    there = tuple(f"UPDATE t SET o = o + 1 WHERE id = {i}" for i in range(1, 20))
    writers = [Writer("there", (there,)), Writer("back", (there[::-1],))]
    report = run_concurrently(server, database, [], writers, rounds=5)
    assert report.errors == ()
    assert report.rounds["there"] >= 5
    assert report.rounds["back"] >= 5


def test_a_step_may_be_called(server: ScratchServer, database: str) -> None:
    prepare(server, database)
    called = []
    report = run_concurrently(server, database, [lambda: called.append(1)], [OLD], VERIFY[:0], rounds=1)
    assert called == [1]
    assert report.disagreeing == ()
