"""What storing a value and casting it do to it."""

from __future__ import annotations

import struct
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from alembic_vibe.data.checks import kinds, moments
from alembic_vibe.data.checks.expression import NotUnderstoodError
from alembic_vibe.data.checks.literals import literal
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.data.checks.kinds import Kind

_HEADER = 4  # bytes that the type modifier of a text or number counts in


def storing(kind: Kind) -> Callable[[Value], Value] | None:
    """Return what PostgreSQL does to a value when it stores it, if it does anything."""
    if kind.name == "bpchar" and kind.modifier > _HEADER:
        size = kind.modifier - _HEADER
        return lambda value: value.ljust(size)
    if kind.name == "float4":
        return lambda value: struct.unpack("f", struct.pack("f", value))[0]
    if kind.name == "float8":
        return float
    if kind.name == "numeric":
        return _numeric(kind.modifier)
    if kind.name == "uuid":
        return str
    return None


def _numeric(modifier: int) -> Callable[[Value], Value]:
    scale = (modifier - _HEADER) & 0x7FF if modifier >= _HEADER else None
    unit = Decimal(1).scaleb(-scale) if scale is not None and not scale & 0x400 else None

    def rounded(value: Value) -> Value:
        if isinstance(value, float):
            value = Decimal(str(value))
        if unit is not None and isinstance(value, Decimal) and value.as_tuple().exponent < unit.as_tuple().exponent:  # type: ignore[operator]
            return value.quantize(unit, rounding=ROUND_HALF_UP)
        if value != value:
            raise UndecidedError
        return value

    return rounded


def conversion(source: Kind, target: Kind) -> Callable[[Value], Value] | None:
    """Return what a cast does to a value, ``None`` for nothing."""
    one, other = source.name, target.name
    if one == "array" == other and source.element is not None and target.element is not None:
        convert = conversion(source.element, target.element)
        return None if convert is None else lambda items: [None if x is None else convert(x) for x in items]
    if target.is_text():
        return _text_conversion(source, target)
    if source.is_text() and other == "enum":
        return lambda text: text if text in target.labels else _refused(text)
    if source.is_text() and other in kinds.INTEGERS | {"numeric"}:
        return lambda text: literal(target, text)
    if one in kinds.NUMBERS and other in kinds.NUMBERS:
        return _number_conversion(one, target)
    if one in kinds.MOMENTS and other in _BETWEEN_MOMENTS:
        return _BETWEEN_MOMENTS[other]
    if one == "bool" and other == "int4":
        return int
    if one in {other, "null"} or {one, other} in ({"json", "jsonb"}, {"inet", "cidr"}):
        return None
    raise _not_understood(one, other)


_BETWEEN_MOMENTS: dict[str, Callable[[Value], Value]] = {
    "date": moments.as_date,
    "timestamp": moments.as_local,
    "timestamptz": moments.as_timestamptz,
    "time": lambda moment: moments.as_local(moment).time(),
}


def _not_understood(one: str, other: str) -> NotUnderstoodError:
    return NotUnderstoodError(f"a cast from {one} to {other} is not understood")


def _text_conversion(source: Kind, target: Kind) -> Callable[[Value], Value] | None:
    one, other = source.name, target.name
    if source.is_text():
        size = target.modifier - _HEADER if target.modifier > _HEADER else None
        if other == "bpchar":
            return None if size is None else lambda text: text[:size].ljust(size)
        if one == "bpchar":
            return lambda text: text.rstrip(" ")[:size]
        return None if size is None else lambda text: text[:size]
    if one in {"enum", "uuid", "char", "null"}:
        return None
    if one in kinds.INTEGERS:
        return str
    if one == "bool":
        return lambda value: "true" if value else "false"
    raise _not_understood(one, other)


def _number_conversion(one: str, target: Kind) -> Callable[[Value], Value] | None:
    other = target.name
    if other == "numeric":
        rounded = _numeric(target.modifier)
        return rounded if one != "float4" else _refused
    if other in kinds.FLOATS:
        return float if other == "float8" else _refused
    low, high = kinds.integer_limits(other)

    def limited(value: int) -> int:
        return value if low <= value <= high else _refused(value)

    if one in kinds.INTEGERS:
        return limited
    if one in kinds.FLOATS:  # ties go to even
        return lambda value: limited(round(value))
    return lambda value: limited(int(Decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def _refused(_: Value) -> Any:
    raise UndecidedError
