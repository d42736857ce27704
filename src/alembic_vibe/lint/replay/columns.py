"""Columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.replay import constraints
from alembic_vibe.lint.replay.common import descendants, family, renamed, renamed_in
from alembic_vibe.lint.schema import Column

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import ColumnSpec
    from alembic_vibe.lint.schema import Constraint, Schema, Table

_NEXTVAL = {"FuncCall": {"funcname": [{"String": {"sval": "nextval"}}]}}


def made(spec: ColumnSpec, revision: str, table: Table) -> Column:
    """Return the column that a specification makes."""
    default = spec.default
    if spec.serial:
        default = a.Expression(f"nextval('{table.name.name}_{spec.name}_seq'::regclass)", _NEXTVAL)
    return Column(
        spec.name, spec.type, spec.not_null, default, spec.generated, spec.identity, spec.collation, revision,
        spec.generated_from,
    )  # fmt: skip


def _add(action: a.AddColumn, schema: Schema, revision: str) -> None:
    table = schema.change(action.table)
    if table is None or (action.if_not_exists and action.column.name in table.columns):
        return
    for one in (table, *descendants(schema, table.name)):
        one.columns[action.column.name] = made(action.column, revision, table)
        schema.dropped_columns.pop((one.name, action.column.name), None)
    for spec in action.column.constraints:
        constraints.add(spec, table, schema, revision)


def drop(action: a.DropColumn, schema: Schema, revision: str) -> None:
    """Drop a column, with the constraints and indexes that name it and the foreign keys to it."""
    for table in family(schema, action.table):
        name = action.column
        if name not in table.columns and table.complete:
            continue
        table.columns.pop(name, None)
        for made_of in [c.name for c in table.columns.values() if name in c.generated_from]:
            drop(replace(action, table=table.name, column=made_of), schema, revision)
        schema.dropped_columns[table.name, name] = revision
        for constraint in list(table.constraints.values()):
            if name in constraint.spec.columns or name in constraint.spec.include:
                del table.constraints[constraint.spec.name]
        for index in list(table.indexes.values()):
            if index.needs(name):
                del table.indexes[index.name]
        for other, constraint in list(schema.references_to(table.name)):
            mine = schema.change(other.name) if name in constraint.spec.reference_columns else None
            if mine is not None:
                mine.constraints.pop(constraint.spec.name, None)


def _rename(action: a.RenameColumn, schema: Schema, revision: str) -> None:
    del revision
    old, new = action.column, action.new_name
    for table in family(schema, action.table):
        _rename_one(table, old, new)
        for other, constraint in list(schema.references_to(table.name)):
            mine = schema.change(other.name) if old in constraint.spec.reference_columns else None
            if mine is not None:
                own = mine.constraints[constraint.spec.name]
                own.spec = replace(own.spec, reference_columns=renamed(own.spec.reference_columns, old, new))


def _rename_one(table: Table, old: str, new: str) -> None:
    if old in table.columns:
        table.columns[old].name = new
        table.columns = {new if key == old else key: value for key, value in table.columns.items()}
    for column in table.columns.values():
        column.generated_from = renamed(column.generated_from, old, new)
    for constraint in table.constraints.values():
        _rename_in(constraint, old, new)
    for index in table.indexes.values():
        index.columns = renamed(index.columns, old, new)
        index.include = renamed(index.include, old, new)
        index.key_names = renamed(index.key_names, old, new)
        if old in index.expressions_use:
            index.expressions_use = renamed(index.expressions_use, old, new)
            index.predicate = renamed_in(index.predicate, old, new)
    if table.partition_key:
        table.partition_key = renamed(table.partition_key, old, new)


def _rename_in(constraint: Constraint, old: str, new: str) -> None:
    spec = constraint.spec
    if old in spec.columns or old in spec.include:
        constraint.spec = replace(
            spec,
            columns=renamed(spec.columns, old, new),
            include=renamed(spec.include, old, new),
            expression=renamed_in(spec.expression, old, new),
        )


def _alter_type(action: a.AlterType, schema: Schema, revision: str) -> None:
    del revision
    for table in family(schema, action.table):
        column = table.columns.get(action.column)
        if column is not None:
            column.type = action.type
            column.collation = action.collation


def _set_not_null(action: a.SetNotNull, schema: Schema, revision: str) -> None:
    for table in family(schema, action.table):
        if action.column in table.columns:
            table.columns[action.column].not_null = True
        for constraint in table.constraints.values():
            if constraint.spec.kind == "not null" and action.column in constraint.spec.columns and not constraint.valid:
                constraint.valid = True
                constraint.validated_by = revision


def _drop_not_null(action: a.DropNotNull, schema: Schema, revision: str) -> None:
    del revision
    for table in family(schema, action.table):
        if action.column in table.columns:
            table.columns[action.column].not_null = False
        for constraint in list(table.constraints.values()):
            if constraint.spec.kind == "not null" and action.column in constraint.spec.columns:
                del table.constraints[constraint.spec.name]


def _change(action: a.SetDefault | a.DropDefault, schema: Schema, revision: str) -> None:
    del revision
    for table in family(schema, action.table):
        if action.column in table.columns:
            table.columns[action.column].default = action.default if isinstance(action, a.SetDefault) else None


def _identity(action: a.AddIdentity, schema: Schema, revision: str) -> None:
    del revision
    for table in family(schema, action.table):
        if action.column in table.columns:
            table.columns[action.column].identity = True


def _drop_expression(action: a.DropExpression, schema: Schema, revision: str) -> None:
    del revision
    for table in family(schema, action.table):
        column = table.columns.get(action.column)
        if column is not None and action.what == "identity":
            column.identity = False
        elif column is not None:
            column.generated = ""
            column.generated_from = ()


HANDLERS = {
    a.AddColumn: _add,
    a.DropColumn: drop,
    a.RenameColumn: _rename,
    a.AlterType: _alter_type,
    a.SetNotNull: _set_not_null,
    a.DropNotNull: _drop_not_null,
    a.SetDefault: _change,
    a.DropDefault: _change,
    a.AddIdentity: _identity,
    a.DropExpression: _drop_expression,
}
