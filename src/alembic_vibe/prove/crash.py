"""Interrupt statements that commit by themselves, and see whether running them all again leads to the same schema.

Interrupted is after each statement, and in the middle of what is built CONCURRENTLY: a build that is cancelled while it
waits for a writer leaves an invalid index (manual, "CREATE INDEX", section "Building Indexes Concurrently").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.diff.compare import compare
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.copies import database_copy
from alembic_vibe.prove.measure import runs_alone
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.postgres.server import ScratchServer

_SETTING = re.compile(r"\s*(?:SET|RESET|SELECT\s+set_config)\b", re.IGNORECASE)
_TABLES = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.oid >= 16384 AND n.nspname !~ '^pg_'
"""


class RerunError(Exception):
    """What ``rerun`` raises where the statements fail."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """A crash after (or in the middle of) a statement that cannot be made good, and what happens then."""

    statement: str
    halfway: bool
    message: str

    def __str__(self) -> str:
        return f"interrupted {'in' if self.halfway else 'after'} {_shortened(self.statement)!r}, {self.message}"


def interrupt(
    server: ScratchServer,
    database: str,
    statements: Sequence[str],
    rerun: Callable[[str], None] | None = None,
) -> tuple[Interruption, ...]:
    """Run a part of the statements, then all of them, for every part; compare what comes out.

    Args:
        server: Where the copies of the database are made.
        database: The state before the statements; nobody may be connected to it.
        statements: In their order; each commits by itself.
        rerun: Runs all of them on the database of that name, and raises ``RerunError`` where that fails. The default
            runs the statements as they are.

    Returns:
        The interruptions after which the second run fails, or ends elsewhere than a single run.

    Raises:
        RerunError: The statements fail without an interruption.
    """
    again = rerun or _runner(server, statements)
    with database_copy(server, database) as copy:
        again(copy)
        wanted = _catalog(server, copy)
    found = []
    for number, statement in enumerate(statements):
        if _SETTING.match(statement):
            continue
        for halfway in (False, True) if runs_alone(statement) else (False,):
            with database_copy(server, database) as copy:
                _run_part(server, copy, statements[: number + 1], halfway=halfway)
                message = _run_again(server, copy, again, wanted)
            if message:
                found.append(Interruption(statement, halfway, message))
    return tuple(found)


def _run_again(server: ScratchServer, copy: str, again: Callable[[str], None], wanted: Catalog) -> str:
    try:
        again(copy)
    except RerunError as error:
        return f"it fails: {error}"
    changes = compare(wanted, _catalog(server, copy))
    return f"it ends elsewhere: {changes[0].describe()}" if changes else ""


def _runner(server: ScratchServer, statements: Sequence[str]) -> Callable[[str], None]:
    def run(database: str) -> None:
        import psycopg

        try:
            with server.connect(database, autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement.encode())
        except psycopg.Error as error:
            raise RerunError(str(error).splitlines()[0]) from error

    return run


def _run_part(server: ScratchServer, database: str, statements: Sequence[str], *, halfway: bool) -> None:
    """Run statements and lose the connection; ``halfway``: the last one is cancelled while a writer is in its way."""
    import psycopg

    with server.connect(database, autocommit=True) as connection:
        for statement in statements[:-1] if halfway else statements:
            connection.execute(statement.encode())
        if not halfway:
            return
        with server.connect(database) as writer:
            tables = [Name(schema, name) for schema, name in connection.execute(_TABLES)]
            if tables:
                writer.execute(compose("LOCK TABLE {tables} IN ROW EXCLUSIVE MODE", tables=tables).encode())
            connection.execute("SET lock_timeout = '100ms'")
            try:
                connection.execute(statements[-1].encode())
            except psycopg.errors.LockNotAvailable:
                pass
            finally:
                writer.rollback()


def _catalog(server: ScratchServer, database: str) -> Catalog:
    with server.connect(database, autocommit=True) as connection:
        return read_catalog(connection).catalog


def _shortened(statement: str) -> str:
    text = " ".join(statement.split())
    return text if len(text) <= 80 else text[:77] + "..."
