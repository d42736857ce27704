"""Indexes that belong to no constraint, and how they follow partitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.replay.common import free_name
from alembic_vibe.lint.replay.constraints import rename_index
from alembic_vibe.lint.schema import Index

if TYPE_CHECKING:
    from alembic_vibe.lint.schema import Schema, Table
    from alembic_vibe.sql.tree import QualifiedName


def find(schema: Schema, name: QualifiedName) -> Table | None:
    """Return the table, to change, that has the index."""
    for table in schema.tables.values():
        if table.name.schema == name.schema and name.name in table.indexes:
            return schema.change(table.name)
    if name.schema == schema.search_path:
        return find(schema, name._replace(schema="pg_temp"))
    return None


def _create(action: a.CreateIndex, schema: Schema, revision: str) -> None:
    table = schema.change(action.table)
    if table is None or (action.if_not_exists and schema.index(table.name._replace(name=action.name)) is not None):
        return
    name = action.name if action.is_named else free_name(schema, table, "index", action.key_names)
    index = Index(
        name=name,
        table=table.name,
        columns=action.columns,
        unique=action.unique,
        partial=action.predicate is not None,
        method=action.method,
        valid=not (action.only and table.is_partitioned and table.partitions),
        added_by=revision,
        include=action.include,
        predicate=action.predicate,
        expressions_use=action.expressions_use,
        key_names=action.key_names,
        nulls_not_distinct=action.nulls_not_distinct,
    )
    table.indexes[name] = index
    if not action.only:
        spread(index, table, schema, revision)


def spread(index: Index, table: Table, schema: Schema, revision: str) -> None:
    """Give every partition of a table an index like that of the table."""
    for partition in list(table.partitions):
        child = schema.change(partition)
        if child is not None:
            adopt(index, child, schema, revision)


def adopt(index: Index, child: Table, schema: Schema, revision: str) -> None:
    """Give a partition an index like that of its parent: one that it has already, else a new one."""
    for own in child.indexes.values():
        if not own.parent and own.valid and _alike(own, index):
            own.parent = index.name
            return
    name = free_name(schema, child, "index", index.key_names or index.columns + index.include)
    mine = replace(index, name=name, table=child.name, parent=index.name, added_by=revision, valid=True, constraint="")
    child.indexes[name] = mine
    spread(mine, child, schema, revision)


def _alike(one: Index, other: Index) -> bool:
    """Whether an index can be the part of another: the same keys and condition (``CompareIndexInfo``)."""
    return (
        one.columns == other.columns
        and one.unique == other.unique
        and one.method == other.method
        and one.partial == other.partial
        and one.nulls_not_distinct == other.nulls_not_distinct
        and one.include == other.include
        and one.key_names == other.key_names
    )


def _drop(action: a.DropIndex, schema: Schema, revision: str) -> None:
    del revision
    table = find(schema, action.index)
    if table is not None:
        _drop_from(table, action.index.name, schema)


def _drop_from(table: Table, name: str, schema: Schema) -> None:
    del table.indexes[name]
    for partition in table.partitions:
        child = schema.change(partition)
        for own in [i.name for i in child.indexes.values() if i.parent == name] if child else ():
            if child is not None:
                _drop_from(child, own, schema)


def rename(schema: Schema, name: QualifiedName, new: str) -> bool:
    """Call an index otherwise, and its constraint with it; tell whether there is such an index."""
    table = find(schema, name)
    if table is None:
        return False
    if name.name in table.constraints:
        constraint = table.constraints[name.name]
        constraint.spec = replace(constraint.spec, name=new)
        table.constraints = {new if key == name.name else key: value for key, value in table.constraints.items()}
    rename_index(table, name.name, new, schema)
    return True


def _rename(action: a.RenameIndex, schema: Schema, revision: str) -> None:
    del revision
    rename(schema, action.index, action.new_name)


def _attach(action: a.AttachIndex, schema: Schema, revision: str) -> None:
    del revision
    child, table = find(schema, action.partition_index), find(schema, action.index)
    if child is None or table is None:
        return
    child.indexes[action.partition_index.name].parent = action.index.name
    settle(table, action.index.name, schema)


def settle(table: Table, name: str, schema: Schema) -> None:
    """Make the index of a partitioned table valid when each of its partitions has its part, itself valid."""
    if table.indexes[name].valid:
        return
    for partition in table.partitions:
        child = schema.table(partition)
        if child is None or not any(i.parent == name and i.valid for i in child.indexes.values()):
            return
    table.indexes[name].valid = True
    parent = schema.change(table.parent) if table.parent else None
    above = table.indexes[name].parent
    if parent is not None and above in parent.indexes:
        settle(parent, above, schema)


HANDLERS = {
    a.CreateIndex: _create,
    a.DropIndex: _drop,
    a.RenameIndex: _rename,
    a.AttachIndex: _attach,
}
