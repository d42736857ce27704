"""Columns, as CREATE TABLE and ADD COLUMN write them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import ColumnSpec, ConstraintSpec
from alembic_vibe.lint.reading.constraints import constraint, named_columns
from alembic_vibe.sql.tree import name_of

if TYPE_CHECKING:
    from alembic_vibe.lint.reading.context import Context
    from alembic_vibe.sql.tree import Node, QualifiedName

_GENERATED = {"s": "stored", "v": "virtual"}


def column(node: Node, table: QualifiedName, context: Context) -> ColumnSpec:
    """Return the column that a ColumnDef body writes, with its constraints.

    A NOT NULL is a flag, and a constraint besides only where it has a name (which counts from PostgreSQL 18 on).
    """
    name = node.get("colname", "")
    serial = context.is_serial(node.get("typeName"))
    not_null = serial
    default = None
    generated = ""
    sources: list[str] = []
    identity = False
    own: list[ConstraintSpec] = []
    clauses = [item.get("Constraint", {}) for item in node.get("constraints", ())]
    stops = [clause.get("location", -1) for clause in (*clauses, node.get("collClause", {}))]
    for clause in clauses:
        match clause.get("contype"):
            case "CONSTR_DEFAULT" if not is_null(clause.get("raw_expr", {})):
                places = [stop for stop in stops if stop > clause.get("location", -1)]
                default = context.after_word("default", clause.get("raw_expr", {}), places)
            case "CONSTR_GENERATED":
                generated = _GENERATED.get(clause.get("generated_kind", ""), "stored")
                sources = named_columns(clause.get("raw_expr"))
            case "CONSTR_IDENTITY":
                identity = not_null = True
            case "CONSTR_NOTNULL" if not clause.get("conname"):
                not_null = True
            case "CONSTR_ATTR_DEFERRABLE" if own:
                own[-1] = replace(own[-1], deferrable=True)
            case "CONSTR_ATTR_NOT_ENFORCED" if own:
                own[-1] = replace(own[-1], enforced=False, valid=False)
            case _:
                spec = constraint(clause, table, context, name)
                if spec is not None:
                    own.append(spec)
                    not_null = not_null or spec.kind in {"primary", "not null"}
    return ColumnSpec(
        name=name,
        type=context.type(node.get("typeName")),
        not_null=not_null,
        default=default,
        generated=generated,
        identity=identity,
        serial=serial,
        collation=collation(node),
        constraints=tuple(own),
        generated_from=tuple(sources),
    )


def is_null(expression: Node) -> bool:
    """Whether an expression is NULL, which as a default is none."""
    while "TypeCast" in expression:
        expression = expression["TypeCast"].get("arg", {})
    return bool(expression.get("A_Const", {}).get("isnull"))


def collation(node: Node) -> str:
    """Return the collation that a ColumnDef body names, without its schema."""
    return name_of(node.get("collClause", {}).get("collname")).name
