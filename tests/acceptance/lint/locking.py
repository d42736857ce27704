"""What a statement really locks and does to the rows: read from a server, for whatever relation it touches.

In a transaction the locks are in ``pg_locks`` until the end, and the counters of the transaction tell which tables were
read whole. What refuses to run in a transaction is run against a second session that holds a lock on one relation, from
the weakest one up, until the statement has to wait: what it waits for is its strongest lock.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any

import psycopg

from alembic_vibe.lint.forms import Cost, Work
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    Connection = psycopg.Connection[Any]
    Prepare = Callable[
        [], AbstractContextManager[Connection]
    ]  # makes the tables anew, and gives a connection in autocommit mode

_MINE = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'm', 'v', 'i', 'I')"
_RELATIONS = f"""
SELECT c.oid::int8, c.relname, c.relkind::text, coalesce(pg_relation_filenode(c.oid), 0)::int8,
       coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int8, n.nspname
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_MINE}
"""
_INDEXES = """
SELECT indrelid::int8, coalesce(pg_relation_filenode(indexrelid), 0)::int8 FROM pg_index
WHERE indrelid >= 16384 AND indisvalid
"""
_LOCKS = """
SELECT relation::int8, mode FROM pg_locks
WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted AND relation >= 16384
"""
_WAITS = "SELECT relation::int8, mode FROM pg_locks WHERE pid = %s AND NOT granted"
_MODES = {str(level).title().replace(" ", "") + "Lock": level for level in LockLevel}


@dataclass(frozen=True, slots=True)
class _Relation:
    name: str
    kind: str
    file: int
    scans: int
    schema: str
    indexes: frozenset[int]  # their files: an index that is kept under a change of type gets another number


def measure_in_transaction(connection: Connection, statement: str) -> dict[str, Cost]:
    """Run a statement in a transaction, which is rolled back, and return what it costs each relation, by name."""
    with connection.transaction(force_rollback=True):
        before = _relations(connection)
        connection.execute(statement.encode())
        locks: dict[int, LockLevel] = {}
        for oid, mode in connection.execute(_LOCKS):
            if oid in before:
                locks[oid] = max(_MODES[mode], locks.get(oid, LockLevel.ACCESS_SHARE))
        after = _relations(connection)
        works = {oid: _work(connection, before[oid], after.get(oid)) for oid in locks}
    return {before[oid].name: Cost(level, works[oid]) for oid, level in locks.items()}


def measure_alone(prepare: Prepare, connect: Callable[[], Connection], statement: str) -> dict[str, Cost]:
    """Run a statement that refuses a transaction, and return what it costs each table, by name."""
    with prepare() as connection:
        before = _relations(connection)
        connection.execute(statement.encode())
        after = _relations(connection)
        works = {relation.name: _work(connection, relation, after.get(oid)) for oid, relation in before.items()}
        names = [relation.name for relation in before.values() if relation.kind in {"r", "p", "m"}]
    levels = {name: _strongest(prepare, connect, statement, name) for name in names}
    return {name: Cost(level, works[name]) for name, level in levels.items() if level is not None}


def _relations(connection: Connection) -> dict[int, _Relation]:
    indexes: dict[int, set[int]] = {}
    for table, file in connection.execute(_INDEXES):
        indexes.setdefault(table, set()).add(file)
    return {
        oid: _Relation(name, kind, file, scans, schema, frozenset(indexes.get(oid, ())))
        for oid, name, kind, file, scans, schema in connection.execute(_RELATIONS)
    }


def _work(connection: Connection, before: _Relation, after: _Relation | None) -> Work:
    """Say what was done to a relation. TRUNCATE gives new files too, but to no rows."""
    if after is None or before.kind not in {"r", "p", "m"}:
        return Work.NONE
    found = connection.execute(f'SELECT EXISTS (SELECT FROM "{after.schema}"."{after.name}")'.encode()).fetchone()
    filled = found is not None and found[0]
    if before.kind != "p" and after.file != before.file:
        return Work.REWRITE if filled else Work.NONE
    if before.kind != "p" and after.indexes - before.indexes and filled:
        return Work.BUILD
    return Work.SCAN if after.scans > before.scans else Work.NONE


def _strongest(prepare: Prepare, connect: Callable[[], Connection], statement: str, table: str) -> LockLevel | None:
    for level in LockLevel:
        with prepare() as runner, connect() as blocker, connect() as observer:
            (oid,) = _one(observer, "SELECT %s::regclass::oid::int8", (table,))
            with blocker.transaction(force_rollback=True):
                blocker.execute(f'LOCK TABLE ONLY "{table}" IN {level} MODE'.encode())
                waited = _wait(runner, observer, statement, oid)
            if waited is not None:
                return waited
    return None


def _wait(runner: Connection, observer: Connection, statement: str, oid: int) -> LockLevel | None:
    """Run a statement and return the lock on a relation for which it waits; None where it ends or waits otherwise."""

    def run() -> None:
        try:
            runner.execute(statement.encode())
        except psycopg.errors.QueryCanceled:
            return

    thread = Thread(target=run)
    thread.start()
    found = None
    while thread.is_alive():
        waits: Sequence[tuple[int | None, str]] = observer.execute(_WAITS, (runner.info.backend_pid,)).fetchall()
        if waits:
            found = next((_MODES[mode] for relation, mode in waits if relation == oid), None)
            observer.execute("SELECT pg_cancel_backend(%s)", (runner.info.backend_pid,))
            break
        time.sleep(0.002)
    thread.join()
    return found


def _one(connection: Connection, query: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(query, values).fetchone()
    assert row is not None
    return row
