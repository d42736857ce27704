"""Domains together: what is in both, and whether anything is."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.automaton import matcher
from alembic_vibe.data.checks.literals import document
from alembic_vibe.data.model import ANYTHING, Bound, Domain, UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOTHING = Domain(null=True)


def intersect(one: Domain, other: Domain) -> Domain | None:
    """Return what is in both; ``None`` if nothing is, not even NULL.

    Where only NULL is left, that is what the domain says.
    """
    if one == ANYTHING:
        return other
    if other == ANYTHING:
        return one
    null = one.null if other.null is None else other.null
    if one.null is not None and other.null is not None and one.null != other.null:
        return None
    if null is True:
        return _NOTHING
    made = _joined(one, other)
    made = None if made is None else _normal(replace(made, null=null))
    if made is None:
        return None if null is False else _NOTHING
    return made


def _joined(one: Domain, other: Domain) -> Domain | None:
    """Return both without NULL, ``None`` for nothing."""
    if one.letters is not None and other.letters is not None and one.letters != other.letters:
        return None
    if one.empty is not None and other.empty is not None and one.empty != other.empty:
        return None
    step, remainder = _steps(one, other)
    if step is False:
        return None
    elements = one.elements if other.elements is None else other.elements
    if one.elements is not None and other.elements is not None:
        elements = intersect(one.elements, other.elements)
        if elements is None:
            return None
    return Domain(
        choices=_common(one.choices, other.choices),
        excluded=tuple(_unique([*one.excluded, *other.excluded])),
        low=_tighter(one.low, other.low, 1),
        high=_tighter(one.high, other.high, -1),
        patterns=tuple(dict.fromkeys([*one.patterns, *other.patterns])),
        shortest=_most(one.shortest, other.shortest),
        longest=_least(one.longest, other.longest),
        step=step,
        remainder=remainder,
        letters=one.letters or other.letters,
        elements=elements,
        json_types=_common(one.json_types, other.json_types),
        json_keys=tuple(dict.fromkeys([*one.json_keys, *other.json_keys])),
        empty=one.empty if other.empty is None else other.empty,
    )


def _unique(values: Iterable[Value]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _common(one: tuple[Value, ...] | None, other: tuple[Value, ...] | None) -> tuple[Value, ...] | None:
    if one is None or other is None:
        return one if other is None else other
    return tuple(value for value in one if value in other)


def _most(one: int | None, other: int | None) -> int | None:
    return max((n for n in (one, other) if n is not None), default=None)


def _least(one: int | None, other: int | None) -> int | None:
    return min((n for n in (one, other) if n is not None), default=None)


def _tighter(one: Bound | None, other: Bound | None, sign: int) -> Bound | None:
    if one is None or other is None:
        return one or other
    if one.value == other.value:
        return one if not one.inclusive else other
    return one if (one.value > other.value) == (sign > 0) else other


def _steps(one: Domain, other: Domain) -> tuple[Value, Value]:
    """Return step and remainder of both; ``False`` as the step for nothing."""
    if one.step is None or other.step is None:
        chosen = one if other.step is None else other
        return chosen.step, chosen.remainder
    a, b = Fraction(one.step), Fraction(other.step)
    scale = a.denominator * b.denominator
    first, second = int(a * scale), int(b * scale)
    whole = math.lcm(first, second)
    if not one.remainder and not other.remainder:
        return _as_number(Fraction(whole, scale), one.step), 0
    start, between = int(Fraction(one.remainder) * scale), int(Fraction(other.remainder) * scale)
    for _ in range(min(whole // first, 10_000)):
        if start % second == between % second:
            return _as_number(Fraction(whole, scale), one.step), _as_number(Fraction(start % whole, scale), one.step)
        start += first
    return False, 0


def _as_number(number: Fraction, like: Value) -> Value:
    if number.denominator == 1 and isinstance(like, int):
        return int(number)
    return Decimal(number.numerator) / Decimal(number.denominator)


def _normal(domain: Domain) -> Domain | None:
    """Keep the choices that fit everything else; ``None`` if no value can be left."""
    if domain.choices is not None:
        rest = replace(domain, choices=None, null=None)
        kept = tuple(value for value in domain.choices if fits(rest, value) is not False)
        return replace(domain, choices=kept) if kept else None
    if domain.shortest is not None and domain.longest is not None and domain.shortest > domain.longest:
        return None
    if domain.json_types == ():
        return None
    low, high = domain.low, domain.high
    if low is not None and high is not None:
        if low.value > high.value:
            return None
        if low.value == high.value:
            if not (low.inclusive and high.inclusive):
                return None
            return _normal(replace(domain, choices=(low.value,)))
        if isinstance(low.value, int) and isinstance(high.value, int) and _first_whole(low) > _last_whole(high):
            return None  # a bound that is a whole number is one of an integer
    return domain


def _first_whole(bound: Bound) -> int:
    return int(bound.value) + (not bound.inclusive)


def _last_whole(bound: Bound) -> int:
    return int(bound.value) - (not bound.inclusive)


def fits(domain: Domain, value: Value) -> bool | None:
    """Say whether a value is in a domain, ``None`` if that is not known."""
    if value is None:
        return domain.null is not False
    if domain.null is True:
        return False
    try:
        return _fits(domain, value)
    except (UndecidedError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None


def _fits(domain: Domain, value: Value) -> bool | None:
    if (domain.choices is not None and value not in domain.choices) or value in domain.excluded:
        return False
    if not within_bounds(domain, value):
        return False
    if domain.shortest is not None or domain.longest is not None:
        size = len(document(value)) if domain.json_types == ("array",) else len(value)
        if size < (domain.shortest or 0) or (domain.longest is not None and size > domain.longest):
            return False
    if domain.step is not None and (value - domain.remainder) % domain.step != 0:
        return False
    if domain.letters is not None and value != (value.lower() if domain.letters == "lower" else value.upper()):
        return False
    for pattern in domain.patterns:
        found = matcher(pattern.regex, ignore_case=pattern.ignore_case)
        if found is None:
            return None
        if found.matches(value) is pattern.negated:
            return False
    return _fits_inside(domain, value)


def _fits_inside(domain: Domain, value: Value) -> bool | None:
    if domain.elements is not None and not all(fits(domain.elements, item) for item in value):
        return False
    if domain.json_types is not None or domain.json_keys:
        found = document(value)
        if domain.json_types is not None and _type_of(found) not in domain.json_types:
            return False
        if domain.json_keys and not (isinstance(found, dict) and all(key in found for key in domain.json_keys)):
            return False
    return (value == "empty") is domain.empty if domain.empty is not None else True


def _type_of(found: Value) -> str:
    if found is None:
        return "null"
    names = {bool: "boolean", dict: "object", list: "array", str: "string"}
    return names.get(type(found), "number")


def within_bounds(domain: Domain, value: Value) -> bool:
    """Whether a value is between the bounds of a domain."""
    low, high = domain.low, domain.high
    if low is not None and (value < low.value or (value == low.value and not low.inclusive)):
        return False
    return high is None or value < high.value or (value == high.value and high.inclusive)
