"""A column of a table becomes another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.plan.blocks import alter
from alembic_vibe.plan.column_sql import add_column, identity_clause, identity_settings
from alembic_vibe.plan.described import comment
from alembic_vibe.plan.operations import DropColumn
from alembic_vibe.plan.situation import column_key
from alembic_vibe.plan.sql import storage_parameters
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.columns import Options
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Operation

SHAPE = frozenset({"type", "collation", "generated"})


def add(table: Key, column: Column) -> tuple[Operation, ...]:
    """Return what adds a column with all that belongs to it."""
    return add_column(table, column)


def drop(table: Key, column: Column) -> tuple[Operation, ...]:
    """Return what drops a column."""
    sql = alter(table, "DROP COLUMN {name}", name=Name(column.name))
    return (DropColumn(table, column.name, sql.statements),)


def is_remade(one: Column, other: Column) -> bool:
    """Whether a column must be dropped and added: its values come from elsewhere from now on."""
    if one.generated == other.generated:
        return bool(one.generated) and one.default != other.default
    return bool(other.generated) or one.generated == "virtual"


def change(table: Key, one: Column, other: Column) -> tuple[Operation, ...]:
    """Return what makes one column of another of the same name."""
    if is_remade(one, other):
        return (*drop(table, one), *add(table, other))
    return tuple(_changes(table, one, other))


def _changes(table: Key, one: Column, other: Column) -> Iterator[Operation]:
    name = Name(other.name)
    if one.generated and not other.generated:
        yield alter(table, "ALTER COLUMN {name} DROP EXPRESSION", name=name)
        one = replace(one, generated="", default=None)
    if one.identity and not other.identity:
        yield alter(table, "ALTER COLUMN {name} DROP IDENTITY", name=name)
    retyped = (one.type, one.collation) != (other.type, other.collation)
    if one.default is not None and (other.default is None or retyped) and not one.identity:
        yield alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name)
    if retyped:
        collation = Printed(f" COLLATE {other.collation}" if other.collation else "")
        using = Printed("" if one.type == other.type else f" USING {name}::{other.type.text}")
        action = "ALTER COLUMN {name} TYPE {type}{collation}{using}"
        yield alter(table, action, name=name, type=Printed(other.type.text), collation=collation, using=using)
    if other.not_null and not one.not_null:
        yield alter(table, "ALTER COLUMN {name} SET NOT NULL", name=name)
    if other.identity and not one.identity:
        yield alter(table, "ALTER COLUMN {name} ADD {identity}", name=name, identity=identity_clause(other))
    elif other.identity and one.identity != other.identity:
        how = Printed(other.identity.upper())
        yield alter(table, "ALTER COLUMN {name} SET GENERATED {how}", name=name, how=how)
    if other.identity and one.identity:
        yield from identity_settings(table, one, other)
    if one.not_null and not other.not_null:
        yield alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=name)
    if other.default is not None and (retyped or one.default != other.default):
        yield alter(table, "ALTER COLUMN {name} SET DEFAULT {default}", name=name, default=Printed(other.default))
    yield from _settings(table, one, other)
    if one.comment != other.comment:
        yield comment(column_key(table, other.name), other)


def _settings(table: Key, one: Column, other: Column) -> Iterator[Operation]:
    name = Name(other.name)
    if one.storage != other.storage:
        storage = Printed((other.storage or "DEFAULT").upper())
        yield alter(table, "ALTER COLUMN {name} SET STORAGE {storage}", name=name, storage=storage)
    if one.compression != other.compression:
        compression = Printed(other.compression or "DEFAULT")
        yield alter(table, "ALTER COLUMN {name} SET COMPRESSION {compression}", name=name, compression=compression)
    if one.statistics != other.statistics:
        target = Printed(str(-1 if other.statistics is None else other.statistics))
        yield alter(table, "ALTER COLUMN {name} SET STATISTICS {target}", name=name, target=target)
    gone, kept = settings_between(one.options, other.options)
    if gone:
        yield alter(table, "ALTER COLUMN {name} RESET ({gone})", name=name, gone=gone)
    if kept:
        yield alter(table, "ALTER COLUMN {name} SET {options}", name=name, options=storage_parameters(kept))
    if one.not_null and other.not_null and one.not_null_name != other.not_null_name:
        usual = f"{table.name}_{other.name}_not_null"
        names = {"was": Name(one.not_null_name or usual), "now": Name(other.not_null_name or usual)}
        yield alter(table, "RENAME CONSTRAINT {was} TO {now}", **names)


def settings_between(one: Options, other: Options) -> tuple[Printed | None, Options]:
    """Return the names of the settings that go, for RESET, and the settings that come or change."""
    old, new = dict(one), dict(other)
    gone = ", ".join(str(Name(name)) for name in old if name not in new)
    return (Printed(gone) if gone else None), tuple((k, v) for k, v in new.items() if old.get(k) != v)
