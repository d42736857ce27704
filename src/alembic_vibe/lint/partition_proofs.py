"""When PostgreSQL attaches a partition without reading it: what its validated CHECKs say about the bound.

The partition's must imply the bound, those of a DEFAULT partition must exclude it (manual, ALTER TABLE, ATTACH
PARTITION). Here one key column is compared with constants, by RANGE or LIST, which is what people write; anything else
counts as not proven. Measured on 15 and 18: what is proven here is not read there.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.lint.proofs import conjuncts, is_not_null, not_null_columns
from alembic_vibe.sql.tree import column_name, name_of, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import Expression
    from alembic_vibe.lint.schema import Table
    from alembic_vibe.sql.tree import Node

Value = Decimal | datetime | str

_TIMES = frozenset({"date", "timestamp", "timestamptz"})
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}
_NEGATED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


class Bound(NamedTuple):
    """FOR VALUES of one key column: from (included) to (excluded), None without an end; or the values of a list."""

    column: str
    low: Value | None = None
    high: Value | None = None
    values: tuple[Value, ...] = ()
    is_list: bool = False


def read_bound(clause: Expression, parent: Table) -> Bound | None:
    """Return what FOR VALUES says; None for what cannot be judged: HASH, DEFAULT, several columns, expressions."""
    key = parent.partition_key or ()
    if len(key) != 1 or not key[0]:
        return None
    node, times = clause.node, _is_time(parent, key[0])
    if node.get("strategy") == "l":
        values = [_constant(item, times=times) for item in node.get("listdatums", ())]
        known = tuple(value for value in values if value is not None)
        return Bound(key[0], values=known, is_list=True) if len(known) == len(values) else None
    ends: list[Value | None] = []
    for side, open_end in (("lowerdatums", "minvalue"), ("upperdatums", "maxvalue")):
        datum: Node = next(iter(node.get(side, ())), {})
        end = _constant(datum, times=times)
        if end is None and column_name(unwrap(datum)[1]) != open_end:
            return None
        ends.append(end)
    return Bound(key[0], ends[0], ends[1]) if node.get("strategy") == "r" else None


def implies(table: Table, bound: Bound) -> bool:
    """Whether validated CHECKs of a table, and NOT NULL, say that all of its rows are within a bound."""
    times = _is_time(table, bound.column)
    checks = list(_checks(table))
    if not is_not_null(table, bound.column) and not any(bound.column in not_null_columns(check) for check in checks):
        return False
    atoms = [atom for check in checks for term in conjuncts(check) for atom in _atoms(*term, bound.column, times=times)]
    if bound.is_list:
        return any(operator == "=" and set(values) <= set(bound.values) for operator, values in atoms)
    low = bound.low is None or any(_is_above(operator, values, bound.low) for operator, values in atoms)
    return low and (bound.high is None or any(_is_below(operator, values, bound.high) for operator, values in atoms))


def excludes(table: Table, bound: Bound) -> bool:
    """Whether validated CHECKs of a table say that none of its rows is within a bound."""
    times = _is_time(table, bound.column)
    return any(_refutes(check, bound, times=times) for check in _checks(table))


def _checks(table: Table) -> Iterator[Node]:
    for constraint in table.constraints.values():
        if constraint.spec.kind == "check" and constraint.valid and constraint.spec.expression:
            yield constraint.spec.expression.node


def _refutes(expression: Node, bound: Bound, *, times: bool, negated: bool = False) -> bool:
    """Whether an expression, or its opposite, holds for no row within a bound."""
    kind, body = unwrap(expression)
    if kind == "BoolExpr":
        terms = body.get("args", ())
        if body.get("boolop") == "NOT_EXPR":
            return _refutes(terms[0], bound, times=times, negated=not negated)
        every = all if (body.get("boolop") == "OR_EXPR") is not negated else any
        return every(_refutes(term, bound, times=times, negated=negated) for term in terms)
    if kind == "NullTest":  # a bound has no NULLs
        return _is_column(body.get("arg", {}), bound.column) and (body.get("nulltesttype") == "IS_NULL") is not negated
    if body.get("kind") == "AEXPR_NOT_BETWEEN" or _is_unequal(kind, body):
        body, negated = _opposite(body), not negated
    atoms = list(_atoms(kind, body, bound.column, times=times))
    if not negated:
        return any(_is_outside(operator, values, bound) for operator, values in atoms)
    if len(atoms) == 1 and atoms[0][0] == "=":  # NOT IN, <>
        return bound.is_list and set(bound.values) <= set(atoms[0][1])
    return bool(atoms) and all(_is_outside(_NEGATED.get(operator, ""), values, bound) for operator, values in atoms)


def _is_outside(operator: str, values: tuple[Value, ...], bound: Bound) -> bool:
    if not operator:
        return False
    if bound.is_list:
        return all(not _holds(operator, value, values) for value in bound.values)
    return all(
        (bound.low is not None and _is_below(operator, (value,), bound.low))
        or (bound.high is not None and _is_above(operator, (value,), bound.high))
        for value in values
    )


def _holds(operator: str, value: Value, values: tuple[Value, ...]) -> bool:
    """Whether ``value operator any of values`` may be true; True where it cannot be told."""
    if operator == "=":
        return value in values
    order = _compare(value, values[0])
    if order is None:
        return True
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[operator]


def _is_below(operator: str, values: tuple[Value, ...], limit: Value) -> bool:
    """Whether ``column operator values`` says that the column is below a limit."""
    orders = [_compare(value, limit) for value in values]
    if operator in {"=", "<="}:
        return all(order is not None and order < 0 for order in orders)
    return operator == "<" and all(order is not None and order <= 0 for order in orders)


def _is_above(operator: str, values: tuple[Value, ...], limit: Value) -> bool:
    """Whether ``column operator values`` says that the column is a limit or above it."""
    orders = [_compare(value, limit) for value in values]
    return operator in {"=", ">", ">="} and all(order is not None and order >= 0 for order in orders)


def _atoms(kind: str, body: Node, column: str, *, times: bool) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Yield the comparisons of a column with constants that a term says: ``("=", (1, 2))`` for IN."""
    if kind != "A_Expr":
        return
    operator = name_of(body.get("name")).name
    left, right = body.get("lexpr", {}), body.get("rexpr", {})
    swapped = not _is_column(left, column)
    if swapped:
        left, right = right, left
    if not _is_column(left, column):
        return
    items = right.get("List", {}).get("items", ()) or unwrap(right)[1].get("elements", ())
    if body.get("kind") == "AEXPR_OP" and operator in _MIRRORED:
        value = _constant(right, times=times)
        if value is not None:
            yield _MIRRORED[operator] if swapped else operator, (value,)
        return
    values = tuple(value for item in items if (value := _constant(item, times=times)) is not None)
    if swapped or not values or len(values) != len(items):
        return
    if body.get("kind") == "AEXPR_BETWEEN":
        yield ">=", values[:1]
        yield "<=", values[1:]
    elif body.get("kind") in {"AEXPR_IN", "AEXPR_OP_ANY"} and operator == "=":
        yield "=", values


def _is_unequal(kind: str, body: Node) -> bool:
    return kind == "A_Expr" and body.get("kind") in {"AEXPR_OP", "AEXPR_IN"} and name_of(body.get("name")).name == "<>"


def _opposite(body: Node) -> Node:
    """Return BETWEEN for NOT BETWEEN, ``=`` for ``<>`` and IN for NOT IN."""
    if body.get("kind") == "AEXPR_NOT_BETWEEN":
        return {**body, "kind": "AEXPR_BETWEEN"}
    return {**body, "name": [{"String": {"sval": "="}}]}


def _is_column(node: Node, column: str) -> bool:
    kind, body = unwrap(node)
    return kind == "ColumnRef" and column_name(body) == column


def _constant(node: Node, *, times: bool) -> Value | None:
    kind, body = unwrap(node)
    if kind == "TypeCast":
        return _constant(body.get("arg", {}), times=times)
    if kind != "A_Const" or body.get("isnull"):
        return None
    if "ival" in body:
        return Decimal(body["ival"].get("ival", 0))
    if "fval" in body:
        return Decimal(body["fval"]["fval"])
    text = body.get("sval", {}).get("sval")
    if text is None or not times:
        return str(text) if text is not None else None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _compare(one: Value, other: Value) -> int | None:
    """Return -1, 0 or 1; None where the order of two constants depends on more than themselves (texts: collations)."""
    if one == other:
        return 0
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return -1 if one < other else 1
    if isinstance(one, datetime) and isinstance(other, datetime) and (one.tzinfo is None) is (other.tzinfo is None):
        return -1 if one < other else 1
    return None


def _is_time(table: Table, column: str) -> bool:
    found = table.columns.get(column)
    return found is not None and not found.type.name.schema and found.type.name.name in _TIMES
