"""Which forms of statement an action is, given the schema before it: names of ``locks.toml``.

Where the fields of the action alone decide, the file says so (``when``); here stand the classes of action for which the
schema has to be asked. All of it is measured (``tests/acceptance/lint/test_locks.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.bounds import is_one_row
from alembic_vibe.lint.forms import by_action
from alembic_vibe.lint.partition_proofs import excludes, implies, read_bound
from alembic_vibe.lint.proofs import is_not_null, is_proven_not_null
from alembic_vibe.lint.retyping import column_change, domain_is_constrained, looks_at
from alembic_vibe.lint.roles import tables_in_role
from alembic_vibe.lint.types import TypeChange
from alembic_vibe.lint.volatility import is_volatile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.lint import actions as a
    from alembic_vibe.lint.actions import Action, ColumnSpec
    from alembic_vibe.lint.schema import Index, Schema, Table
    from alembic_vibe.sql.tree import QualifiedName


def forms_of(action: Action, schema: Schema) -> tuple[str, ...]:
    """Return the forms of an action, none for a class of action that the file does not have.

    Args:
        action: What is about to be done.
        schema: The schema before it.
    """
    kind = type(action).__name__
    if kind in _JUDGES:
        return tuple(_JUDGES[kind](action, schema))
    return tuple(form.name for form in by_action().get(kind, ()) if form.fits(action))[:1]


def _create_table(action: a.CreateTable, schema: Schema) -> Iterator[str]:
    if action.if_not_exists and schema.table(action.table):
        return
    yield "create-table"
    if action.partition_of:
        yield "create-table-partition"
        parent = schema.table(action.partition_of)
        if parent is not None:
            yield from _beside_default("create-table-partition", action.bound, parent, action.table, schema)
    if action.inherits:
        yield "create-table-inherits"
    if action.like:
        yield "create-table-like"
    if action.as_query:
        yield "create-table-as"
    parent = schema.table(action.partition_of) if action.partition_of else None
    of_parent = [constraint.spec for constraint in parent.constraints.values()] if parent else []
    of_columns = [constraint for column in action.columns for constraint in column.constraints]
    if any(constraint.references for constraint in (*action.constraints, *of_columns, *of_parent)):
        yield "create-table-foreign-key"


def _detach_partition(action: a.DetachPartition, schema: Schema) -> Iterator[str]:
    """A foreign key of the partitioned table becomes the partition's own, which locks what it refers to."""
    if action.finalize:
        yield "detach-partition-finalize"
        return
    yield "detach-partition-concurrently" if action.concurrently else "detach-partition"
    parent = schema.table(action.table)
    if parent is not None and any(constraint.spec.references for constraint in parent.constraints.values()):
        yield "detach-partition-foreign-key"


def _drop_table(action: a.DropTable, schema: Schema) -> Iterator[str]:
    table = schema.table(action.table)
    yield "drop-table"
    if action.cascade:
        yield "drop-table-cascade"
    if table and table.parent:
        yield "drop-table-partition"


def _add_column(action: a.AddColumn, schema: Schema) -> Iterator[str]:
    column = action.column
    yield _new_column(column, schema)
    if column.not_null and column.default is None and not (column.serial or column.identity):
        yield "add-column-not-null"
    for constraint in column.constraints:
        if constraint.kind == "check":
            yield "add-column-check"
        elif constraint.kind in {"unique", "primary"}:
            yield "add-column-unique"
        elif constraint.kind == "foreign":
            is_filled = column.default is not None or column.generated or column.serial  # not by IDENTITY (measured)
            yield "add-column-foreign-key-default" if is_filled else "add-column-foreign-key"


def _new_column(column: ColumnSpec, schema: Schema) -> str:
    if column.generated:
        return f"add-column-{column.generated}-generated"
    if column.identity:
        return "add-column-identity"
    if column.serial:
        return "add-column-serial"
    if domain_is_constrained(column.type, schema):
        return "add-column-constrained-domain"
    if column.default is not None and is_volatile(column.default, schema.functions):
        return "add-column-volatile-default"
    return "add-column"


def _drop_column(action: a.DropColumn, _schema: Schema) -> Iterator[str]:
    yield "drop-column"
    if action.cascade:
        yield "drop-column-cascade"


def _alter_type(action: a.AlterType, schema: Schema) -> Iterator[str]:
    change = column_change(action, schema)
    keyed = _is_keyed(action, schema)
    if not change.keeps_rows:
        yield from ("alter-type-keyed-rewrite", "alter-type-rewrite") if keyed else ("alter-type-rewrite",)
        return
    if keyed:
        yield "alter-type-keyed"
    table = schema.table(action.table)
    indexes = list(table.indexes.values()) if table else []
    checks = [c for c in table.constraints.values() if c.spec.kind == "check" and c.valid] if table else []
    anew = change is TypeChange.REINDEX or (table is not None and table.is_partitioned)  # there no index is kept
    rebuilt = (index for index in indexes if anew or index.expressions_use or index.predicate)
    if any(index.needs(action.column) or looks_at(index.predicate, action.column) for index in rebuilt):
        yield "alter-type-reindex"
    elif any(looks_at(check.spec.expression, action.column) for check in checks):
        yield "alter-type-scan"
    else:
        yield "alter-type"


def _is_keyed(action: a.AlterType, schema: Schema) -> bool:
    """Whether a foreign key has to be made anew for a column: one of its table, or one that refers to it."""
    roles = ("referenced", "referencing")
    return any(True for role in roles for _ in tables_in_role(role, action, schema))


def _set_not_null(action: a.SetNotNull, schema: Schema) -> Iterator[str]:
    table = schema.table(action.table)
    proven = table is not None and (is_not_null(table, action.column) or is_proven_not_null(table, action.column))
    yield "set-not-null-proven" if proven else "set-not-null"


def _add_constraint(action: a.AddConstraint, schema: Schema) -> Iterator[str]:
    spec = action.constraint
    table = schema.table(action.table)
    not_valid = "" if spec.valid else "-not-valid"
    match spec.kind:
        case "check":
            yield f"add-check{not_valid}"
        case "foreign":
            yield f"add-foreign-key{not_valid}"
        case "not null":
            proven = table is not None and all(
                is_not_null(table, column) or is_proven_not_null(table, column) for column in spec.columns
            )
            yield "add-not-null-proven" if proven and spec.valid else f"add-not-null{not_valid}"
        case "primary" if spec.using_index:
            index = table.indexes.get(spec.using_index) if table else None
            columns = index.columns if index else ("",)
            proven = table is not None and all(
                is_not_null(table, column) or is_proven_not_null(table, column) for column in columns
            )
            yield "add-primary-key-using-index" if proven else "add-primary-key-using-nullable-index"
        case "primary":
            yield "add-primary-key"
        case "unique":
            yield "add-unique-using-index" if spec.using_index else "add-unique"
        case _:
            yield "add-exclusion"


def _drop_constraint(action: a.DropConstraint, schema: Schema) -> Iterator[str]:
    table = schema.table(action.table)
    constraint = table.constraints.get(action.name) if table else None
    kind = constraint.spec.kind if constraint else ""
    if kind == "foreign":
        yield "drop-foreign-key"
    elif action.cascade and kind in {"", "primary", "unique"}:
        yield "drop-key-cascade"
    else:
        yield "drop-constraint"


def _validate(action: a.ValidateConstraint, schema: Schema) -> Iterator[str]:
    table = schema.table(action.table)
    constraint = table.constraints.get(action.name) if table else None
    if constraint is None:
        yield "validate-check"
    elif constraint.valid:
        yield "validate-valid"
    else:
        kinds = {"foreign": "validate-foreign-key", "not null": "validate-not-null"}
        yield kinds.get(constraint.spec.kind, "validate-check")


def _create_index(action: a.CreateIndex, schema: Schema) -> Iterator[str]:
    table = schema.table(action.table)
    if action.concurrently:
        yield "create-index-concurrently"
    elif action.only and table is not None and table.is_partitioned:
        yield "create-index-only"
    else:
        yield "create-index"


def _attach_partition(action: a.AttachPartition, schema: Schema) -> Iterator[str]:
    parent, partition = schema.table(action.table), schema.table(action.partition)
    alone = action.is_default and parent is not None and not parent.partitions
    bound = read_bound(action.bound, parent) if parent else None
    proven = alone or (bound is not None and partition is not None and implies(partition, bound))
    yield "attach-partition-proven" if proven else "attach-partition"
    if parent is None:
        return
    yield from _beside_default("attach-partition", action.bound, parent, action.partition, schema)
    if any(not _has_alike(index, partition) for index in parent.indexes.values()):
        yield "attach-partition-index"
    if any(constraint.spec.references for constraint in parent.constraints.values()):
        yield "attach-partition-foreign-key"


def _beside_default(
    form: str, clause: a.Expression | None, parent: Table, own: QualifiedName, schema: Schema
) -> Iterator[str]:
    """Yield the form for a partition that comes to be beside a DEFAULT one, whose rows may belong to it."""
    name = next((name for name, is_default in parent.partitions.items() if is_default and name != own), None)
    if name is None:
        return
    default = schema.table(name)
    bound = read_bound(clause, parent) if clause else None
    proven = bound is not None and default is not None and excludes(default, bound)
    yield f"{form}-default-proven" if proven else f"{form}-default"


def _has_alike(index: Index, partition: Table | None) -> bool:
    """Whether a partition has an index that can be attached to one of its parent's."""
    return partition is not None and any(
        (own.columns, own.unique, own.method, own.include, own.partial)
        == (index.columns, index.unique, index.method, index.include, index.partial)
        for own in partition.indexes.values()
        if own.valid
    )


def _update(action: a.Update, schema: Schema) -> Iterator[str]:
    yield "update-one-row" if is_one_row(action, schema) else "update"


def _drop_schema(action: a.DropSchema, _schema: Schema) -> Iterator[str]:
    yield "drop-schema-cascade" if action.cascade else "drop-schema"


def _alter_domain(action: a.AlterDomain, _schema: Schema) -> Iterator[str]:
    yield "constrain-domain" if action.constrains and action.valid else "alter-domain"


def _drop_type(action: a.DropType, _schema: Schema) -> Iterator[str]:
    yield "drop-type-cascade" if action.cascade else "drop-type"


def _create_view(action: a.CreateView, schema: Schema) -> Iterator[str]:
    if action.materialized:
        yield "create-materialized-view"
    else:
        yield "replace-view" if action.replace and action.view in schema.views else "create-view"


_JUDGES: dict[str, Callable[[Any, Schema], Iterator[str]]] = {
    "CreateTable": _create_table,
    "DropTable": _drop_table,
    "DetachPartition": _detach_partition,
    "AddColumn": _add_column,
    "DropColumn": _drop_column,
    "AlterType": _alter_type,
    "SetNotNull": _set_not_null,
    "AddConstraint": _add_constraint,
    "DropConstraint": _drop_constraint,
    "ValidateConstraint": _validate,
    "CreateIndex": _create_index,
    "AlterDomain": _alter_domain,
    "DropType": _drop_type,
    "CreateView": _create_view,
    "AttachPartition": _attach_partition,
    "Update": _update,
    "DropSchema": _drop_schema,
}
