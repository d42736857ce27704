"""What a statement really locks and does to the rows: read from a server, for whatever relation it touches.

In a transaction the locks are in ``pg_locks`` until the end, and the counters of the transaction tell which tables were
read whole. What refuses to run in a transaction is run against a second session that holds a lock on one relation, from
the weakest one up, until the statement has to wait: what it waits for is its strongest lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Callable

    Connect = Callable[[], psycopg.Connection[Any]]

WORK = ("none", "scan", "build", "rewrite")  # what costs most, last

_RELATIONS = """
SELECT c.relname, c.relkind::text, coalesce(pg_relation_filenode(c.oid), 0)::int8,
       pg_stat_get_xact_numscans(c.oid)::int8, c.relpersistence = 'p' OR c.relpersistence = 'u',
       (SELECT array_agg(a.relid::regclass::text) FROM pg_partition_ancestors(c.oid) a WHERE a.relid <> c.oid)
FROM pg_class c
WHERE c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
  AND c.relkind IN ('r', 'p', 'm', 'v', 'i', 'I')
"""
_INDEXES = "SELECT indrelid::regclass::text, indexrelid::int8, coalesce(pg_relation_filenode(indexrelid), 0)::int8 FROM pg_index WHERE indrelid >= 16384 AND indislive"
_LOCKS = """
SELECT c.relname, l.mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid() AND l.granted AND l.relation >= 16384
  AND c.relkind IN ('r', 'p', 'm', 'v', 'i', 'I')
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """The strongest lock on a relation, and what was done to its rows."""

    level: LockLevel
    work: str = "none"

    def __str__(self) -> str:
        return f"{self.level}" if self.work == "none" else f"{self.level}, {self.work}"


@dataclass(frozen=True, slots=True)
class _State:
    files: dict[str, int]
    scans: dict[str, int]
    above: dict[str, list[str]]
    indexes: dict[str, frozenset[tuple[int, int]]]
    index_names: frozenset[str]


def level_of(mode: str) -> LockLevel:
    """Return the lock of pg_locks' name for it: ``AccessShareLock``."""
    return next(level for level in LockLevel if mode == str(level).title().replace(" ", "") + "Lock")


def _state(connection: psycopg.Connection[Any]) -> _State:
    rows = connection.execute(_RELATIONS).fetchall()
    indexes: dict[str, set[tuple[int, int]]] = {}
    for table, oid, file in connection.execute(_INDEXES):
        indexes.setdefault(table, set()).add((oid, file))
    return _State(
        {row[0]: row[2] for row in rows},
        {row[0]: row[3] or 0 for row in rows},
        {row[0]: row[5] or [] for row in rows},
        {table: frozenset(found) for table, found in indexes.items()},
        frozenset(row[0] for row in rows if row[1] in {"i", "I"}),
    )


def _is_filled(connection: psycopg.Connection[Any], relation: str) -> bool:
    row = connection.execute(f'SELECT EXISTS (SELECT FROM "{relation}")'.encode()).fetchone()
    return row is not None and bool(row[0])


def _works(connection: psycopg.Connection[Any], before: _State, after: _State) -> dict[str, str]:
    """Say what was done to each relation that was there before; a partition's work is that of the tables above too."""
    found: dict[str, str] = {}
    for name, file in before.files.items():
        work = "none"
        if name not in after.files:
            continue
        if after.scans.get(name, 0) > before.scans[name]:
            work = "scan"
        if after.indexes.get(name, frozenset()) - before.indexes.get(name, frozenset()):
            work = "build" if work == "scan" else work
        if file != after.files[name] and name not in before.index_names and _is_filled(connection, name):
            work = "rewrite"
        for table in (name, *before.above[name]):
            found[table] = max(work, found.get(table, "none"), key=WORK.index)
    return found


def measure_in_transaction(connection: psycopg.Connection[Any], statement: str) -> dict[str, Measured]:
    """Run a statement in a transaction, which is rolled back, and return what it costs each relation."""
    with connection.transaction(force_rollback=True):
        before = _state(connection)
        names = connection.execute("SELECT oid::int8, relname FROM pg_class WHERE oid >= 16384").fetchall()
        connection.execute(statement.encode())
        locks: dict[str, LockLevel] = {}
        known = dict(names)
        for oid, mode in connection.execute(
            "SELECT relation::int8, mode FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted"
        ):
            if oid in known and mode != "SIReadLock":
                locks[known[oid]] = max(level_of(mode), locks.get(known[oid], LockLevel.ACCESS_SHARE))
        works = _works(connection, before, _state(connection))
    return {name: Measured(level, works.get(name, "none")) for name, level in locks.items() if name in before.files}
