"""Constraints."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.chosen_names import chosen_name
from alembic_vibe.lint.replay.common import descendants, family, free_name
from alembic_vibe.lint.schema import Constraint, Index

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import ConstraintSpec
    from alembic_vibe.lint.schema import Schema, Table
    from alembic_vibe.sql.tree import QualifiedName

KEYS = {"primary", "unique", "exclude"}


def _add(action: a.AddConstraint, schema: Schema, revision: str) -> None:
    table = schema.change(action.table)
    if table is not None:
        add(action.constraint, table, schema, revision)


def add(spec: ConstraintSpec, table: Table, schema: Schema, revision: str) -> None:
    """Add a constraint to a table, and what comes of it to its partitions and heirs."""
    if spec.kind in KEYS:
        _add_key(spec, table, schema, revision)
        return
    spec = _resolved(spec, schema)
    if spec.kind == "not null" and not spec.is_named and _not_null_of(table, spec.columns) is not None:
        return
    name = spec.name if spec.is_named else free_name(schema, table, spec.kind, spec.columns)
    spec = replace(spec, name=name)
    followers = [] if spec.kind == "foreign" and not table.is_partitioned else descendants(schema, table.name)
    for one in (table, *followers):
        own = spec
        if one is not table and name in one.constraints:
            if spec.kind != "foreign":
                continue
            own = replace(spec, name=free_name(schema, one, "foreign", spec.columns))
        one.constraints[own.name] = Constraint(own, own.valid, revision, revision if own.valid else "")
        if spec.kind == "not null" and spec.valid:
            _require(one, spec.columns)


def _resolved(spec: ConstraintSpec, schema: Schema) -> ConstraintSpec:
    """Return a foreign key with the columns that it refers to: the primary key's where it does not say."""
    if spec.references is None:
        return spec
    target = schema.table(spec.references)
    if target is None:
        return spec
    columns = spec.reference_columns
    if not columns:
        keys = [c.spec.columns for c in target.constraints.values() if c.spec.kind == "primary"]
        columns = keys[0] if keys else ()
    return replace(spec, references=target.name, reference_columns=columns)


def _require(table: Table, columns: tuple[str, ...]) -> None:
    for name in columns:
        if name in table.columns:
            table.columns[name].not_null = True


def _add_key(spec: ConstraintSpec, table: Table, schema: Schema, revision: str) -> None:
    index = table.indexes.pop(spec.using_index, None) if spec.using_index else None
    if spec.using_index:
        columns = index.columns if index else spec.columns
        spec = replace(spec, columns=columns, name=spec.name if spec.is_named else spec.using_index)
    elif not spec.is_named:
        spec = replace(spec, name=free_name(schema, table, spec.kind, spec.columns + spec.include))
    if index is None:
        index = Index(
            spec.name, table.name, spec.columns, spec.kind != "exclude", spec.predicated, spec.method or "btree",
            added_by=revision, include=spec.include, key_names=spec.columns + spec.include,
        )  # fmt: skip
    index.name = index.constraint = spec.name
    table.indexes[spec.name] = index
    table.constraints[spec.name] = Constraint(spec, valid=True, added_by=revision, validated_by=revision)
    if spec.kind == "primary":
        for one in family(schema, table.name):
            _require(one, spec.columns)
    if table.is_partitioned:
        for partition in list(table.partitions):
            child = schema.change(partition)
            if child is not None:
                adopt_key(index, table.constraints[spec.name], child, schema, revision)


def adopt_key(index: Index, constraint: Constraint, child: Table, schema: Schema, revision: str) -> None:
    """Give a partition the key of its parent: one that it has already, else a new one."""
    for own in child.indexes.values():
        existing = child.constraints.get(own.constraint)
        if existing is None or own.parent or own.columns != index.columns:
            continue
        if existing.spec.kind == constraint.spec.kind:
            own.parent = index.name
            return
    spec = replace(constraint.spec, is_named=False, using_index="")
    before = set(child.indexes)
    _add_key(spec, child, schema, revision)
    for name in set(child.indexes) - before:
        child.indexes[name].parent = index.name


def _drop(action: a.DropConstraint, schema: Schema, revision: str) -> None:
    del revision
    table = schema.change(action.table)
    if table is None:
        return
    if action.name in table.constraints:
        drop(action.name, table, schema, cascade=action.cascade)
        return
    column = _implied_not_null(table, action.name)
    for one in family(schema, table.name) if column else ():
        if column in one.columns:
            one.columns[column].not_null = False


def drop(name: str, table: Table, schema: Schema, *, cascade: bool) -> None:
    """Drop a constraint with its index, and with those that partitions and heirs have from it."""
    constraint = table.constraints.pop(name)
    spec = constraint.spec
    if spec.kind in KEYS:
        table.indexes.pop(name, None)
        for partition in table.partitions:
            child = schema.change(partition)
            for own in [i.name for i in child.indexes.values() if i.parent == name] if child else ():
                if child and own in child.constraints:
                    drop(own, child, schema, cascade=cascade)
        if cascade:
            drop_references(table.name, spec.columns, schema)
        return
    for one in (table, *descendants(schema, table.name)):
        if one is not table:
            inherited = one.constraints.get(name)
            if inherited is None or inherited.spec.kind != spec.kind:
                continue
            del one.constraints[name]
        if spec.kind == "not null":
            for column in spec.columns:
                if column in one.columns:
                    one.columns[column].not_null = False


def drop_references(name: QualifiedName, columns: tuple[str, ...] | None, schema: Schema) -> None:
    """Drop the foreign keys that refer to a table: all of them, or those to a key of these columns."""
    for other, constraint in list(schema.references_to(name)):
        if columns is None or set(constraint.spec.reference_columns) == set(columns):
            mine = schema.change(other.name)
            if mine is not None:
                mine.constraints.pop(constraint.spec.name, None)


def _not_null_of(table: Table, columns: tuple[str, ...]) -> Constraint | None:
    found = (c for c in table.constraints.values() if c.spec.kind == "not null" and c.spec.columns == columns)
    return next(found, None)


def _implied_not_null(table: Table, name: str) -> str:
    """Return the column of a NOT NULL without a name of its own, by the name that PostgreSQL 18 gives it."""
    if not name.endswith(("_not_null", *(f"_not_null{i}" for i in range(1, 10)))):
        return ""
    stem = name.rstrip("0123456789")
    found = (c.name for c in table.columns.values() if c.not_null)
    return next((c for c in found if chosen_name(table.name.name, "not null", [c]) == stem), "")


def _validate(action: a.ValidateConstraint, schema: Schema, revision: str) -> None:
    for table in family(schema, action.table):
        constraint = table.constraints.get(action.name)
        if constraint is None or constraint.valid:
            continue
        constraint.valid = True
        constraint.validated_by = revision
        if constraint.spec.kind == "not null":
            _require(table, constraint.spec.columns)


def _rename(action: a.RenameConstraint, schema: Schema, revision: str) -> None:
    table = schema.change(action.table)
    if table is None:
        return
    if action.name not in table.constraints:
        column = _implied_not_null(table, action.name)
        if column:
            spec = a.ConstraintSpec(action.new_name, "not null", (column,))
            table.constraints[action.new_name] = Constraint(spec, valid=True, added_by=revision, validated_by=revision)
        return
    inherited = table.constraints[action.name].spec.kind in {"check", "not null"}
    for one in (table, *(descendants(schema, table.name) if inherited else ())):
        rename(one, action.name, action.new_name, schema)


def rename(table: Table, old: str, new: str, schema: Schema) -> None:
    """Call a constraint of a table otherwise, and its index with it."""
    constraint = table.constraints.get(old)
    if constraint is None:
        return
    constraint.spec = replace(constraint.spec, name=new)
    table.constraints = {new if key == old else key: value for key, value in table.constraints.items()}
    rename_index(table, old, new, schema)


def rename_index(table: Table, old: str, new: str, schema: Schema) -> None:
    """Call an index of a table otherwise."""
    index = table.indexes.get(old)
    if index is None:
        return
    index.name = new
    if index.constraint:
        index.constraint = new
    table.indexes = {new if key == old else key: value for key, value in table.indexes.items()}
    for partition in table.partitions:
        child = schema.change(partition)
        for own in child.indexes.values() if child else ():
            if own.parent == old:
                own.parent = new


HANDLERS = {
    a.AddConstraint: _add,
    a.DropConstraint: _drop,
    a.ValidateConstraint: _validate,
    a.RenameConstraint: _rename,
}
