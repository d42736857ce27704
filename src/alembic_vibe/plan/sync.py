"""Two columns that always say the same, whoever writes which (recipes, block SYNC).

A BEFORE trigger runs before NOT NULL, CHECK and generated columns are looked at, so that each release may leave out
the column that it does not know. The new column has no default: that it is NULL on INSERT means that the running
release wrote the row. Triggers fire in the order of their names (PostgreSQL manual, 39.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Trigger
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.blocks import execute, vibe_name
from alembic_vibe.plan.casting import compared_as_text
from alembic_vibe.plan.situation import table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.workspace import SCHEMA
from alembic_vibe.plan.written import written
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.columns import TypeRef
    from alembic_vibe.plan.operations import Operation

Both = tuple[tuple["Operation", ...], tuple["Operation", ...]]


@dataclass(frozen=True)
class Pair:
    """Two columns of a table.

    ``up`` makes the new value from the row as the running release writes it, ``down`` the old one from the row as the
    next release writes it; both are expressions over the columns. ``down`` is empty where nobody knows one: the old
    column is NULL then in rows that the next release writes.
    """

    old: str
    new: str
    up: str
    down: str
    old_type: TypeRef
    new_type: TypeRef


@dataclass(frozen=True)
class _Written:
    old: Name
    new: Name
    up: str
    write_old: str
    old_text: str
    new_text: str


def sync(table: Key, pairs: Sequence[Pair]) -> Both:
    """Return what makes and what removes the trigger that keeps pairs of columns the same.

    Steps that use it need the schema ``vibe``; nothing is read or rewritten. Rows that were there before follow when
    they are written, or are touched by a backfill: ``SET new = new WHERE new IS NULL AND old IS NOT NULL``.

    Args:
        table: The table, partitioned ones too; not one with heirs.
        pairs: The columns.
    """
    function = _function("sync", table, pairs[0].new)
    made = []
    for pair in pairs:
        old, new = Name(pair.old), Name(pair.new)
        down = of_row(pair.down, pair.new, table) if pair.down else "NULL"
        made.append(
            _Written(
                old=old,
                new=new,
                up=of_row(pair.up, pair.old, table),
                write_old=f"NEW.{old} := {down};",
                old_text="::text" if compared_as_text(pair.old_type) else "",
                new_text="::text" if compared_as_text(pair.new_type) else "",
            )
        )
    return _both(table, function, pairs[0].new, written("sync", function=name_of(function), pairs=made))


def follow(table: Key, column: str, expression: str, source: str, *, careful: bool = False) -> Both:
    """Return what makes and what removes the trigger that computes a column from the others whenever a row is written.

    Args:
        table: The table.
        column: The column that follows.
        expression: Its value, over the columns of the row.
        source: The column that the expression is mostly about.
        careful: A value that cannot be converted becomes NULL instead of an error.
    """
    function = _function("follow", table, column)
    value = of_row(expression, source, table)
    make = written("follow", function=name_of(function), column=Name(column), value=value, careful=careful)
    return _both(table, function, column, make)


def of_row(expression: str, column: str, table: Key) -> str:
    """Return an expression over columns as one over ``NEW``; a column, or a cast of one, stays as simple as it is."""
    name = str(Name(column))
    if expression == name or expression.startswith(f"{name}::"):
        return f"NEW.{expression}"
    sql = "(SELECT {expression} FROM (SELECT NEW.*) AS {table})"
    return compose(sql, expression=Printed(expression), table=Name(table.name))


def later_triggers(table: Key, catalog: Catalog) -> list[str]:
    """Return the names of the BEFORE triggers of a table that fire after ours, and may change what it compared."""
    return sorted(
        trigger.key.member
        for trigger in catalog.of_type(Trigger)
        if table_of(trigger.key) == table and " BEFORE " in trigger.definition and trigger.key.member > "vibe_"
    )


def _both(table: Key, function: Key, column: str, create: Operation) -> Both:
    parts = {"trigger": Name(vibe_name("sync", column)), "table": name_of(table)}
    sql = "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    make = (create, execute(sql, **parts, function=name_of(function)))
    return make, (
        execute("DROP TRIGGER {trigger} ON {table}", **parts),
        execute("DROP FUNCTION {function}()", function=name_of(function)),
    )


def _function(what: str, table: Key, column: str) -> Key:
    return Key(Kind.FUNCTION, SCHEMA, vibe_name(what, *_parts(table), column))


def _parts(table: Key) -> Iterator[str]:
    if table.schema != "public":
        yield table.schema
    yield table.name
