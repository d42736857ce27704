"""What PostgreSQL takes as proven without reading a row: that a column holds no NULL.

A validated CHECK that implies it is enough (manual, ALTER TABLE, SET NOT NULL): its terms that are joined by AND count,
measured on 15 and 18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.sql.tree import column_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.schema import Constraint, Table
    from alembic_vibe.sql.tree import Node


def is_not_null(table: Table, column: str) -> bool:
    """Whether a column is NOT NULL already, and that not by a constraint that is still NOT VALID."""
    found = table.columns.get(column)
    if found is None or not found.not_null:
        return False
    own = [c for c in table.constraints.values() if c.spec.kind == "not null" and c.spec.columns == (column,)]
    return all(constraint.valid for constraint in own)


def is_proven_not_null(table: Table, column: str) -> bool:
    """Whether a validated CHECK says that a column is not NULL."""
    return next(not_null_checks(table, column), None) is not None


def not_null_checks(table: Table, column: str, *, valid: bool = True) -> Iterator[Constraint]:
    """Yield the CHECKs that say that a column is not NULL.

    Args:
        table: The table.
        column: The column.
        valid: The validated ones, or those that are not.
    """
    for constraint in table.constraints.values():
        expression = constraint.spec.expression if constraint.spec.kind == "check" else None
        if expression and constraint.valid is valid and column in not_null_columns(expression.node):
            yield constraint


def not_null_columns(expression: Node) -> frozenset[str]:
    """Return the columns of which an expression says, by itself or as a term of an AND, that they are not NULL."""
    found = set()
    for kind, body in conjuncts(expression):
        if kind == "NullTest" and body.get("nulltesttype") == "IS_NOT_NULL":
            argument, inner = unwrap(body.get("arg", {}))
            if argument == "ColumnRef":
                found.add(column_name(inner))
    return frozenset(found)


def conjuncts(expression: Node) -> Iterator[tuple[str, Node]]:
    """Yield the terms that an expression joins by AND, itself where there is no AND."""
    kind, body = unwrap(expression)
    if kind == "BoolExpr" and body.get("boolop") == "AND_EXPR":
        for term in body.get("args", ()):
            yield from conjuncts(term)
    else:
        yield kind, body
