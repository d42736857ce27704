"""Tables and partitions (recipe 42): on a table that the same run makes, everything may be done at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Fact, Sequence, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import CreateTable, DropTable, Execute, Operation
from alembic_vibe.plan.serial import serial_sequence
from alembic_vibe.plan.sql import (
    cluster_on,
    column_definition,
    column_settings,
    comment_on,
    key_statistics,
    name_of,
    owner_of,
    rename_not_null,
    table_clauses,
)
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.plan.context import Context

KINDS = (Kind.TABLE,)
_CONSTRAINT_ORDER = {
    ConstraintKind.PRIMARY: 0,
    ConstraintKind.UNIQUE: 1,
    ConstraintKind.CHECK: 2,
    ConstraintKind.EXCLUDE: 3,
    ConstraintKind.FOREIGN: 4,
}


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes a table with its columns, the constraints that it can have at once, and comments."""
    assert isinstance(fact, Table)
    constraints = tuple(
        sorted(context.inline.get(fact.key, ()), key=lambda found: (_CONSTRAINT_ORDER[found.kind], found.name))
    )
    up: list[Operation] = []
    if fact.partition_of is not None:
        up.append(Execute(_partition(fact)))
        up.extend(_partition_differences(fact, context))
        up.extend(_comments(fact))
    else:
        serial = tuple(
            column.name
            for column in fact.columns
            if serial_sequence(column, fact, context.target, constraints) is not None
        )
        statements = (_create_table(fact, constraints, serial), *(comment.sql for comment in _comments(fact)))
        up.append(CreateTable(fact, constraints, statements, serial))
    for constraint in constraints:
        target = Printed(f"{Name(constraint.name)} ON {name_of(fact.key)}")
        up.extend(comment_on("CONSTRAINT", target, constraint.comment))
        up.extend(key_statistics(Name(fact.key.schema, constraint.name), constraint.keys))
        if constraint.clustered:
            up.append(cluster_on(fact.key, constraint.name))
    up.extend(_column_storage(fact))
    up.extend(_owned_sequences(fact, context))
    up.extend(owner_of("TABLE", name_of(fact.key), fact.owner))
    down = DropTable(fact.key, (compose("DROP TABLE {name}", name=name_of(fact.key)),))
    return Step(fact.key, tuple(up), (*_detach(fact, context), down))


def _create_table(table: Table, constraints: tuple[Constraint, ...], serial: tuple[str, ...]) -> str:
    own = [column for column in table.columns if not column.inherited]
    lines = [str(column_definition(column, serial=column.name in serial)) for column in own]
    lines.extend(
        compose("CONSTRAINT {name} {definition}", name=Name(found.name), definition=Printed(found.definition))
        for found in constraints
    )
    body = "(\n    " + ",\n    ".join(lines) + "\n)" if lines else "()"
    parts = [
        compose(
            "CREATE {unlogged}TABLE {name} {body}",
            unlogged=Printed("UNLOGGED " if table.unlogged else ""),
            name=name_of(table.key),
            body=Printed(body),
        )
    ]
    if table.inherits:
        parts.append(compose("INHERITS ({parents})", parents=[name_of(parent) for parent in table.inherits]))
    return " ".join([*parts, *table_clauses(table)])


def _partition(table: Table) -> str:
    assert table.partition_of is not None
    parts = [
        compose(
            "CREATE {unlogged}TABLE {name} PARTITION OF {parent} {bound}",
            unlogged=Printed("UNLOGGED " if table.unlogged else ""),
            name=name_of(table.key),
            parent=name_of(table.partition_of),
            bound=Printed(table.partition_bound or "DEFAULT"),
        )
    ]
    return " ".join([*parts, *table_clauses(table)])


def _detach(table: Table, context: Context) -> Iterator[Execute]:
    """Yield what must come before a partition goes: foreign keys to its parents hold it (PostgreSQL manual, 5.12).

    DETACH PARTITION refuses while rows elsewhere refer to rows of the partition, and so it should: a downgrade that
    takes away a partition of a table that stays must not leave references to nothing.
    """
    above = set()
    upper = table.partition_of
    while upper is not None:
        above.add(upper)
        upper = context.target.table(upper).partition_of
    if table.partition_of is not None and any(
        found.references in above for found in context.target.of_type(Constraint)
    ):
        sql = "ALTER TABLE {parent} DETACH PARTITION {name}"
        yield Execute(compose(sql, parent=name_of(table.partition_of), name=name_of(table.key)))


def _partition_differences(table: Table, context: Context) -> Iterator[Execute]:
    """Yield what a partition's columns have beyond those of its parent: defaults and NOT NULL of its own."""
    assert table.partition_of is not None
    parent = context.target.table(table.partition_of)
    for column in table.columns:
        model = parent.column(column.name)
        alter = {"table": name_of(table.key), "column": Name(column.name)}
        if column.default != model.default and not column.generated:
            if column.default is None:
                yield Execute(compose("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT", **alter))
            else:
                sql = "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}"
                yield Execute(compose(sql, **alter, default=Printed(column.default)))
        if column.not_null and not model.not_null:
            yield Execute(compose("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL", **alter))


def _comments(table: Table) -> list[Execute]:
    name = name_of(table.key)
    found = list(comment_on("TABLE", name, table.comment))
    for column in table.columns:
        found.extend(comment_on("COLUMN", Printed(f"{name}.{Name(column.name)}"), column.comment))
    return found


def _column_storage(table: Table) -> Iterator[Execute]:
    """Yield what CREATE TABLE cannot say: settings of columns, names of what it makes by itself."""
    for column in table.columns:
        yield from column_settings("TABLE", table.key, column)
        if column.identity_sequence:
            usual = Name(table.key.schema, f"{table.key.name}_{column.name}_seq")
            sql = "ALTER SEQUENCE {usual} RENAME TO {name}"
            yield Execute(compose(sql, usual=usual, name=Name(column.identity_sequence)))
        if column.not_null_name is not None and not column.inherited:
            yield Execute(rename_not_null(table.key, column))


def _owned_sequences(table: Table, context: Context) -> Iterator[Execute]:
    constraints = context.inline.get(table.key, ())
    for sequence in context.target.of_type(Sequence):
        if sequence.owned_by is None or sequence.owned_by[0] != table.key:
            continue
        column = table.column(sequence.owned_by[1])
        if serial_sequence(column, table, context.target, constraints) is None:
            owner = Printed(f"{name_of(table.key)}.{Name(column.name)}")
            sql = "ALTER SEQUENCE {name} OWNED BY {owner}"
            yield Execute(compose(sql, name=name_of(sequence.key), owner=owner))
