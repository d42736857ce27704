"""How many rows a statement can reach, as far as its WHERE and the keys of the table tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.sql.tree import column_name, strings, unwrap

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import Update
    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.sql.tree import Node


def is_one_row(action: Update, schema: Schema) -> bool:
    """Whether a WHERE holds each column of a unique key against one value, so that a single row is found at once."""
    table = schema.table(action.table)
    if action.where is None or table is None:
        return False
    columns = set(_equal_columns(action.where.node))
    keys = [index.columns for index in table.indexes.values() if index.unique and not index.partial]
    keys += [c.spec.columns for c in table.constraints.values() if c.spec.kind in {"primary", "unique"}]
    return any(key and "" not in key and columns.issuperset(key) for key in keys)


def _equal_columns(node: Node) -> list[str]:
    """Return the columns that a condition, or each part of an AND, compares with a constant by ``=``."""
    kind, body = unwrap(node)
    if kind == "BoolExpr" and body.get("boolop") == "AND_EXPR":
        return [column for part in body.get("args", ()) for column in _equal_columns(part)]
    if kind != "A_Expr" or body.get("kind") != "AEXPR_OP" or strings(body.get("name")) != ["="]:
        return []
    for one, other in (("lexpr", "rexpr"), ("rexpr", "lexpr")):
        left, right = unwrap(body.get(one, {})), unwrap(body.get(other, {}))
        if left[0] == "ColumnRef" and right[0] in {"A_Const", "ParamRef", "TypeCast"}:
            return [column_name(left[1])]
    return []
