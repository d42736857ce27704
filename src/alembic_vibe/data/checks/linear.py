"""Sums of columns and constants: ``a - b + 3``, ``ends_at - starts_at - '1 hour'``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import kinds, moments
from alembic_vibe.data.checks.evaluation import compile_expression
from alembic_vibe.data.checks.expression import NotUnderstoodError
from alembic_vibe.data.checks.moments import Months, Span
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.data.checks.expression import Expression

_TIMES = kinds.MOMENTS | {"interval", "time"}


@dataclass(frozen=True, slots=True)
class Linear:
    """``offset`` and columns, each so many times. Of times, the offset is a moment or a ``timedelta``, or ``None``.

    ``days``: PostgreSQL sees a number of days where this has a ``timedelta``.
    """

    terms: Mapping[str, Fraction]
    offset: Value = None
    days: bool = False


def fold(expression: Expression) -> Value:
    """Return the value of an expression without columns (a span if it depends on the present).

    Raises:
        NotUnderstoodError: Only the server can compute it.
    """
    try:
        return compile_expression(expression)({})
    except (UndecidedError, ArithmeticError, TypeError, ValueError, AttributeError) as error:
        message = "a constant is not understood"
        raise NotUnderstoodError(message) from error


def linear(expression: Expression) -> Linear | None:
    """Return a sum as such, ``None`` if it is something else."""
    try:
        return _linear(expression)
    except (NotUnderstoodError, TypeError, OverflowError, ValueError, ArithmeticError):
        return None


def _linear(expression: Expression) -> Linear | None:
    name = expression.kind.name
    if expression.is_constant():
        value = fold(expression)
        if value is None or isinstance(value, Months) or (name in kinds.NUMBERS and value.__class__ is Span):
            return None
        return Linear({}, Fraction(value) if name in kinds.NUMBERS else value)
    if expression.op == "column":
        return Linear({expression.value: Fraction(1)}) if name in kinds.NUMBERS | _TIMES else None
    if expression.op == "cast":
        return _cast(expression)
    return _sum(expression) if expression.op == "arithmetic" else None


def _cast(expression: Expression) -> Linear | None:
    source, target = expression.args[0].kind.name, expression.kind.name
    widening = (source in kinds.INTEGERS and target in kinds.INTEGERS | {"numeric"}) or (
        source in kinds.MOMENTS and target in {"timestamp", "timestamptz"}
    )
    plain = expression.kind.modifier < 0 and (widening or (source == "numeric" == target))
    return _linear(expression.args[0]) if plain else None


def _sum(expression: Expression) -> Linear | None:
    left, right = (_linear(arg) for arg in expression.args)
    if left is None or right is None:
        return None
    one, other = (arg.kind.name for arg in expression.args)
    if expression.value in "+-":
        if "date" in {one, other} and {one, other} & kinds.INTEGERS:
            left, right = (_as_days(left) if one != "date" else left), (_as_days(right) if other != "date" else right)
            if left is None or right is None:
                return None
        sign = 1 if expression.value == "+" else -1
        terms = dict(left.terms)
        for column, times in right.terms.items():
            terms[column] = terms.get(column, Fraction(0)) + sign * times
        offset = plus(left.offset, right.offset, sign)
        days = one == other == "date" or (left.days and right.days) or (left.days and right.terms == {})
        return Linear({column: times for column, times in terms.items() if times}, offset, days)
    if expression.value == "*" and one in kinds.NUMBERS and other in kinds.NUMBERS:
        scaled, factor = (right, left.offset) if not left.terms else (left, right.offset)
        if (left.terms and right.terms) or not isinstance(factor, Fraction) or kinds.FLOATS & {one, other}:
            return None
        scaled_offset = None if scaled.offset is None else scaled.offset * factor
        return Linear({column: times * factor for column, times in scaled.terms.items()}, scaled_offset)
    return None


def _as_days(count: Linear) -> Linear | None:
    if count.terms or not isinstance(count.offset, Fraction):
        return None
    return Linear({}, timedelta(days=int(count.offset)))


def plus(one: Value, other: Value, sign: int) -> Value:
    """Add or subtract offsets, either of which may be missing or a span."""
    if other is None:
        return one
    if one is None:
        if sign > 0:
            return other
        if isinstance(other, (Fraction, timedelta)):
            return -other
        raise TypeError  # a moment cannot be negative
    if isinstance(one, Fraction):
        return one + sign * other
    compute = moments.add if sign > 0 else moments.subtract
    if sign > 0 and isinstance(one, timedelta) and not isinstance(other, timedelta):
        one, other = other, one
    if Span in {one.__class__, other.__class__}:
        return moments.spread(compute, one, other)
    return compute(one, other)
