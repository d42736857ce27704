"""Tables: made, dropped, renamed, moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.replay import columns, constraints, indexes, partitions
from alembic_vibe.lint.replay.views import drop_readers, move_view
from alembic_vibe.lint.schema import Constraint, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import ConstraintSpec
    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.sql.tree import QualifiedName

_ORDER = {"check": 0, "not null": 1, "primary": 2, "unique": 3, "exclude": 3, "foreign": 4}


def _create(action: a.CreateTable, schema: Schema, revision: str) -> None:
    if action.table in schema.tables:
        if action.if_not_exists:
            return
        schema.remove(action.table)
    table = Table(
        name=action.table,
        created_by=revision,
        partition_key=action.partition_key,
        complete=not (action.as_query or action.typed),
        temporary=action.temporary,
    )
    schema.put(table)
    parent = _take_over(action, table, schema, revision)
    for spec in action.columns:
        known = table.columns.get(spec.name)
        if known is not None:  # a partition or an heir says more of a column that it has already
            known.not_null = known.not_null or spec.not_null
            known.default = spec.default or known.default
        else:
            table.columns[spec.name] = columns.made(spec, revision, table)
        schema.dropped_columns.pop((action.table, spec.name), None)
    for index, name in enumerate(action.like):
        options = action.like_including[index] if index < len(action.like_including) else frozenset()
        _like(table, schema.table(name), options, schema, revision)
    for constraint in _in_order(action):
        constraints.add(constraint, table, schema, revision)
    if parent is not None:
        partitions.join(table, parent, schema, revision, is_default=action.is_default_partition)


def _in_order(action: a.CreateTable) -> Iterator[ConstraintSpec]:
    """Yield the constraints in the order in which PostgreSQL makes them; a key that is written twice is one."""
    specs = [spec for column in action.columns for spec in column.constraints] + list(action.constraints)
    kept: list[ConstraintSpec] = []
    for spec in sorted(specs, key=lambda spec: _ORDER.get(spec.kind, 0)):
        twin = next((i for i, other in enumerate(kept) if _is_same_key(spec, other)), None)
        if twin is None:
            kept.append(spec)
        elif spec.is_named and not kept[twin].is_named:
            kept[twin] = replace(kept[twin], name=spec.name, is_named=True)
    yield from kept


def _is_same_key(one: ConstraintSpec, other: ConstraintSpec) -> bool:
    keys = {"primary", "unique"}
    same = one.columns == other.columns and one.include == other.include and one.deferrable == other.deferrable
    return one.kind in keys and other.kind in keys and same


def _take_over(action: a.CreateTable, table: Table, schema: Schema, revision: str) -> Table | None:
    """Give a new table the columns and checks of its parents; return the one of which it is a partition."""
    for name in (action.partition_of, *action.inherits):
        if name is None:
            continue
        parent = schema.change(name)
        if parent is None:
            table.complete = False
            if name is action.partition_of:
                table.parent = name
            continue
        table.complete = table.complete and parent.complete
        for column in parent.columns.values():
            known = table.columns.get(column.name)
            if known is None:
                identity = column.identity and name is action.partition_of
                table.columns[column.name] = replace(column, added_by=revision, identity=identity)
            else:
                known.not_null = known.not_null or column.not_null
        for constraint in parent.constraints.values():
            if constraint.spec.kind in {"check", "not null"}:
                table.constraints.setdefault(constraint.spec.name, _taken_over(constraint, revision))
        if name is not action.partition_of:
            parent.heirs.append(table.name)
    return schema.change(action.partition_of) if action.partition_of else None


def _taken_over(constraint: Constraint, revision: str) -> Constraint:
    """Return a constraint of another table as a new table has it: valid where it is enforced, there are no rows."""
    valid = constraint.spec.enforced
    return Constraint(replace(constraint.spec, valid=valid), valid, revision, revision if valid else "")


def _like(table: Table, model: Table | None, options: frozenset[str], schema: Schema, revision: str) -> None:
    if model is None:
        table.complete = False
        return
    table.complete = table.complete and model.complete
    for column in model.columns.values():
        table.columns[column.name] = replace(
            column,
            added_by=revision,
            default=column.default if "defaults" in options else None,
            generated=column.generated if "generated" in options else "",
            generated_from=column.generated_from if "generated" in options else (),
            identity=column.identity and "identity" in options,
        )
    for constraint in model.constraints.values():
        wanted = constraint.spec.kind == "not null" or (constraint.spec.kind == "check" and "constraints" in options)
        if wanted:
            table.constraints[constraint.spec.name] = _taken_over(constraint, revision)
    for index in list(model.indexes.values()) if "indexes" in options else ():
        own = model.constraints.get(index.constraint)
        if own is not None:
            spec = replace(own.spec, is_named=False, using_index="")
            constraints.add(spec, table, schema, revision)
        else:
            indexes.adopt(replace(index, valid=True), table, schema, revision)
            for made in table.indexes.values():
                made.parent = ""


def _drop(action: a.DropTable, schema: Schema, revision: str) -> None:
    del revision
    drop(action.table, schema, cascade=action.cascade)


def drop(name: QualifiedName, schema: Schema, *, cascade: bool) -> None:
    """Drop a table with its partitions, the foreign keys to it; with ``cascade`` also its readers and heirs."""
    known = schema.table(name)
    if known is None:
        return
    table = schema.remove(known.name)
    if table is None:
        return
    constraints.drop_references(table.name, None, schema)
    for child in (*table.partitions, *(table.heirs if cascade else ())):
        drop(child, schema, cascade=cascade)
    parent = schema.change(table.parent) if table.parent else None
    if parent is not None:
        parent.partitions.pop(table.name, None)
    if cascade:
        drop_readers(table.name, schema)


def _rename(action: a.RenameTable, schema: Schema, revision: str) -> None:
    del revision
    table = schema.table(action.table)
    if table is not None:
        move(table.name, table.name._replace(name=action.new_name), schema)
    elif action.table in schema.views:
        move_view(action.table, action.table._replace(name=action.new_name), schema)
    else:
        indexes.rename(schema, action.table, action.new_name)


def _set_schema(action: a.SetSchema, schema: Schema, revision: str) -> None:
    del revision
    table = schema.table(action.table)
    if table is not None:
        move(table.name, table.name._replace(schema=action.new_schema), schema)
    elif action.table in schema.views:
        move_view(action.table, action.table._replace(schema=action.new_schema), schema)


def move(old: QualifiedName, new: QualifiedName, schema: Schema) -> None:
    """Call a table otherwise, everywhere where it is named."""
    table = schema.change(old)
    if table is None or old == new:
        return
    schema.remove(old)
    table.name = new
    schema.put(table)
    for index in table.indexes.values():
        index.table = new
    for other, constraint in list(schema.references_to(old)):
        mine = schema.change(other.name)
        if mine is not None:
            own = mine.constraints[constraint.spec.name]
            own.spec = replace(own.spec, references=new)
    if table.parent is not None:
        parent = schema.change(table.parent)
        if parent is not None:
            parent.partitions = {new if key == old else key: value for key, value in parent.partitions.items()}
    for name in table.partitions:
        child = schema.change(name)
        if child is not None:
            child.parent = new
    for name in [t.name for t in schema.tables.values() if old in t.heirs]:
        elder = schema.change(name)
        if elder is not None:
            elder.heirs = [new if heir == old else heir for heir in elder.heirs]
    schema.views.update(
        {view: tuple(new if r == old else r for r in reads) for view, reads in schema.views.items() if old in reads}
    )
    for key in [key for key in schema.dropped_columns if key[0] == old]:
        schema.dropped_columns[new, key[1]] = schema.dropped_columns.pop(key)


def _row_security(action: a.SetRowSecurity, schema: Schema, revision: str) -> None:
    del revision
    table = schema.change(action.table)
    if table is not None:
        table.row_security = table.row_security if action.enabled is None else action.enabled
        table.forced_row_security = table.forced_row_security if action.forced is None else action.forced


def _drop_schema(action: a.DropSchema, schema: Schema, revision: str) -> None:
    del revision
    if not action.cascade:
        return
    for table in [name for name in schema.tables if name.schema == action.name]:
        drop(table, schema, cascade=True)
    for known in _by_name(schema):
        for name in [name for name in known if name.schema == action.name]:
            del known[name]


def _rename_schema(action: a.RenameSchema, schema: Schema, revision: str) -> None:
    del revision
    for table in [name for name in schema.tables if name.schema == action.name]:
        move(table, table._replace(schema=action.new_name), schema)
    for known in _by_name(schema):
        for name in [name for name in known if name.schema == action.name]:
            known[name._replace(schema=action.new_name)] = known.pop(name)


def _by_name(schema: Schema) -> tuple[dict[QualifiedName, Any], ...]:
    """Return what the schema knows by name besides tables."""
    return (
        schema.enums,
        schema.domains,
        schema.domain_constraints,
        schema.domain_bases,
        schema.functions,
        schema.views,
        schema.made_by,
    )


def _create_trigger(action: a.CreateTrigger, schema: Schema, revision: str) -> None:
    table = schema.change(action.table)
    if table is not None:
        table.triggers[action.name] = revision


def _drop_trigger(action: a.DropTrigger, schema: Schema, revision: str) -> None:
    del revision
    table = schema.change(action.table)
    if table is not None:
        table.triggers.pop(action.name, None)


def _rename_trigger(action: a.RenameTrigger, schema: Schema, revision: str) -> None:
    table = schema.change(action.table)
    if table is not None:
        table.triggers[action.new_name] = table.triggers.pop(action.name, revision)


HANDLERS = {
    a.CreateTable: _create,
    a.DropTable: _drop,
    a.RenameTable: _rename,
    a.SetSchema: _set_schema,
    a.SetRowSecurity: _row_security,
    a.DropSchema: _drop_schema,
    a.RenameSchema: _rename_schema,
    a.CreateTrigger: _create_trigger,
    a.DropTrigger: _drop_trigger,
    a.RenameTrigger: _rename_trigger,
}
