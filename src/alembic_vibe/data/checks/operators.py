"""The operators of PostgreSQL that CHECKs use, other than comparisons and matches, on Python values."""

from __future__ import annotations

from datetime import timedelta
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import functions, kinds, moments
from alembic_vibe.data.checks.kinds import (
    BOOL,
    DATE,
    FLOAT8,
    INT4,
    INTERVAL,
    JSONB,
    NUMERIC,
    TEXT,
    TIME,
    TIMESTAMP,
    Kind,
    integer_limits,
)  # fmt: skip
from alembic_vibe.data.checks.literals import Document, document, range_of
from alembic_vibe.data.checks.moments import Span
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, DivisionByZero])
_QUOTIENT = Context(prec=60, traps=[InvalidOperation, DivisionByZero])
# Manual, "Numeric Types", and numeric.c: a quotient has at least 16 significant digits.
_ROUNDING = Decimal("1e-15")
_WIDTH = {"int2": 0, "int4": 1, "int8": 2, "numeric": 3, "float4": 4, "float8": 5}


def arithmetic_kind(operator: str, left: Kind, right: Kind) -> Kind | None:
    """Return the kind of ``left operator right``, ``None`` if it is not understood."""
    one, other = left.name, right.name
    if one in kinds.NUMBERS and other in kinds.NUMBERS:
        if {one, other} & kinds.FLOATS:
            return FLOAT8 if operator != "%" else None
        wider = left if _WIDTH[one] >= _WIDTH[other] else right
        return Kind(wider.name)
    if operator in "+-":
        if one == "date" and other in kinds.INTEGERS:
            return DATE
        if one in kinds.INTEGERS and other == "date" and operator == "+":
            return DATE
        if one == other == "date" and operator == "-":
            return INT4
        if other == "interval" and one in {"date", "timestamp", "timestamptz", "time", "interval"}:
            return {"date": TIMESTAMP, "time": TIME, "interval": INTERVAL}.get(one, Kind(one))
        if one == "interval" and operator == "+" and other in kinds.MOMENTS:
            return TIMESTAMP if other == "date" else Kind(other)
        if operator == "-" and one in kinds.MOMENTS | {"time"} and other in kinds.MOMENTS | {"time"}:
            return INTERVAL if (one == "time") == (other == "time") and _same_zone(one, other) else None
    if operator == "*" and {one, other} & {"interval"} and {one, other} & kinds.NUMBERS:
        return INTERVAL
    if operator == "-" and one in kinds.JSON:
        return None
    return None


def _same_zone(one: str, other: str) -> bool:
    return (one == "timestamptz") == (other == "timestamptz")


def arithmetic(operator: str, left: Kind, right: Kind) -> Callable[[Value, Value], Value]:
    """Return what computes ``left operator right`` for values that are not NULL."""
    one, other = left.name, right.name
    if one in kinds.NUMBERS and other in kinds.NUMBERS:
        if {one, other} & kinds.FLOATS:
            return _float(operator)
        if {one, other} & {"numeric"}:
            return _numeric(operator)
        return _integer(operator, one if _WIDTH[one] >= _WIDTH[other] else other)
    if operator == "*":
        return moments.times if one == "interval" else lambda a, b: moments.times(b, a)
    if one == other == "date":
        return lambda a, b: (a - b).days
    if one == "date" and other in kinds.INTEGERS:
        return _days(1 if operator == "+" else -1)
    if one in kinds.INTEGERS:
        forward = _days(1)
        return lambda a, b: forward(b, a)
    if one == "interval" and operator == "+":
        return lambda a, b: moments.add(b, a)
    return moments.add if operator == "+" else moments.subtract


def _days(sign: int) -> Callable[[Value, Value], Value]:
    return lambda day, count: day + timedelta(days=sign * int(count))


def _float(operator: str) -> Callable[[Value, Value], Value]:
    match operator:
        case "+":
            return lambda a, b: float(a) + float(b)
        case "-":
            return lambda a, b: float(a) - float(b)
        case "*":
            return lambda a, b: float(a) * float(b)
    return lambda a, b: float(a) / float(b)


def _numeric(operator: str) -> Callable[[Value, Value], Value]:
    match operator:
        case "+":
            return lambda a, b: _EXACT.add(Decimal(a), Decimal(b))
        case "-":
            return lambda a, b: _EXACT.subtract(Decimal(a), Decimal(b))
        case "*":
            return lambda a, b: _EXACT.multiply(Decimal(a), Decimal(b))
        case "%":
            return lambda a, b: functions.find("%", (NUMERIC, NUMERIC)).call(Decimal(a), Decimal(b))  # type: ignore[union-attr]
    return _quotient


def _quotient(one: Value, other: Value) -> Value:
    found = _QUOTIENT.divide(Decimal(one), Decimal(other))
    if found * Decimal(other) == Decimal(one) and -found.as_tuple().exponent <= 16:  # type: ignore[operator]
        return found
    slack = abs(found) * _ROUNDING
    return Span(found - slack, found + slack)


def _integer(operator: str, name: str) -> Callable[[Value, Value], Value]:
    low, high = integer_limits(name)

    def whole(a: int, b: int) -> int:
        if b == 0:
            raise UndecidedError
        found = abs(a) // abs(b)
        return found if (a < 0) == (b < 0) else -found

    operations: dict[str, Callable[[int, int], int]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": whole,
        "%": lambda a, b: a - b * whole(a, b),
    }
    compute = operations[operator]

    def checked(a: int, b: int) -> int:
        found = compute(a, b)
        if not low <= found <= high:
            raise UndecidedError
        return found

    return checked


# -- json, arrays and ranges -----------------------------------------------------------------------------------------


def known_operator(name: str, left: Kind, right: Kind) -> Kind | None:
    """Return the kind that an operator on json, arrays, ranges or texts gives, ``None`` if it is not understood."""
    if name == "||" and left.is_text() and right.is_text():
        return TEXT
    if name in {"&", "|", "#"} and {left.name, right.name} <= kinds.INTEGERS:
        return left if _WIDTH[left.name] >= _WIDTH[right.name] else right
    if left.name in kinds.JSON:
        if name in {"->", "->>"} and (right.is_text() or right.name in kinds.INTEGERS):
            return Kind(left.name) if name == "->" else TEXT
        if left == right == JSONB and name in {"@>", "<@"}:
            return BOOL
        if left == JSONB and ((name == "?" and right.is_text()) or (name in {"?&", "?|"} and right.name == "array")):
            return BOOL
        return None
    if left.name == right.name == "array" and name in {"<@", "@>", "&&"}:
        return BOOL
    if "range" in {left.name, right.name} and name in {"<@", "@>", "&&"}:
        plain = {left.name, right.name} - {"range"}
        element = (left if left.name == "range" else right).element
        return BOOL if not plain or (element is not None and plain == {element.name}) else None
    return None


def called(name: str, args: tuple[Kind, ...]) -> Callable[..., Value]:
    """Return what computes a call of a function, or of an operator that is known, with arguments of these kinds."""
    if name == "element":
        return lambda array, index: array[index - 1] if 0 < index <= len(array) else None
    if args[0].name == "range" and name in functions.RANGES:
        kind, part = args[0], functions.RANGES[name][1]
        return lambda value: part(range_of(kind, value))
    function = functions.find(name, args)
    return function.call if function is not None else binary(name, args[0], args[1])


def binary(name: str, left: Kind, right: Kind) -> Callable[[Value, Value], Value]:
    """Return what computes an operator that :func:`known_operator` knows."""
    if name == "||":
        return lambda a, b: a + b
    if left.name in kinds.JSON:
        return _ON_JSON[name]
    if left.name == right.name == "array":
        return {"<@": lambda a, b: _within(b, a), "@>": _within, "&&": _overlap_arrays}[name]
    if name == "&&":
        return lambda a, b: _overlap(range_of(left, a), range_of(right, b))
    if name == "<@":
        return lambda a, b: _contains(left, right, b, a)
    return lambda a, b: _contains(right, left, a, b)


def _get(text: Value, key: Value) -> Value:
    found = _member(text, key)
    return None if found is _MISSING else Document(found)


_MISSING = object()


def _member(text: Value, key: Value) -> Value:
    found = document(text)
    if isinstance(found, dict) and isinstance(key, str):
        return found.get(key, _MISSING)
    if isinstance(found, list) and isinstance(key, int):
        return found[key] if -len(found) <= key < len(found) else _MISSING
    return _MISSING


def _get_text(text: Value, key: Value) -> Value:
    found = _member(text, key)
    if found is _MISSING or found is None:
        return None
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, (dict, list)):  # how that is printed is the server's to say
        raise UndecidedError
    return format(found, "f") if isinstance(found, Decimal) else str(found)


def _has_key(text: Value, key: str) -> bool:
    found = document(text)
    return key in found if isinstance(found, (dict, list)) else found == key


def _has_keys(text: Value, keys: list[str]) -> bool:
    return all(_has_key(text, key) for key in keys if key is not None)


def _has_any_key(text: Value, keys: list[str]) -> bool:
    return any(_has_key(text, key) for key in keys if key is not None)


def _holds_document(outer: Value, inner: Value) -> bool:
    """Manual, "jsonb Containment and Existence": an array may also hold a plain value, on the outermost level."""
    if isinstance(outer, list) and not isinstance(inner, (list, dict)):
        return any(_same(item, inner) for item in outer)
    return _holds_part(outer, inner)


def _holds_part(outer: Value, inner: Value) -> bool:
    if isinstance(inner, dict):
        return isinstance(outer, dict) and all(key in outer and _holds_part(outer[key], inner[key]) for key in inner)
    if isinstance(inner, list):
        return isinstance(outer, list) and all(any(_holds_part(item, part) for item in outer) for part in inner)
    return _same(outer, inner)


def _same(one: Value, other: Value) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


_ON_JSON: dict[str, Callable[[Value, Value], Value]] = {
    "->": _get,
    "->>": _get_text,
    "?": _has_key,
    "?&": _has_keys,
    "?|": _has_any_key,
    "@>": lambda outer, inner: _holds_document(document(outer), document(inner)),
    "<@": lambda inner, outer: _holds_document(document(outer), document(inner)),
}


def _within(outer: list[Value], inner: list[Value]) -> bool:
    return all(item is not None and item in outer for item in inner)


def _overlap_arrays(one: list[Value], other: list[Value]) -> bool:
    return any(item is not None and item in other for item in one)


def _contains(inner_kind: Kind, outer_kind: Kind, outer: Value, inner: Value) -> bool:
    found = range_of(outer_kind, outer)
    if inner_kind.name != "range":
        if found is None:
            return False
        low, high, from_it, to_it = found
        return (low is None or inner > low or (from_it and inner == low)) and (
            high is None or inner < high or (to_it and inner == high)
        )
    part = range_of(inner_kind, inner)
    if part is None or found is None:
        return part is None
    (low, high, from_it, to_it), (first, last, from_first, to_last) = found, part
    fits_low = low is None or (first is not None and (first > low or (first == low and (from_it or not from_first))))
    fits_high = high is None or (last is not None and (last < high or (last == high and (to_it or not to_last))))
    return fits_low and fits_high


def _overlap(one: Value, other: Value) -> bool:
    if one is None or other is None:
        return False
    for (_, high, _, to_it), (low, _, from_it, _) in ((one, other), (other, one)):
        if high is not None and low is not None and (high < low or (high == low and not (to_it and from_it))):
            return False
    return True
