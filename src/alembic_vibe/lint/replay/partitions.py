"""Partitions: what a table gets from its parent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.replay import constraints, indexes
from alembic_vibe.lint.replay.common import family, free_name
from alembic_vibe.lint.schema import Constraint

if TYPE_CHECKING:
    from alembic_vibe.lint.schema import Schema, Table


def inherit(table: Table, parent: Table, schema: Schema, revision: str) -> None:
    """Give a partition the indexes, keys and foreign keys of its parent; what it has already is taken for them."""
    for index in list(parent.indexes.values()):
        constraint = parent.constraints.get(index.constraint)
        if constraint is not None:
            constraints.adopt_key(index, constraint, table, schema, revision)
        else:
            indexes.adopt(index, table, schema, revision)
    for constraint in list(parent.constraints.values()):
        if constraint.spec.kind == "foreign" and not _has_foreign(table, constraint):
            spec = constraint.spec
            if spec.name in table.constraints:
                spec = replace(spec, name=free_name(schema, table, "foreign", spec.columns))
            valid = constraint.valid
            table.constraints[spec.name] = Constraint(spec, valid, revision, revision if valid else "")
    for name in table.partitions:
        child = schema.change(name)
        if child is not None:
            inherit(child, table, schema, revision)


def _has_foreign(table: Table, wanted: Constraint) -> bool:
    def key(spec: a.ConstraintSpec) -> tuple[object, ...]:
        return (spec.kind, spec.columns, spec.references, spec.reference_columns, spec.on_delete, spec.deferrable)

    return any(key(own.spec) == key(wanted.spec) and own.valid == wanted.valid for own in table.constraints.values())


def join(table: Table, parent: Table, schema: Schema, revision: str, *, is_default: bool) -> None:
    """Make a table a partition of another, unless that comes from it in turn (the chain contradicts itself)."""
    if any(one is parent for one in family(schema, table.name)):
        return
    table.parent = parent.name
    parent.partitions[table.name] = is_default
    inherit(table, parent, schema, revision)


def _attach(action: a.AttachPartition, schema: Schema, revision: str) -> None:
    parent, table = schema.change(action.table), schema.change(action.partition)
    if table is None or parent is None:
        return
    join(table, parent, schema, revision, is_default=action.is_default)


def _keep_bound(table: Table, parent: Table, schema: Schema, revision: str) -> None:
    """Give a table the CHECK that DETACH … CONCURRENTLY puts in the place of its bound (measured)."""
    key = tuple(column for column in parent.partition_key or () if column)
    spec = a.ConstraintSpec(free_name(schema, table, "check", key), "check", key, False, a.Expression("", {}))
    table.constraints[spec.name] = Constraint(spec, True, revision, revision)


def _detach(action: a.DetachPartition, schema: Schema, revision: str) -> None:
    parent, table = schema.change(action.table), schema.change(action.partition)
    if action.concurrently and parent is not None and table is not None:
        _keep_bound(table, parent, schema, revision)
    if parent is not None:
        parent.partitions.pop(table.name if table else action.partition, None)
    if table is not None:
        table.parent = None
        for index in table.indexes.values():
            index.parent = ""


HANDLERS = {a.AttachPartition: _attach, a.DetachPartition: _detach}
