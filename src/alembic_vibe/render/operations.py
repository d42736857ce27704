"""Operations of a plan → expressions of Alembic's ``op``, or ``op.execute`` where ``op`` would lose a fact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind, Table
from alembic_vibe.plan.operations import (
    AddColumn,
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropTable,
    Execute,
)
from alembic_vibe.plan.sql import column_definition, name_of
from alembic_vibe.render.code import Call, Expr, Raw, Sequence, Sql, Str
from alembic_vibe.render.elements import (
    Keywords,
    column_expr,
    constraint_expr,
    create_table_call,
    index_call,
    object_name,
    reference_options,
    schema_keyword,
)
from alembic_vibe.render.texts import escape_text, names, plain_or_text, survives_text
from alembic_vibe.sql.compose import compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Constraint

_TYPES = {
    ConstraintKind.PRIMARY: "primary",
    ConstraintKind.UNIQUE: "unique",
    ConstraintKind.CHECK: "check",
    ConstraintKind.FOREIGN: "foreignkey",
}
_TRUE = Raw("True")
_CONCURRENTLY = (("postgresql_concurrently", _TRUE),)
_IF_EXISTS = (("if_exists", _TRUE),)
_NOT_VALID = (("postgresql_not_valid", _TRUE),)
# What `op.create_table` does not carry either, but the plan has steps of their own for.
_PLANNED = {
    "storage",
    "compression",
    "statistics target",
    "name of a NOT NULL constraint",
    "comment on a constraint",
}


def execute(sql: str) -> Call:
    """Return ``op.execute("…")``; what Alembic would take for a bind parameter is escaped.

    Where no escape helps (``:name:``), ``sa.DDL`` carries the text: it knows no parameters, but doubles ``%``.
    """
    if survives_text(sql):
        return Call("op.execute", (Sql(escape_text(sql)),))
    return Call("op.execute", (Call("sa.DDL", (Sql(sql.replace("%", "%%")),)),))


def operation_exprs(operation: object, catalog: Catalog) -> Iterable[Expr]:
    """Return what one operation looks like in a revision: one or more statements.

    Args:
        operation: One of ``plan.operations``.
        catalog: Where types are looked up.

    Raises:
        TypeError: The operation is of no known class.
    """
    match operation:
        case Execute(sql):
            return (execute(sql),)
        case CreateTable(table, _, statements) if "%" in (table.partition_key or ""):
            return tuple(map(execute, statements))  # SQLAlchemy hands the key to the driver without doubling it
        case CreateTable(table, constraints):
            call, leftovers = create_table_call(table, catalog, constraints)
            return (call, *(execute(leftover.sql) for leftover in leftovers if leftover.reason not in _PLANNED))
        case DropTable(key):
            return (Call("op.drop_table", (Str(key.name),), schema_keyword(key.schema)),)
        case AddConstraint(constraint, statements, not_valid):
            return (_add_constraint(constraint, not_valid=not_valid) or execute(statements[0]),)
        case DropConstraint(constraint, statements):
            return (_drop_constraint(constraint) or execute(statements[0]),)
        case CreateIndex(index, statements) if " ON ONLY " in statements[0]:
            return (execute(statements[0]),)  # `op.create_index` would build one on every partition
        case CreateIndex(index, _, concurrently):
            call = index_call(index, "op")
            return (Call(call.function, call.args, (*call.kwargs, *_CONCURRENTLY)) if concurrently else call,)
        case DropIndex(index, _, concurrently, if_exists):
            keywords: Keywords = (("table_name", Str(index.table.name)), *schema_keyword(index.table.schema))
            keywords += (*(_CONCURRENTLY if concurrently else ()), *(_IF_EXISTS if if_exists else ()))
            return (Call("op.drop_index", (object_name(index.key.name),), keywords),)
        case AddColumn():
            return _add_column(operation, catalog)
        case DropColumn(table, name):
            return (Call("op.drop_column", (Str(table.name), Str(name)), schema_keyword(table.schema)),)
    msg = f"no such operation: {operation!r}"
    raise TypeError(msg)


def _add_column(operation: AddColumn, catalog: Catalog) -> tuple[Expr, ...]:
    """Return ``op.add_column`` where it says exactly what the plan says, else the plan's statements."""
    column = replace(operation.column, comment=None)  # which the plan adds by itself
    usual = compose("ALTER TABLE {t} ADD COLUMN {c}", t=name_of(operation.table), c=column_definition(column))
    table = catalog.facts.get(operation.table)
    if operation.statements == (usual,) and isinstance(table, Table):
        expr = column_expr(column, table, catalog)
        if expr is not None:
            return (Call("op.add_column", (Str(operation.table.name), expr), schema_keyword(operation.table.schema)),)
    return tuple(map(execute, operation.statements))


def _add_constraint(constraint: Constraint, *, not_valid: bool = False) -> Call | None:
    """Return the ``op.create_…`` of a foreign key, CHECK or UNIQUE that Alembic can carry whole."""
    if constraint_expr(constraint) is None:
        return None
    table = (object_name(constraint.name), Str(constraint.table.name))
    schema = schema_keyword(constraint.table.schema)
    columns = Sequence(names(constraint.columns))
    match constraint.kind:
        case ConstraintKind.FOREIGN if constraint.references is not None:
            there = (Str(constraint.references.name), columns, Sequence(names(constraint.reference_columns)))
            schemas = tuple((f"source_{name}", value) for name, value in schema)
            schemas += tuple((f"referent_{n}", value) for n, value in schema_keyword(constraint.references.schema))
            keywords = (*schemas, *reference_options(constraint), *(_NOT_VALID if not_valid else ()))
            return Call("op.create_foreign_key", (*table, *there), keywords)
        case ConstraintKind.CHECK if constraint.expression is not None:
            condition = plain_or_text(constraint.expression)
            keywords = (*schema, *(_NOT_VALID if not_valid else ()))
            return Call("op.create_check_constraint", (*table, condition), keywords)
        case ConstraintKind.UNIQUE if not constraint.nulls_not_distinct and not constraint.deferrable:
            return Call("op.create_unique_constraint", (*table, columns), schema)
    return None


def _drop_constraint(constraint: Constraint) -> Call | None:
    if constraint.kind not in _TYPES:
        return None
    keywords: Keywords = (("type_", Str(_TYPES[constraint.kind])),)
    return Call(
        "op.drop_constraint",
        (object_name(constraint.name), Str(constraint.table.name)),
        (*keywords, *schema_keyword(constraint.table.schema)),
    )
