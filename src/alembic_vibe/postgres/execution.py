"""Runs statements: a whole script at once, or one statement with the error that it causes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.postgres import names
from alembic_vibe.sql import grammar, tree
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg

    from alembic_vibe.postgres.names import Name
    from alembic_vibe.postgres.tracing import Origins
    from alembic_vibe.sql.statement import Statement

STATEMENT_TIMEOUT = "30s"
_CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)


@dataclass(frozen=True)
class Task:
    """What is sent to the server for a statement: its own text, or one that means the same there."""

    statement: Statement
    text: str
    exact: bool = True  # positions in ``text`` are positions in the statement's own text
    part: int = 0  # of a statement that was split

    @property
    def key(self) -> tuple[int, int]:
        """What tells tasks apart, in the order of the specification."""
        return self.statement.index, self.part


@dataclass(frozen=True)
class Failure:
    """A statement that the server refused, and what it said."""

    statement: Statement
    sqlstate: str
    message: str
    detail: str = ""
    hint: str = ""
    context: str = ""
    position: int | None = None  # character offset in the statement's text

    @property
    def missing(self) -> Name | None:
        """What the statement lacks, where that is what the error is about."""
        return names.missing(self.sqlstate, self.message)


def task_for(statement: Statement) -> Task:
    """The task of a statement that needs no change, but that indexes are not built concurrently.

    ``CONCURRENTLY`` makes the same index, and cannot run inside a transaction.
    """
    if statement.node_type == "IndexStmt" and statement.node["IndexStmt"].get("concurrent"):
        match = _CONCURRENTLY.search(grammar.mask(statement.text))
        if match:
            blank = " " * len(match.group())
            return Task(statement, statement.text[: match.start()] + blank + statement.text[match.end() :])
    return Task(statement, statement.text)


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Set up a session for running a specification."""
    # An event trigger of the specification must not fire while the rest of it is made: role "replica" silences it.
    connection.execute(
        f"SET statement_timeout = '{STATEMENT_TIMEOUT}'; SET lc_messages = 'C'; SET client_min_messages = warning;"
        " SET session_replication_role = replica; SET search_path = public; SET vibe.statement = '-1'"
    )


def _failure(error: psycopg.Error, task: Task, before: int = 0) -> Failure:
    diag = error.diag
    position = None
    if task.exact and diag.statement_position:
        position = int(diag.statement_position) - 1 - before
        if not 0 <= position <= len(task.text):
            position = None
    return Failure(
        task.statement,
        error.sqlstate or "XX000",
        diag.message_primary or str(error).strip(),
        diag.message_detail or "",
        diag.message_hint or "",
        diag.context or "",
        position,
    )


def _extension_sql(name: str) -> str:
    return f"CREATE EXTENSION IF NOT EXISTS {quote_identifier(name)} CASCADE"


def run_script(
    connection: psycopg.Connection[Any], tasks: Sequence[Task], extensions: Mapping[str, Statement] | None = None
) -> Failure | None:
    """Run everything as one script in one transaction; on an error nothing remains, and the failure is returned."""
    import psycopg

    parts = []
    for name, statement in (extensions or {}).items():
        parts.append(f"SET LOCAL vibe.statement = {statement.index};\n{_extension_sql(name)}\n;\n")
    for task in tasks:
        parts.append(f"SET LOCAL vibe.statement = {task.statement.index};\n")
        parts.append(task.text)
        parts.append("\n;\n")
    script = "".join(parts)
    if not tasks:
        return None
    try:
        with connection.transaction():
            connection.execute(script.encode())
    except psycopg.Error as error:
        if connection.broken:
            raise
        return _locate(error, parts, tasks, len(parts) - 3 * len(tasks))
    return None


def _locate(error: psycopg.Error, parts: list[str], tasks: Sequence[Task], first: int) -> Failure:
    """Which statement of the script failed: by the error's position, else found out statement by statement."""
    position = error.diag.statement_position
    if position:
        offset = int(position) - 1
        start = sum(map(len, parts[:first]))
        for number, task in enumerate(tasks):
            before = start + len(parts[first + 3 * number])
            start = before + len(task.text) + len(parts[first + 3 * number + 2])
            if offset < start:
                return _failure(error, task, before)
    # The statement does not matter to the caller as long as the message names what is missing.
    guess = _mentions(error, tasks)
    failure = _failure(error, guess)
    return Failure(guess.statement, failure.sqlstate, failure.message, failure.detail, failure.hint, failure.context)


def _mentions(error: psycopg.Error, tasks: Sequence[Task]) -> Task:
    wanted = names.missing(error.sqlstate or "", error.diag.message_primary or "")
    if wanted is not None:
        for task in tasks:
            if wanted.name in task.text:
                return task
    return tasks[0]


def run_one(connection: psycopg.Connection[Any], task: Task) -> Failure | None:
    """Run a statement in a transaction of its own."""
    import psycopg

    prefix = f"SET LOCAL vibe.statement = {task.statement.index};\n"
    try:
        # Two statements in one query are one transaction.
        connection.execute((prefix + task.text).encode())
    except psycopg.Error as error:
        if connection.broken:
            raise
        return _failure(error, task, len(prefix))
    return None


def create_extension(connection: psycopg.Connection[Any], name: str, statement: Statement) -> bool:
    """Create an extension on behalf of a statement; returns whether the server did."""
    return run_one(connection, Task(statement, _extension_sql(name), exact=False)) is None


_GRANTS_ON = {"OBJECT_TABLE": "regclass", "OBJECT_SEQUENCE": "regclass", "OBJECT_SCHEMA": "regnamespace"}


def add_grant_origins(
    connection: psycopg.Connection[Any], statements: Iterable[Statement], ran: set[int], origins: Origins
) -> None:
    """Tie GRANT and REVOKE to the tables, sequences and schemas that they name: the server does not log that."""
    wanted: list[tuple[int, str, str]] = []
    for statement in statements:
        node = statement.node.get("GrantStmt")
        if not node or statement.index not in ran or node.get("targtype") != "ACL_TARGET_OBJECT":
            continue
        kind = _GRANTS_ON.get(node.get("objtype", ""))
        for item in node.get("objects", ()):
            if kind == "regclass" and "RangeVar" in item:
                name = tree.relation_name(item["RangeVar"])
                wanted.append((statement.index, kind, quote_qualified(name.schema, name.name)))
            elif kind == "regnamespace" and "String" in item:
                wanted.append((statement.index, kind, quote_identifier(item["String"].get("sval", ""))))
    if not wanted:
        return
    rows = connection.execute(
        "SELECT w.statement, CASE w.kind WHEN 'regclass' THEN 'pg_class'::regclass ELSE 'pg_namespace'::regclass END"
        "::oid::bigint, CASE w.kind WHEN 'regclass' THEN to_regclass(w.name)::oid ELSE to_regnamespace(w.name)::oid"
        " END::bigint FROM unnest(%s::int[], %s::text[], %s::text[]) WITH ORDINALITY AS w(statement, kind, name, n)"
        " ORDER BY n",
        [list(column) for column in zip(*wanted, strict=True)],
    )
    for statement_index, classid, objid in rows:
        if objid is not None:
            made = origins.setdefault((classid, objid, 0), [])
            if statement_index not in made:
                made.append(statement_index)
