"""Carries revisions out on a server, as Alembic does, and measures what they do to tables that were there before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from alembic_vibe.lint.examples import NEXT
from alembic_vibe.prove.measure import _LEVELS as LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.locks import LockLevel
    from alembic_vibe.postgres.server import ScratchServer

HEADER = """\
import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = {down}


"""
STRONG = 5  # SHARE: from here on somebody waits
_RELATIONS = """
SELECT c.oid::int8, n.nspname, c.relname, coalesce(pg_relation_filenode(c.oid), 0)::int8
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND c.oid >= 16384 AND n.nspname !~ '^pg_'
"""
_LOCKS = "SELECT relation::int8, mode FROM pg_locks WHERE locktype = 'relation' AND pid = pg_backend_pid() AND granted"
_DATA = re.compile(r"\s*(UPDATE|DELETE|INSERT|MERGE)\b", re.IGNORECASE)


class Event(NamedTuple):
    """What one statement did: ``work`` as in ``lint.examples``; "none" is the lock itself."""

    table: str
    level: LockLevel
    work: str
    sql: str


@dataclass
class Measured:
    """Everything that was measured of some revisions."""

    events: list[Event] = field(default_factory=list)

    def does(self, table: str, level: LockLevel, work: str) -> bool:
        """Whether a statement did that work on a table under at least that lock."""
        return any(e.table == table and e.level >= level and e.work == work for e in self.events)


def functions(code: str) -> dict[str, Any]:
    """Execute the code of one revision, and return what it defines."""
    namespace: dict[str, Any] = {}
    exec(compile("import sqlalchemy as sa\nfrom alembic import op\n" + code, "revision", "exec"), namespace)
    return namespace


def revisions(code: str) -> list[str]:
    """Take the code of several revisions apart; SQL becomes the code of one."""
    if not code.strip():
        return []
    if "def upgrade" not in code:
        return [f"def upgrade() -> None:\n    op.execute({code!r})\n"]
    return [part.strip() + "\n" for part in code.split(NEXT)]


class Database:
    """An empty database for one example."""

    def __init__(self, server: ScratchServer, name: str) -> None:
        self.engine = sa.create_engine(
            sa.make_url(server.url(name)).set(drivername="postgresql+psycopg"), poolclass=sa.pool.NullPool
        )

    def run(self, code: str, function: str = "upgrade", measured: Measured | None = None) -> None:
        """Run one function of one revision in a transaction of its own; raises what the server raises."""
        with self.engine.connect() as connection:
            if measured is not None:
                _Listener(connection, measured)
            context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
            with context.begin_transaction(_per_migration=True), Operations.context(context):
                functions(code)[function]()

    def works(self, statement: str) -> bool:
        """Whether a statement of an application works now; it is rolled back."""
        with self.engine.connect() as connection:
            try:
                connection.exec_driver_sql(statement)
            except sa.exc.DBAPIError:
                return False
            return True

    def tells(self, query: str) -> bool:
        """Return what a query gives that gives a truth value."""
        with self.engine.connect() as connection:
            return bool(connection.exec_driver_sql(query).scalar())


class _Listener:
    """Adds what each statement of a connection does to ``measured``."""

    def __init__(self, connection: sa.Connection, measured: Measured) -> None:
        driver: Any = connection.connection.driver_connection
        self.raw = driver
        self.measured = measured
        self.messages: list[str] = []
        self.before: dict[int, LockLevel] = {}
        self.raw.execute("SET lc_messages = 'C'")
        self.raw.execute("SET client_min_messages = debug1")
        rows = self.raw.execute(_RELATIONS).fetchall()
        self.names = {oid: name if schema == "public" else f"{schema}.{name}" for oid, schema, name, _ in rows}
        self.files = {oid: file for oid, _, _, file in rows}
        self.raw.commit()
        self.raw.add_notice_handler(lambda message: self.messages.append(message.message_primary or ""))
        sa.event.listen(connection, "before_cursor_execute", self.starts)
        sa.event.listen(connection, "after_cursor_execute", self.ends)

    def held(self) -> dict[int, LockLevel]:
        """The strongest lock on each table that was there before; none outside a transaction."""
        found: dict[int, LockLevel] = {}
        for oid, mode in () if self.raw.autocommit else self.raw.execute(_LOCKS).fetchall():
            if oid in self.names and mode in LEVELS:
                found[oid] = max(LEVELS[mode], found.get(oid, LEVELS[mode]))
        return found

    def starts(self, *_: Any) -> None:
        self.before = self.held()
        self.messages.clear()

    def ends(self, _connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        heard, locks = list(self.messages), self.held()
        for oid, level in locks.items():
            for work in _works(self.names[oid], level, self.before.get(oid, 0), heard, sql):
                self.measured.events.append(Event(self.names[oid], level, work, sql))
        for oid, _, _, file in () if self.raw.autocommit else self.raw.execute(_RELATIONS).fetchall():
            if oid in self.files and self.files[oid] != file:
                self.files[oid] = file
                self.measured.events.append(Event(self.names[oid], locks[oid], "rewrite", sql))


def _works(table: str, level: int, before: int, heard: list[str], sql: str) -> Iterator[str]:
    """Yield what a statement did to one table that it or an earlier one has locked."""
    bare = table.rpartition(".")[2]
    yield "none"
    if level >= STRONG and before >= STRONG:
        yield "held"
        if _DATA.match(sql):
            yield "dml"
    for message in heard:
        if message.startswith(f'verifying table "{bare}"') or "validating foreign key" in message:
            yield "scan"
        if message.startswith("building index") and f'on table "{bare}"' in message:
            yield "build"
