"""Measure what statements cost: the locks they take, the tables they read whole or rewrite.

Locks come from ``pg_locks`` of the own backend, rewrites from the files of the relations before and after, scans from
the messages that the server has at ``client_min_messages = debug1``: ``verifying table``, ``validating foreign key``,
``building index`` (recipes, "Measuring instead of guessing"). What cannot run in a transaction has the lock that the
manual gives for it (13.3.1: CREATE INDEX CONCURRENTLY takes SHARE UPDATE EXCLUSIVE).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.bookkeeping import IS_BOOKKEEPING
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import psycopg
    from psycopg.errors import Diagnostic as ServerMessage

    from alembic_vibe.prove.staged import StagedRevision

_KINDS = {"r": Kind.TABLE, "p": Kind.TABLE, "m": Kind.MATERIALIZED_VIEW}
_LEVELS = {
    "AccessShareLock": LockLevel.ACCESS_SHARE,
    "RowShareLock": LockLevel.ROW_SHARE,
    "RowExclusiveLock": LockLevel.ROW_EXCLUSIVE,
    "ShareUpdateExclusiveLock": LockLevel.SHARE_UPDATE_EXCLUSIVE,
    "ShareLock": LockLevel.SHARE,
    "ShareRowExclusiveLock": LockLevel.SHARE_ROW_EXCLUSIVE,
    "ExclusiveLock": LockLevel.EXCLUSIVE,
    "AccessExclusiveLock": LockLevel.ACCESS_EXCLUSIVE,
}
_BLOCKS_WRITERS = LockLevel.SHARE  # this one and stronger ones
_HARMLESS = LockLevel.ROW_EXCLUSIVE  # what every UPDATE takes: up to here nothing need be declared
_SCAN = re.compile(r'verifying table "(?P<verified>.+)"|building index ".+" on table "(?P<indexed>[^"]+)"')
_FOREIGN_KEY = re.compile(r'validating foreign key constraint "(.+)"')
_CONCURRENTLY = re.compile(
    r"\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\b|DROP\s+INDEX\s+CONCURRENTLY\b"
    r"|REINDEX\b.*\bCONCURRENTLY\b|ALTER\s+TABLE\b.*\bDETACH\s+PARTITION\b.*\bCONCURRENTLY\s*;?\s*\Z)",
    re.IGNORECASE | re.DOTALL,
)

_RELATIONS = f"""
SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::int8,
       ARRAY(SELECT a.relid::oid::int8 FROM pg_catalog.pg_partition_ancestors(c.oid) a WHERE a.relid <> c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND NOT {IS_BOOKKEEPING}
"""  # noqa: S608 - a constant of ours
_LOCKS = """
SELECT relation::int8, mode FROM pg_catalog.pg_locks
WHERE locktype = 'relation' AND pid = pg_catalog.pg_backend_pid() AND granted AND relation >= 16384
"""
_INDEXES = "SELECT indexrelid::int8, indrelid::int8, indisvalid FROM pg_catalog.pg_index WHERE indexrelid >= 16384"
_PARTITIONS = "SELECT inhrelid::int8, inhparent::int8 FROM pg_catalog.pg_inherits WHERE inhrelid >= 16384"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one statement does to one relation: ``lock``, ``scan`` or ``rewrite``, under which lock."""

    what: str
    relation: Key
    level: LockLevel
    statement: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What statements cost relations that were there before them. ``roots`` are the partitioned tables above."""

    costs: tuple[Cost, ...] = ()
    roots: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)

    @property
    def locks(self) -> dict[Key, LockLevel]:
        """The strongest lock on each relation."""
        found: dict[Key, LockLevel] = {}
        for cost in self.costs:
            if cost.what == "lock":
                found[cost.relation] = max(cost.level, found.get(cost.relation, cost.level))
        return found

    @property
    def scans(self) -> frozenset[Key]:
        """What is read whole while it is locked."""
        return frozenset(cost.relation for cost in self.costs if cost.what == "scan")

    @property
    def rewrites(self) -> frozenset[Key]:
        """What is written anew."""
        return frozenset(cost.relation for cost in self.costs if cost.what == "rewrite")


def runs_alone(statement: str) -> bool:
    """Whether a statement refuses to run in a transaction: an index or a partition that comes or goes CONCURRENTLY."""
    return _CONCURRENTLY.match(statement) is not None


def measure(connection: psycopg.Connection[Any], statements: Sequence[str], *, separately: bool = False) -> Impact:
    """Run statements and measure what each costs.

    Args:
        connection: To a scratch database, outside a transaction.
        statements: In their order.
        separately: Each commits by itself, so that locks are not held until the end. Else all run in one transaction,
            which is rolled back.

    Raises:
        psycopg.Error: A statement fails.
    """
    meter = _Meter(connection)
    connection.add_notice_handler(meter.hear)
    try:
        if separately:
            for statement in statements:
                if runs_alone(statement):
                    meter.run_alone(statement)
                else:
                    with connection.transaction():
                        meter.run(statement)
        else:
            with connection.transaction(force_rollback=True):
                for statement in statements:
                    meter.run(statement)
    finally:
        connection.remove_notice_handler(meter.hear)
    return meter.impact()


class _Meter:
    """Runs statements one by one and compares."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._messages: list[str] = []
        self._costs: dict[tuple[str, Key, LockLevel], Cost] = {}
        self._keys: dict[int, Key] = {}
        self._files: dict[int, int] = {}
        ancestors: dict[int, list[int]] = {}
        for oid, schema, name, kind, file, above in connection.execute(_RELATIONS):
            self._keys[oid] = Key(_KINDS[kind], schema, name)
            self._files[oid] = file
            ancestors[oid] = above
        self._roots = {
            self._keys[oid]: tuple(self._keys[other] for other in above if other in self._keys)
            for oid, above in ancestors.items()
        }

    def hear(self, message: ServerMessage) -> None:
        """Remember a message of the server."""
        self._messages.append(message.message_primary or "")

    def run(self, statement: str) -> None:
        """Run a statement inside the transaction that is open."""
        self._connection.execute("SET LOCAL lc_messages = 'C'; SET LOCAL client_min_messages = debug1")
        self._messages.clear()
        self._connection.execute(statement.encode())
        heard = list(self._messages)
        self._connection.execute("SET LOCAL client_min_messages = notice")
        levels: dict[int, LockLevel] = {}
        for oid, mode in self._connection.execute(_LOCKS):
            if oid in self._keys and mode in _LEVELS:
                levels[oid] = max(_LEVELS[mode], levels.get(oid, LockLevel.ACCESS_SHARE))
        for oid, level in levels.items():
            self._add("lock", oid, level, statement)
        for oid, _, _, _, file, _ in self._connection.execute(_RELATIONS).fetchall():
            if oid in self._files and file != self._files[oid]:
                self._files[oid] = file
                self._add("rewrite", oid, levels.get(oid, LockLevel.ACCESS_EXCLUSIVE), statement)
        for oid in self._scanned(heard, levels, statement):
            self._add("scan", oid, levels[oid], statement)

    def run_alone(self, statement: str) -> None:
        """Run a statement outside a transaction; its tables are those whose indexes or partitions have changed."""
        before = {row[0]: row for row in self._connection.execute(_INDEXES)}
        partitions = set(self._connection.execute(_PARTITIONS))
        self._connection.execute(statement.encode())
        for partition, parent in partitions.difference(self._connection.execute(_PARTITIONS)):
            self._add("lock", parent, LockLevel.SHARE_UPDATE_EXCLUSIVE, statement)
            self._add("lock", partition, LockLevel.ACCESS_EXCLUSIVE, statement)
        after = {row[0]: row for row in self._connection.execute(_INDEXES)}
        for oid in before.keys() | after.keys():
            if before.get(oid) != after.get(oid):
                table = (after.get(oid) or before[oid])[1]
                self._add("lock", table, LockLevel.SHARE_UPDATE_EXCLUSIVE, statement)

    def _scanned(self, heard: Sequence[str], levels: Collection[int], statement: str) -> set[int]:
        """Return the locked tables that the server says it reads whole."""
        found: set[int] = set()
        for message in heard:
            if match := _SCAN.match(message):
                name = match["verified"] or match["indexed"]
                found |= {oid for oid in levels if self._keys[oid].name == name}
            elif match := _FOREIGN_KEY.match(message):
                rows = self._connection.execute(
                    "SELECT conrelid::int8 FROM pg_catalog.pg_constraint WHERE conname = %s AND contype = 'f'",
                    (match[1],),
                )
                found |= {oid for (oid,) in rows if oid in levels}
        if re.match(
            r"\s*ALTER\s+DOMAIN\b", statement, re.IGNORECASE
        ):  # it reads every table that uses it, and says nothing
            found |= set(levels)
        return found

    def _add(self, what: str, oid: int, level: LockLevel, statement: str) -> None:
        key = self._keys.get(oid)
        if key is not None:
            self._costs.setdefault((what, key, level), Cost(what, key, level, statement))

    def impact(self) -> Impact:
        """Return what was measured."""
        return Impact(tuple(self._costs.values()), self._roots)


def exceeds(declared: StagedRevision, measured: Impact) -> tuple[tuple[str, str], ...]:
    """Say what a revision costs beyond what it declares.

    Up to ROW EXCLUSIVE, which every UPDATE takes, no lock need be declared; nor a scan under a lock that lets writers
    go on. What is declared for a partitioned table holds for its partitions. Relations that the run made cost nothing.

    Args:
        declared: The revision.
        measured: What was measured of its statements.

    Returns:
        For each excess what it is, and the statement behind it.
    """
    levels: dict[Key, LockLevel] = {}
    for lock in declared.locks:
        place = _place(lock.relation)
        levels[place] = max(lock.level, levels.get(place, lock.level))
    rewrites = {_place(key) for key in declared.rewrites}
    scans = {_place(key) for key in declared.scans} | rewrites
    created = {_place(key) for key in declared.created}
    found: dict[str, str] = {}
    for cost in sorted(measured.costs, key=lambda cost: -cost.level):
        places = {_place(key) for key in (cost.relation, *measured.roots.get(cost.relation, ()))}
        if places & created:
            continue
        name = cost.relation.qualified
        if cost.what == "lock":
            allowed = max((levels[place] for place in places if place in levels), default=None)
            known = any(text.startswith(f"{name} is locked") for text in found)
            if not known and cost.level > max(allowed or _HARMLESS, _HARMLESS):
                found[f"{name} is locked {cost.level}, declared is {allowed or 'no lock'}"] = cost.statement
        elif cost.what == "scan" and cost.level >= _BLOCKS_WRITERS and not places & scans:
            found.setdefault(f"{name} is read whole under {cost.level}", cost.statement)
        elif cost.what == "rewrite" and not places & rewrites:
            found.setdefault(f"{name} is rewritten", cost.statement)
    return tuple(found.items())


def _place(key: Key) -> Key:
    """Return a key that does not tell tables and materialised views apart."""
    return Key(Kind.TABLE, key.schema, key.name)
