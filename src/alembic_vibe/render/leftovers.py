"""What SQLAlchemy's expressions do not carry, as the SQL that restores it.

Nothing of a table is dropped in silence: a fact without an expression is a `Leftover`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import SequenceOptions
from alembic_vibe.plan.sql import column_definition, rename_not_null
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Constraint, Index, Options, Table
    from alembic_vibe.catalog.keys import Key

NUMBER = re.compile(r"\d+(\.\d+)?\Z")
MAXIMUM = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


@dataclass(frozen=True, slots=True)
class Leftover:
    """A fact of a table that its expression does not carry.

    ``column`` is empty for what concerns the whole table, ``constraint`` is the constraint that has to be added by
    itself. ``sql`` is one statement, to be run after the table is made, in the order of the list.
    """

    table: Key
    reason: str
    sql: str
    column: str = ""
    constraint: Constraint | None = None


def identity_options(column: Column) -> list[tuple[str, str]]:
    """Return the options of an identity column that are not PostgreSQL's own: SQLAlchemy's keyword, Python's value."""
    options = column.identity_options or SequenceOptions(type=column.type.base)
    descending = options.increment < 0
    limit = MAXIMUM.get(options.type, MAXIMUM["bigint"])
    low, high = (-limit - 1, -1) if descending else (1, limit)
    found = (
        ("start", options.start, options.maximum if descending else options.minimum),
        ("increment", options.increment, 1),
        ("minvalue", options.minimum, low),
        ("maxvalue", options.maximum, high),
        ("cache", options.cache, 1),
    )
    result = [(keyword, str(value)) for keyword, value, usual in found if value != usual]
    return [*result, ("cycle", "True")] if options.cycle else result


def added_column(column: Column, table: Key) -> list[Leftover]:
    """Return the statements that add a column which ``sa.Column`` cannot express, and its comment.

    A name of its NOT NULL constraint is a leftover like that of every other column: see `not_null_leftover`.
    """
    names_ = {"table": Name(table.schema, table.name)}
    sql = compose("ALTER TABLE {table} ADD COLUMN {definition}", **names_, definition=column_definition(column))
    result = [Leftover(table, "column that SQLAlchemy 2.0 cannot express", sql, column.name)]
    if column.comment is not None:
        comment = compose(
            "COMMENT ON COLUMN {table}.{column} IS {comment}",
            **names_,
            column=Name(column.name),
            comment=Literal(column.comment),
        )
        result.append(Leftover(table, "comment", comment, column.name))
    return result


def column_leftovers(column: Column, table: Key) -> list[Leftover]:
    """Return what ``sa.Column`` does not carry: storage, compression, statistics."""
    names_ = {"table": Name(table.schema, table.name), "column": Name(column.name)}
    result = []
    for reason, clause, value in (
        ("storage", "SET STORAGE", (column.storage or "").upper()),
        ("compression", "SET COMPRESSION", column.compression),
        ("statistics target", "SET STATISTICS", "" if column.statistics is None else str(column.statistics)),
    ):
        if value:
            change = Printed(f"{clause} {value}")
            sql = compose("ALTER TABLE {table} ALTER COLUMN {column} {change}", **names_, change=change)
            result.append(Leftover(table, reason, sql, column.name))
    return result


def not_null_leftover(column: Column, table: Key) -> Leftover | None:
    """Return the renaming of a NOT NULL constraint that has a name of its own (PostgreSQL 18 and later)."""
    if column.not_null_name is None:
        return None
    return Leftover(table, "name of a NOT NULL constraint", rename_not_null(table, column), column.name)


def constraint_sql(constraint: Constraint) -> str:
    """Return ``ALTER TABLE … ADD CONSTRAINT …`` with PostgreSQL's own definition."""
    return compose(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {definition}",
        table=Name(constraint.table.schema, constraint.table.name),
        name=Name(constraint.name),
        definition=Printed(constraint.definition),
    )


def constraint_leftovers(constraint: Constraint) -> list[Leftover]:
    """Return what no definition of a constraint carries: the storage parameters of its index, its comment."""
    result = []
    if constraint.options:
        sql = compose(
            "ALTER INDEX {name} SET ({settings})",
            name=Name(constraint.key.schema, constraint.name),
            settings=_settings(constraint.options),
        )
        result.append(Leftover(constraint.table, "storage parameters of a constraint's index", sql))
    if constraint.comment is not None:
        sql = compose(
            "COMMENT ON CONSTRAINT {name} ON {table} IS {comment}",
            name=Name(constraint.name),
            table=Name(constraint.table.schema, constraint.table.name),
            comment=Literal(constraint.comment),
        )
        result.append(Leftover(constraint.table, "comment on a constraint", sql))
    return result


def index_leftovers(index: Index) -> list[Leftover]:
    """Return what neither form of an index carries: its comment, and that the table is clustered on it."""
    table, name = Name(index.table.schema, index.table.name), Name(index.key.name)
    result = []
    if index.comment is not None:
        sql = compose(
            "COMMENT ON INDEX {name} IS {comment}",
            name=Name(index.key.schema, index.key.name),
            comment=Literal(index.comment),
        )
        result.append(Leftover(index.table, "comment on an index", sql))
    if index.clustered:
        sql = compose("ALTER TABLE {table} CLUSTER ON {name}", table=table, name=name)
        result.append(Leftover(index.table, "clustered on an index", sql))
    return result


def table_leftovers(table: Table) -> list[Leftover]:
    """Return what ``sa.Table`` of SQLAlchemy 2.0.30 does not carry: the storage parameters."""
    if not table.options:
        return []
    sql = compose(
        "ALTER TABLE {table} SET ({settings})",
        table=Name(table.key.schema, table.key.name),
        settings=_settings(table.options),
    )
    return [Leftover(table.key, "storage parameters", sql)]


def _settings(options: Options) -> Printed:
    return Printed(", ".join(f"{name} = {_setting_sql(value)}" for name, value in options))


def _setting_sql(value: str) -> str:
    return value if NUMBER.match(value) or value.isalpha() else str(Literal(value))
