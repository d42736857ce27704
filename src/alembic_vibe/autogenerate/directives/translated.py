"""What the plugin of this package has found about constraints and indexes, as operations of Alembic that recipes know.

Its other operations stay as they are; so do constraints that Alembic has no word for.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import ops
from sqlalchemy.schema import conv

from alembic_vibe.autogenerate.operations import ObjectOp
from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.operations import AddConstraint, CreateIndex, DropConstraint, DropIndex
from alembic_vibe.render.code import Call, Raw, layout
from alembic_vibe.render.elements import constraint_expr, index_call

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import MigrateOperation

_OF_TABLES = {Kind.TABLE, Kind.COLUMN, Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}
_TYPES = {ConstraintKind.CHECK: "check", ConstraintKind.FOREIGN: "foreignkey", ConstraintKind.UNIQUE: "unique"}


class FoundIndex(ops.CreateIndexOp):
    """An index that the plugin describes more closely than Alembic's own operation can."""

    def __init__(self, fact: Index) -> None:
        super().__init__(conv(fact.key.name), fact.table.name, [], schema=schema_of(fact.table), unique=fact.unique)
        self.fact = fact


def translated(operation: MigrateOperation) -> MigrateOperation:
    """Return the operation that recipes know, or the same again."""
    if not isinstance(operation, ObjectOp) or len(operation.up) != 1:
        return operation
    match operation.up[0]:
        case CreateIndex(index, statements) if " ON ONLY " not in statements[0] and _is_plain(index):
            return FoundIndex(index)
        case DropIndex(index):
            return ops.DropIndexOp(conv(index.key.name), index.table.name, schema=schema_of(index.table))
        case DropConstraint(constraint) if constraint.kind in _TYPES and _is_plain(constraint):
            return ops.DropConstraintOp(
                conv(constraint.name),
                constraint.table.name,
                type_=_TYPES[constraint.kind],
                schema=schema_of(constraint.table),
            )
        case AddConstraint(constraint, _, not_valid) if not not_valid and _is_plain(constraint):
            return _added(constraint) or operation
    return operation


def table_of_object(operation: ObjectOp) -> Key | None:
    """Return the table that an operation of the plugin is about; None where it is about none."""
    if operation.key.kind in _OF_TABLES:
        return operation.key._replace(kind=Kind.TABLE, member="")
    for one in operation.up:
        if isinstance(one, CreateIndex | DropIndex):
            return one.index.table
    return None


def schema_of(key: Key) -> str | None:
    """Return the schema as Alembic has it: none for the usual one."""
    return None if key.schema in {"", "public"} else key.schema


def _is_plain(fact: Index | Constraint) -> bool:
    """Whether nothing besides the object has to be said: a comment, the order of CLUSTER."""
    return not (fact.comment or fact.clustered or fact.inherited)


def _added(constraint: Constraint) -> ops.AddConstraintOp | None:
    if constraint.kind != ConstraintKind.UNIQUE and constraint_expr(constraint) is None:
        return None
    name, table, schema = conv(constraint.name), constraint.table.name, schema_of(constraint.table)
    late: dict[str, Any] = {"deferrable": True} if constraint.deferrable else {}
    if constraint.initially_deferred:
        late["initially"] = "DEFERRED"
    match constraint.kind:
        case ConstraintKind.CHECK if constraint.expression is not None and not constraint.no_inherit:
            return ops.CreateCheckConstraintOp(name, table, constraint.expression, schema=schema)
        case ConstraintKind.UNIQUE if not (constraint.options or constraint.without_overlaps):
            if constraint.include:
                late["postgresql_include"] = list(constraint.include)
            if constraint.nulls_not_distinct:
                late["postgresql_nulls_not_distinct"] = True
            return ops.CreateUniqueConstraintOp(name, table, list(constraint.columns), schema=schema, **late)
        case ConstraintKind.FOREIGN if constraint.references is not None and not constraint.on_delete_columns:
            said = {"onupdate": constraint.on_update, "ondelete": constraint.on_delete, "match": constraint.match}
            late |= {word: value for word, value in said.items() if value not in {"NO ACTION", "SIMPLE"}}
            return ops.CreateForeignKeyOp(
                name,
                table,
                constraint.references.name,
                list(constraint.columns),
                list(constraint.reference_columns),
                source_schema=schema,
                referent_schema=schema_of(constraint.references),
                **late,
            )
    return None


@renderers.dispatch_for(FoundIndex)
def _index(context: AutogenContext, operation: FoundIndex) -> str:  # noqa: ARG001 - Alembic passes it
    named = replace(operation.fact, key=operation.fact.key._replace(name=str(operation.index_name)))
    call = index_call(named)
    concurrently = (("postgresql_concurrently", Raw("True")),) if operation.kw.get("postgresql_concurrently") else ()
    return layout(Call(call.function, call.args, (*call.kwargs, *concurrently)), 4).replace("\n    ", "\n")
