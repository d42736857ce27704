"""Ties every object to the statement that made it, with an event trigger.

The trigger logs ``pg_event_trigger_ddl_commands()`` (manual, section "Event Trigger Functions") and the number of the
current statement, which the loader keeps in the setting ``vibe.statement``. What the server does not log by itself —
columns and constraints added to an existing table — is found from the highest numbers in use after each statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

SCHEMA = "vibe_scratch"

_INSTALL = """
CREATE SCHEMA vibe_scratch;
CREATE TABLE vibe_scratch.log (
    position bigint GENERATED ALWAYS AS IDENTITY,
    statement integer,
    classid oid,
    objid oid,
    objsubid integer,
    columns integer,
    last_constraint oid
);
CREATE FUNCTION vibe_scratch.record() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vibe_scratch.log (statement, classid, objid, objsubid, columns, last_constraint)
    -- Subqueries, not joins: each is one look into an index, whatever the planner believes about these tables.
    SELECT pg_catalog.current_setting('vibe.statement')::integer, c.classid, c.objid, c.objsubid,
           CASE WHEN c.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                THEN (SELECT r.relnatts FROM pg_catalog.pg_class AS r WHERE r.oid = c.objid) END,
           (SELECT k.oid FROM pg_catalog.pg_constraint AS k ORDER BY k.oid DESC LIMIT 1)
      FROM pg_catalog.pg_event_trigger_ddl_commands() AS c;
END
$$;
CREATE EVENT TRIGGER vibe_scratch_record ON ddl_command_end EXECUTE FUNCTION vibe_scratch.record();
-- The session's role is "replica", so that event triggers of the schema under test do not fire; this one does.
ALTER EVENT TRIGGER vibe_scratch_record ENABLE ALWAYS;
"""

_REMOVE = """
DROP EVENT TRIGGER IF EXISTS vibe_scratch_record;
DROP SCHEMA IF EXISTS vibe_scratch CASCADE;
"""

_CONSTRAINTS = """
SELECT c.oid::bigint, c.conrelid::bigint, c.conindid::bigint, c.contype::text
  FROM pg_catalog.pg_constraint AS c
 WHERE c.oid >= 16384
 ORDER BY c.oid
"""

Origins = dict[tuple[int, int, int], list[int]]


def install(connection: psycopg.Connection[Any]) -> None:
    """Put the trigger into the database."""
    connection.execute(_INSTALL.encode())


def remove(connection: psycopg.Connection[Any]) -> None:
    """Take the trigger and its log out of the database."""
    connection.execute(_REMOVE.encode())


def read(connection: psycopg.Connection[Any]) -> Origins:
    """Return the statements behind each object, by ``(classid, objid, objsubid)``, in the order in which they ran.

    Columns are ``(pg_class, table, number)``; those that came with the table have no entry of their own.
    """
    classes = connection.execute(
        "SELECT 'pg_class'::regclass::oid::bigint, 'pg_constraint'::regclass::oid::bigint"
    ).fetchone()
    assert classes is not None
    relations, constraint_class = classes
    origins: Origins = {}
    marks: list[tuple[int, int]] = []  # (highest constraint after the statement, statement)
    width: dict[int, int] = {}
    rows = connection.execute(
        "SELECT statement, classid::bigint, objid::bigint, objsubid, columns, last_constraint::bigint"
        " FROM vibe_scratch.log ORDER BY position"
    )
    for statement, classid, objid, objsubid, columns, last in rows:
        if last is not None and (not marks or last > marks[-1][0]):
            marks.append((last, statement))
        if not objid:  # GRANT and the like: the server does not say of what
            continue
        _add(origins, (classid, objid, objsubid), statement)
        if classid == relations and columns is not None:
            for number in range(width.get(objid, columns) + 1, columns + 1):
                _add(origins, (relations, objid, number), statement)
            width[objid] = columns
    _constraints(connection, origins, marks, (relations, constraint_class))
    return origins


def _constraints(
    connection: psycopg.Connection[Any], origins: Origins, marks: list[tuple[int, int]], classes: tuple[int, int]
) -> None:
    relations, constraint_class = classes
    position = 0
    for oid, _table, index, kind in connection.execute(_CONSTRAINTS):
        while position < len(marks) and marks[position][0] < oid:
            position += 1
        if position == len(marks):
            break
        statement = marks[position][1]
        if (constraint_class, oid, 0) not in origins:
            _add(origins, (constraint_class, oid, 0), statement)
        if index and kind != "f" and (relations, index, 0) not in origins:
            _add(origins, (relations, index, 0), statement)


def _add(origins: Origins, address: tuple[int, int, int], statement: int) -> None:
    statements = origins.setdefault(address, [])
    if not statements or statements[-1] != statement:
        statements.append(statement)
