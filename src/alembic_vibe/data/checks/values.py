"""Constants beside a column: as values of the column's own type."""

from __future__ import annotations

import math
from datetime import time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import kinds, moments
from alembic_vibe.data.checks.literals import INFINITE
from alembic_vibe.data.checks.moments import Months, Span
from alembic_vibe.data.model import Bound, Domain, Value

if TYPE_CHECKING:
    from alembic_vibe.data.checks.kinds import Kind


def bounds(kind: Kind, operator: str, value: Value) -> Domain | None:
    """Return the domain of a column that stands in a relation to a constant, ``None`` if there is none to tell.

    A domain without choices (an empty tuple) is one that no value is in.

    Args:
        kind: Of the column.
        operator: A comparison.
        value: What the column is compared with, on its right; a span counts with its stricter end.
    """
    if value.__class__ is Span:
        if operator in {"=", "<>"}:
            return None
        value = value.early if operator in {"<", "<="} else value.late
    if value in INFINITE.get(kind.name, ()):
        return _infinite_bounds(kind, operator, value)
    return _bounds(kind, operator, value)


def _infinite_bounds(kind: Kind, operator: str, value: Value) -> Domain | None:
    earlier = value == INFINITE[kind.name][0]
    return Domain() if operator == "<>" or operator[0] == (">" if earlier else "<") else None


def _bounds(kind: Kind, operator: str, value: Value) -> Domain | None:
    if kind.name in kinds.NUMBERS:
        return _number_bounds(kind, operator, value)
    if kind.name == "date":
        return _date_bounds(operator, value)
    if kind.name in kinds.MOMENTS:
        convert = moments.as_timestamptz if kind.name == "timestamptz" else moments.as_local
        return _plain(operator, convert(value))
    if kind.name == "interval":
        return _plain(operator, moments.reckoned(value)) if not isinstance(value, Months) or operator != "=" else None
    if kind.name == "enum":
        return _label_bounds(kind, operator, value)
    if kind.name == "time":
        return _plain(operator, value) if isinstance(value, time) else None
    if kind.name == "range":
        return Domain(empty=operator == "=") if value == "empty" and operator in {"=", "<>"} else None
    if operator in {"=", "<>"}:
        return _equality(kind, operator, value)
    if kind.by_code_points and not kind.loose and isinstance(value, str):
        return _plain(operator, value)
    return None


def _plain(operator: str, value: Value) -> Domain:
    match operator:
        case "<" | "<=":
            return Domain(high=Bound(value, inclusive=operator == "<="))
        case ">" | ">=":
            return Domain(low=Bound(value, inclusive=operator == ">="))
        case "<>":
            return Domain(excluded=(value,))
    return Domain(choices=(value,))


def _equality(kind: Kind, operator: str, value: Value) -> Domain | None:
    if operator == "<>":
        if kind.name == "bool":
            return Domain(choices=(not value,))
        if value == "" and kind.is_text() and kind.name != "bpchar":
            return Domain(shortest=1)
        if kind.loose or kind.name == "citext" or kind.name in kinds.OPAQUE | kinds.JSON | {"range"}:
            return None
    return _plain(operator, value)


def _label_bounds(kind: Kind, operator: str, value: Value) -> Domain | None:
    if value not in kind.labels:
        return None
    if operator == "<>":
        return Domain(excluded=(value,))
    here = kind.labels.index(value)
    kept = {
        "<": kind.labels[:here],
        "<=": kind.labels[: here + 1],
        "=": (value,),
        ">=": kind.labels[here:],
        ">": kind.labels[here + 1 :],
    }
    return Domain(choices=tuple(kept[operator]))


def number(kind: Kind, value: Value) -> Value:
    """Return a number as the type of a column has it."""
    if kind.name in kinds.FLOATS:
        return float(value)
    if isinstance(value, Fraction):
        exact = value.numerator if value.denominator == 1 else Decimal(value.numerator) / Decimal(value.denominator)
    else:
        exact = value
    if kind.name in kinds.INTEGERS and exact == int(exact):
        return int(exact)
    return Decimal(str(exact)) if isinstance(exact, float) else Decimal(exact)


def _number_bounds(kind: Kind, operator: str, value: Value) -> Domain:
    if kind.name in kinds.INTEGERS and value != int(value):
        match operator:
            case "<" | "<=":
                return _plain("<=", math.floor(value))
            case ">" | ">=":
                return _plain(">=", math.ceil(value))
            case "=":
                return Domain(choices=())
        return Domain()
    if kind.name == "float4":  # rounded when it is stored, so a little inside
        value = float(value) + {"<": -1, ">": 1}.get(operator[0], 0) * abs(float(value)) * 1e-6
    return _plain(operator, number(kind, value))


def _date_bounds(operator: str, value: Value) -> Domain | None:
    moment = moments.as_local(value)
    day = moment.date()
    if moment.time() == time():
        return _plain(operator, day)
    match operator:
        case "<" | "<=":
            return _plain("<=", day)
        case ">" | ">=":
            return _plain(">", day)
        case "=":
            return Domain(choices=())
    return Domain()
