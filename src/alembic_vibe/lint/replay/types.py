"""Enums, domains and other types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.replay import columns

if TYPE_CHECKING:
    from alembic_vibe.lint.schema import Schema


def _create_enum(action: a.CreateEnum, schema: Schema, revision: str) -> None:
    schema.enums[action.type] = action.labels
    schema.made_by[action.type] = revision


def _add_value(action: a.AddEnumValue, schema: Schema, revision: str) -> None:
    del revision
    labels = schema.enums.get(action.type)
    if labels is None or action.label in labels:
        return
    place = len(labels)
    if action.neighbour in labels:
        place = labels.index(action.neighbour) + (1 if action.after else 0)
    schema.enums[action.type] = (*labels[:place], action.label, *labels[place:])


def _rename_value(action: a.RenameEnumValue, schema: Schema, revision: str) -> None:
    del revision
    labels = schema.enums.get(action.type, ())
    if action.label in labels:
        schema.enums[action.type] = tuple(action.new_label if one == action.label else one for one in labels)


def _create_domain(action: a.CreateDomain, schema: Schema, revision: str) -> None:
    schema.domains[action.type] = action.constrained
    schema.domain_bases[action.type] = action.base
    schema.domain_constraints[action.type] = action.constraints
    schema.made_by[action.type] = revision


def _alter_domain(action: a.AlterDomain, schema: Schema, revision: str) -> None:
    del revision
    if action.type not in schema.domains:
        return
    names = list(schema.domain_constraints.get(action.type, ()))
    if action.constrains and action.name not in names:
        names.append(action.name)
    if action.drops in names:
        names.remove(action.drops)
    if action.renames in names:
        names[names.index(action.renames)] = action.name
    schema.domain_constraints[action.type] = tuple(names)
    schema.domains[action.type] = bool(names)


def _create_type(action: a.CreateType, schema: Schema, revision: str) -> None:
    schema.made_by[action.type] = revision


def _drop_type(action: a.DropType, schema: Schema, revision: str) -> None:
    if action.cascade:
        for table in list(schema.tables.values()):
            for column in list(table.columns.values()):
                if schema.made_type(column.type) == action.type:
                    columns.drop(a.DropColumn(table.name, column.name, cascade=True), schema, revision)
    schema.enums.pop(action.type, None)
    schema.domains.pop(action.type, None)
    schema.domain_constraints.pop(action.type, None)
    schema.domain_bases.pop(action.type, None)
    schema.made_by.pop(action.type, None)


def _rename(action: a.RenameType, schema: Schema, revision: str) -> None:
    del revision
    old = action.type
    new = type(old)(action.new_schema or old.schema, action.new_name or old.name)
    for table in list(schema.tables.values()):
        for column in list(table.columns.values()):
            if schema.made_type(column.type) == old:
                mine = schema.change(table.name)
                if mine is not None:
                    name = new._replace(schema="" if new.schema == schema.search_path else new.schema)
                    mine.columns[column.name].type = replace(column.type, name=name)
    if old in schema.enums:
        schema.enums[new] = schema.enums.pop(old)
    if old in schema.domains:
        schema.domains[new] = schema.domains.pop(old)
    if old in schema.domain_bases:
        schema.domain_bases[new] = schema.domain_bases.pop(old)
    if old in schema.domain_constraints:
        schema.domain_constraints[new] = schema.domain_constraints.pop(old)
    if old in schema.made_by:
        schema.made_by[new] = schema.made_by.pop(old)


HANDLERS = {
    a.CreateEnum: _create_enum,
    a.AddEnumValue: _add_value,
    a.RenameEnumValue: _rename_value,
    a.CreateDomain: _create_domain,
    a.AlterDomain: _alter_domain,
    a.CreateType: _create_type,
    a.DropType: _drop_type,
    a.RenameType: _rename,
}
