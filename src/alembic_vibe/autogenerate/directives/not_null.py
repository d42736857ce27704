"""NOT NULL without a scan under a lock that stops readers (recipes 12 and 13, block NN).

A valid CHECK (column IS NOT NULL) spares SET NOT NULL its look at the rows (PostgreSQL manual, ALTER TABLE, "SET NOT
NULL"). Each statement commits by itself, so that the lock of one is gone before the next one reads the table; this form
is the same on PostgreSQL 15 to 18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.autogenerate.directives.model import Piece, Stage
from alembic_vibe.autogenerate.directives.writing import meanwhile, outside, qualified, sql
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.autogenerate.directives.operations import Autocommit, Statement
    from alembic_vibe.autogenerate.directives.situation import Situation, TableKey


def set_not_null(key: TableKey | None, column: str, situation: Situation, *, undone: bool = True) -> Piece:
    """Return the piece that makes a column NOT NULL."""
    undo = (_plain(key, column),) if undone else ()
    title = f"{column} of {key[1] if key else ''} not null"
    return Piece(Stage.TIGHTEN, (_steps(key, column, situation),), undo, title, alone=True)


def drop_not_null(key: TableKey | None, column: str, situation: Situation, *, undone: bool = True) -> Piece:
    """Return the piece that lets a column be NULL."""
    undo = (_steps(key, column, situation),) if undone else ()
    title = f"{column} of {key[1] if key else ''} null"
    return Piece(Stage.LOOSEN, (_plain(key, column),), undo, title, alone=True)


def _plain(key: TableKey | None, column: str) -> Statement:
    return sql("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL", table=qualified(key), column=Name(column))


def _steps(key: TableKey | None, column: str, situation: Situation) -> Autocommit:
    table, name = qualified(key), Name(str(meanwhile("not_null", column)))
    target = Name(column)
    return outside(
        (
            sql("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}", table=table, name=name),
            sql(
                "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID",
                table=table,
                name=name,
                column=target,
            ),
            sql("ALTER TABLE {table} VALIDATE CONSTRAINT {name}", table=table, name=name),
            sql("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL", table=table, column=target),
            sql("ALTER TABLE {table} DROP CONSTRAINT {name}", table=table, name=name),
        ),
        lock_timeout=situation.lock_timeout,
    )
