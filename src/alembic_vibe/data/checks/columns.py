"""Comparisons between columns, and of sums of them: relations, bounds and computations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import kinds
from alembic_vibe.data.checks.casts import conversion
from alembic_vibe.data.checks.drafts import Draft, only
from alembic_vibe.data.checks.evaluation import compile_expression
from alembic_vibe.data.checks.expression import MIRRORED, Expression, NotUnderstoodError
from alembic_vibe.data.checks.forms import column_of
from alembic_vibe.data.checks.linear import Linear, linear, plus
from alembic_vibe.data.checks.moments import Months, Span
from alembic_vibe.data.checks.values import bounds, number
from alembic_vibe.data.model import Computed, Domain, Relation, UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alembic_vibe.data.checks.kinds import Kind


def beside_column(operator: str, left: Expression, right: Expression, *, strict: bool) -> list[Draft] | None:
    """Return the ways in which a comparison with columns on one side or both holds, ``None`` if it is another form."""
    columns = {part.value: part.kind for side in (left, right) for part in side if part.op == "column"}
    domains = {name: Domain(null=False) for name in columns} if strict else {}
    one, other = column_of(left), column_of(right)
    if one is not None and other is not None and one.value != other.value and _alike(one.kind, other.kind):
        if one.kind.name == "enum" and operator not in {"=", "<>"}:
            return _labels(operator, one, other, strict=strict)
        if not _orders(operator, one.kind, other.kind):
            return None
        vague = operator == "<>" and (one.kind.loose or "citext" in {one.kind.name, other.kind.name})
        return [Draft(domains, (Relation(one.value, operator, other.value),), exact=not vague)]
    if len(columns) == 1:
        return _bound(operator, left, right, columns, strict=strict)
    difference = _difference(left, right)
    if difference is not None and len(difference.terms) == 2:
        relation = _relation(operator, difference, columns)
        if relation is not None:
            return [Draft(domains, (relation,))]
    computed = _computed(operator, left, right, difference, columns)
    return None if computed is None else [Draft(domains, computed=(computed,), exact=_null_safe(left, right))]


def _null_safe(left: Expression, right: Expression) -> bool:
    """Whether NULL in any column makes the comparison NULL."""
    return not any(
        part.op in {"coalesce", "case", "greatest", "least", "nullif"} for side in (left, right) for part in side
    )


def _alike(one: Kind, other: Kind) -> bool:
    if one.name in kinds.NUMBERS and other.name in kinds.NUMBERS:
        return (one.name in kinds.FLOATS) == (other.name in kinds.FLOATS)
    if one.is_text() and other.is_text():
        return "bpchar" not in {one.name, other.name} or one.name == other.name
    return one.name == other.name and one.name not in {"json", "range", "other"}


def _orders(operator: str, one: Kind, other: Kind) -> bool:
    """Whether Python compares values of these kinds as PostgreSQL does."""
    if operator in {"=", "<>"}:
        return True
    if one.is_text():
        return one.by_code_points and other.by_code_points and "citext" not in {one.name, other.name}
    return one.name in kinds.NUMBERS | kinds.MOMENTS | {"time", "interval", "bool", "bytea"}


def _labels(operator: str, one: Expression, other: Expression, *, strict: bool) -> list[Draft]:
    """Labels of an enum are in the order in which it lists them."""
    found = []
    for label in other.kind.labels:
        domain = bounds(one.kind, operator, label)
        if domain is not None and domain.choices:
            beside = Domain(choices=(label,))
            pair = {one.value: domain, other.value: beside}
            found.append(Draft({name: _not_null(d) if strict else d for name, d in pair.items()}))
    return found


def _difference(left: Expression, right: Expression) -> Linear | None:
    """Return ``left - right``."""
    one, other = linear(left), linear(right)
    if one is None or other is None:
        return None
    if one.days and not other.terms and isinstance(other.offset, Fraction):
        other = Linear({}, timedelta(days=int(other.offset))) if other.offset == int(other.offset) else Linear({}, None)
    elif other.days and not one.terms and isinstance(one.offset, Fraction):
        one = Linear({}, timedelta(days=int(one.offset)))
    terms = dict(one.terms)
    for column, times in other.terms.items():
        terms[column] = terms.get(column, Fraction(0)) - times
    try:
        offset = plus(one.offset, other.offset, -1)
    except (TypeError, UndecidedError, OverflowError):
        return None
    return Linear({column: times for column, times in terms.items() if times}, offset)


def _bound(
    operator: str, left: Expression, right: Expression, columns: Mapping[str, Kind], *, strict: bool
) -> list[Draft] | None:
    """``now() - a < '1 day'`` and the like: one column, once, and constants."""
    one, other = linear(left), linear(right)
    if one is None or other is None:
        return None
    if other.terms:
        operator, one, other = MIRRORED[operator], other, one
    if other.terms or len(one.terms) != 1:
        return None
    ((name, times),) = one.terms.items()
    start, end, kind = one.offset, other.offset, columns[name]
    if one.days and isinstance(end, Fraction):
        end = timedelta(days=int(end))
    if times < 0:
        operator, start, end = MIRRORED[operator], end, start
    try:
        value = plus(end, start, -1)
        value = value / abs(times) if isinstance(value, Fraction) else value
    except (TypeError, UndecidedError, OverflowError):
        return None
    if kind.name not in kinds.NUMBERS and abs(times) != 1:
        return None
    domain = bounds(kind, operator, number(kinds.NUMERIC, value) if isinstance(value, Fraction) else value)
    if domain is None:
        return None
    if domain.choices == ():
        return [] if strict else only(name, Domain(null=True))
    return [Draft({name: _not_null(domain) if strict else domain})]


def _not_null(domain: Domain) -> Domain:
    return replace(domain, null=False)


def _relation(operator: str, difference: Linear, columns: Mapping[str, Kind]) -> Relation | None:
    """Return ``a operator b + offset`` for ``a - b - offset``; of times only if nothing is rounded."""
    (one, first), (other, second) = difference.terms.items()
    if first != -second:
        return None
    if first < 0:
        one, other, operator = other, one, operator
    offset = difference.offset
    kind, beside = columns[one], columns[other]
    if not _alike(kind, beside) or isinstance(offset, (Months, Span, date, datetime)):
        return None
    scale = abs(first)
    if kind.name in kinds.NUMBERS:
        away = -Fraction(offset or 0) / scale
        both_whole = {kind.name, beside.name} <= kinds.INTEGERS
        if both_whole and away.denominator != 1:
            return None
        value: Value = number(kind if both_whole else kinds.NUMERIC, away) if away else None
    else:
        if scale != 1:
            return None
        value = -offset if offset else None
        if value is not None and kind.name == "date" and value % timedelta(days=1):
            return None
        if value is not None and kind.name == "time":  # which goes round at midnight
            return None
    return Relation(one, operator, other, value)


def _computed(
    operator: str, left: Expression, right: Expression, difference: Linear | None, columns: Mapping[str, Kind]
) -> Computed | None:
    """Return a comparison of one column with all the rest."""
    for side, rest, sign in ((left, right, operator), (right, left, MIRRORED[operator])):
        column = column_of(side)
        if column is None or column.value in rest.columns() or not rest.columns():
            continue
        value = _value(rest, column.kind)
        if value is not None:
            return Computed(column.value, sign, rest.columns(), value)
    if difference is None or not all(columns[name].name in kinds.INTEGERS | {"numeric"} for name in difference.terms):
        return None
    # A sum on either side: the first column that appears once is what the others make of it.
    name = next((name for name, times in difference.terms.items() if abs(times) == 1), None)
    if name is None:
        return None
    times = difference.terms[name]
    others = {column: -count / times for column, count in difference.terms.items() if column != name}
    start = -Fraction(difference.offset or 0) / times
    sign = operator if times > 0 else MIRRORED[operator]

    def rest_of(row: Mapping[str, Value]) -> Value:
        total = start
        for column, count in others.items():
            value = row.get(column)
            if value is None:
                return None
            total += count * Fraction(value)
        return number(kinds.NUMERIC, total) if total.denominator != 1 else int(total)

    return Computed(name, sign, tuple(others), rest_of)


def _value(expression: Expression, kind: Kind) -> Callable[[Mapping[str, Value]], Value] | None:
    """Return what computes an expression as a value of a column's kind, ``None`` at a row it cannot tell about."""
    try:
        compute = compile_expression(expression)
        convert = conversion(expression.kind, kind) if not _alike(expression.kind, kind) else None
    except NotUnderstoodError:
        return None

    def value(row: Mapping[str, Value]) -> Value:
        try:
            found = compute(row)
        except (UndecidedError, KeyError, ArithmeticError, TypeError, ValueError):
            return None
        if found.__class__ is Span:
            found = found.early
        return convert(found) if convert is not None and found is not None else found

    return value
