"""Conditions on one column: the forms that CHECKs are written in, as domains."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import kinds
from alembic_vibe.data.checks.drafts import Draft, only
from alembic_vibe.data.checks.expression import Expression, NotUnderstoodError
from alembic_vibe.data.checks.linear import fold
from alembic_vibe.data.checks.regex import quote
from alembic_vibe.data.checks.values import bounds
from alembic_vibe.data.model import Bound, Domain, Pattern, Value

if TYPE_CHECKING:
    from alembic_vibe.data.checks.kinds import Kind

_LENGTHS = frozenset({"length", "char_length", "character_length", "octet_length", "cardinality", "array_length"})
_JSON_LENGTHS = frozenset({"jsonb_array_length", "json_array_length"})
_TYPEOF = frozenset({"jsonb_typeof", "json_typeof"})
_JSON_TYPES = ("object", "array", "string", "number", "boolean", "null")
_POSITIONS = frozenset({"strpos", "position"})
_NOT_BLANK = Pattern("[^ ]")
_TRIMMED = Pattern("^ | $", negated=True)


def column_of(expression: Expression) -> Expression | None:
    """Return the column that an expression is, whatever harmless casts are around it."""
    while expression.op == "cast":
        inner = expression.args[0]
        source, target = inner.kind, expression.kind
        harmless = (
            (source.is_text() and target.is_text())
            or (source.name in {"enum", "uuid"} and target.is_text())
            or (source.name in kinds.INTEGERS and target.name in kinds.INTEGERS | {"numeric"})
            or (source.name == target.name == "numeric")
            or (source.name in kinds.MOMENTS and target.name in {"timestamp", "timestamptz"})
            or (source.name == target.name == "array")
        )
        if not harmless or expression.kind.modifier >= 0:
            return None
        expression = replace(inner, kind=_collation_of(expression.kind, inner.kind))
    return expression if expression.op == "column" else None


def _collation_of(outer: Kind, inner: Kind) -> Kind:
    """An explicit COLLATE counts for the column inside."""
    if not (outer.is_text() and inner.is_text()):
        return inner
    return replace(inner, by_code_points=outer.by_code_points, loose=outer.loose)


def beside_constant(operator: str, left: Expression, value: Value, *, strict: bool) -> list[Draft] | None:
    """Return the ways in which ``left operator value`` holds, ``None`` if the form is not one of these.

    Args:
        operator: A comparison.
        left: The side with one column.
        value: A constant, or a span; not NULL.
        strict: NULL does not count as holding.
    """
    column = column_of(left)
    if column is not None:
        domain = bounds(column.kind, operator, value)
        return None if domain is None else _drafts(column.value, domain, strict=strict)
    if left.op == "call":
        return _call_beside(operator, left, value, strict=strict)
    if left.op == "arithmetic" and left.value == "%":
        return _remainder(operator, left.args[0], left.args[1], value, strict=strict)
    if left.op == "cast" and left.kind.is_text() and left.args[0].op == "call":
        return beside_constant(operator, left.args[0], value, strict=strict)
    return None


def _drafts(column: str, domain: Domain, *, strict: bool, exact: bool = True) -> list[Draft]:
    if domain.choices == ():
        return [] if strict else only(column, Domain(null=True))
    return only(column, replace(domain, null=False) if strict else domain, exact=exact)


def _call_beside(operator: str, call: Expression, value: Value, *, strict: bool) -> list[Draft] | None:
    name = call.value
    if name == "mod":
        return _remainder(operator, call.args[0], call.args[1], value, strict=strict)
    column = column_of(call.args[0]) if call.args else None
    if column is None:
        return _trimmed_length(operator, call, value, strict=strict) if name in _LENGTHS else None
    if name in _LENGTHS or name in _JSON_LENGTHS:
        return _length(operator, call, column, value, strict=strict)
    if name in _TYPEOF and operator in {"=", "<>"}:
        types = (value,) if operator == "=" else tuple(other for other in _JSON_TYPES if other != value)
        return _drafts(column.value, Domain(json_types=types), strict=strict)
    if name == "btrim" and len(call.args) == 1 and operator == "<>" and value == "":
        return _drafts(column.value, Domain(patterns=(_NOT_BLANK,), shortest=1), strict=strict)
    if name in {"lower", "upper"} and operator == "=" and isinstance(value, str):
        same = value == (value.lower() if name == "lower" else value.upper())
        return _drafts(column.value, Domain(choices=(value,) if same and value.isascii() else ()), strict=strict)
    return _part_of_text(operator, call, column, value, strict=strict)


def _part_of_text(
    operator: str, call: Expression, column: Expression, value: Value, *, strict: bool
) -> list[Draft] | None:
    name = call.value
    if name in _POSITIONS and call.args[1].op == "const" and isinstance(value, int):
        pattern = quote(call.args[1].value)
        found = {(">", 0): False, (">=", 1): False, ("<>", 0): False, ("=", 0): True, ("<", 1): True, ("<=", 0): True}
        negated = found.get((operator, value))
        if negated is None:
            return None
        return _drafts(column.value, Domain(patterns=(Pattern(pattern, negated=negated),)), strict=strict)
    if name == "left" and call.args[1].op == "const" and operator in {"=", "<>"} and isinstance(value, str):
        size = call.args[1].value
        if size < len(value) or size < 0:
            return None
        pattern = "^" + quote(value) + ("" if size == len(value) else "$")
        return _drafts(column.value, Domain(patterns=(Pattern(pattern, negated=operator == "<>"),)), strict=strict)
    return None


def _between(operator: str, value: Value) -> list[tuple[int | None, int | None]]:
    """Return the lengths that a comparison allows, as shortest and longest."""
    whole = int(value)
    if whole != value:
        return []
    found: dict[str, list[tuple[int | None, int | None]]] = {
        "<": [(None, whole - 1)],
        "<=": [(None, whole)],
        "=": [(whole, whole)],
        ">=": [(whole, None)],
        ">": [(whole + 1, None)],
        "<>": [(whole + 1, None), (None, whole - 1)],
    }
    return found[operator]


def _length(operator: str, call: Expression, column: Expression, value: Value, *, strict: bool) -> list[Draft] | None:
    kind = column.kind.name
    json = call.value in _JSON_LENGTHS
    if call.value == "array_length" and not (call.args[1].op == "const" and call.args[1].value == 1):
        return None
    least = 1 if call.value == "array_length" and strict else 0
    exact = kind != "bpchar" and not (call.value == "octet_length" and kind in kinds.TEXTS)
    found: list[Draft] = []
    for shortest, longest in _between(operator, value):
        if (longest is not None and longest < least) or (shortest or 0) > (longest if longest is not None else 2**31):
            if call.value == "array_length" and not strict:
                found += only(column.value, Domain(longest=0))
            continue
        low = max(shortest or 0, least) or None
        domain = Domain(shortest=low, longest=longest, json_types=("array",) if json else None)
        found += _drafts(column.value, domain, strict=strict, exact=exact)
    return found or _drafts(column.value, Domain(choices=()), strict=strict)


def _trimmed_length(operator: str, call: Expression, value: Value, *, strict: bool) -> list[Draft] | None:
    inner = call.args[0]
    if inner.op != "call" or inner.value not in {"btrim", "ltrim", "rtrim", "lower", "upper"} or len(inner.args) != 1:
        return None
    column = column_of(inner.args[0])
    if column is None:
        return None
    spans = _between(operator, value)
    found: list[Draft] = []
    for shortest, longest in spans:
        if longest is not None and longest < 0:
            continue
        patterns: tuple[Pattern, ...] = ()
        if inner.value.endswith("trim") and (shortest or 0) > 0:
            patterns = (_NOT_BLANK,) if shortest == 1 else (_NOT_BLANK, _TRIMMED)
        domain = Domain(shortest=shortest or None, longest=longest, patterns=patterns)
        found += _drafts(column.value, domain, strict=strict)
    return found or _drafts(column.value, Domain(choices=()), strict=strict)


def _remainder(operator: str, left: Expression, right: Expression, value: Value, *, strict: bool) -> list[Draft] | None:
    column = column_of(left)
    if column is None or operator != "=" or right.op not in {"const", "cast"} or not right.is_constant():
        return None
    step = fold(right)
    if not step or value < 0 or value >= abs(step):
        return None
    kind = column.kind.name
    if kind in kinds.INTEGERS and int(step) == step:
        step, value = int(step), int(value)
    # The remainder of a negative number is negative or zero.
    low = Bound(0) if value else None
    return _drafts(column.value, Domain(step=abs(step), remainder=value, low=low), strict=strict)


def matching(text: Expression, regex: str, *, ignore_case: bool, wanted: bool, strict: bool) -> list[Draft] | None:
    """Return the ways in which a text matches a regular expression, or does not."""
    column = column_of(text)
    letters = None
    if column is None and text.op == "call" and text.value in {"lower", "upper", "btrim"} and len(text.args) == 1:
        column = column_of(text.args[0])
        letters = text.value
    if column is None or column.kind.name == "enum":
        return None
    patterns: tuple[Pattern, ...] = (Pattern(regex, ignore_case, not wanted),)
    domain = Domain(patterns=patterns, letters=letters if letters in {"lower", "upper"} else None)
    if letters == "btrim":
        domain = Domain(patterns=(*patterns, _TRIMMED))
    return _drafts(column.value, domain, strict=strict)


def unchanged(operator: str, left: Expression, right: Expression, *, strict: bool) -> list[Draft] | None:
    """Return the ways in which ``lower(a) = a`` and its like hold."""
    if right.op == "call" and left.op != "call":
        left, right = right, left
    if operator != "=" or left.op != "call":
        return None
    if left.value in {"round", "trunc", "floor", "ceil", "ceiling"}:
        return _whole_steps(left, right, strict=strict)
    if len(left.args) != 1:
        return None
    inner, outer = column_of(left.args[0]), column_of(right)
    if inner is None or outer is None or inner.value != outer.value or inner.kind.name == "citext":
        return None
    match left.value:
        case "lower":
            domain = Domain(letters="lower")
        case "upper":
            domain = Domain(letters="upper")
        case "btrim" | "ltrim" | "rtrim":
            domain = Domain(patterns=(_TRIMMED,))
        case _:
            return None
    return _drafts(inner.value, domain, strict=strict)


def _whole_steps(call: Expression, right: Expression, *, strict: bool) -> list[Draft] | None:
    """``round(a, 2) = a``: a multiple of a hundredth."""
    inner, outer = column_of(call.args[0]), column_of(right)
    places = call.args[1].value if len(call.args) > 1 else 0
    if inner is None or outer is None or inner.value != outer.value or inner.kind.name != "numeric":
        return None
    return None if places is None else _drafts(inner.value, Domain(step=Decimal(1).scaleb(-places)), strict=strict)


def condition(call: Expression, *, wanted: bool, strict: bool) -> list[Draft] | None:
    """Return the ways in which a function or operator that gives a boolean is true, or false if not ``wanted``."""
    column = column_of(call.args[0])
    if column is None:
        return None
    second = None
    if len(call.args) == 2:
        try:
            second = fold(call.args[1]) if call.args[1].is_constant() else None
        except NotUnderstoodError:
            return None
    domain: Domain | None = None
    match call.value:
        case "isempty":
            domain = Domain(empty=wanted)
        case "?" if wanted and isinstance(second, str):
            domain = Domain(json_types=("object",), json_keys=(second,))
        case "?&" if wanted and isinstance(second, list):
            domain = Domain(json_types=("object",), json_keys=tuple(second))
        case "<@" if wanted and isinstance(second, list) and column.kind.name == "array":
            domain = Domain(elements=Domain(null=False, choices=tuple(second)))
        case "@>" if wanted and second is not None and column.kind.name in {"array", "jsonb"}:
            domain = Domain(choices=(second,))
        case "starts_with" if isinstance(second, str):
            domain = Domain(patterns=(Pattern("^" + quote(second), negated=not wanted),))
        case "isfinite" if wanted:
            domain = Domain()
    return None if domain is None else _drafts(column.value, domain, strict=strict)
