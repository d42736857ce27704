"""Constants as PostgreSQL prints them, as Python values.

The server prints a constant in its canonical form (manual, "Date/Time Output": ISO style; "Arrays"); anything else is
not understood here, and the CHECK is left to it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from alembic_vibe.data.checks import kinds
from alembic_vibe.data.checks.moments import Months
from alembic_vibe.data.model import UndecidedError, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.data.checks.kinds import Kind

_INTERVAL_PART = re.compile(r"([+-]?\d+) (year|mon|day)s?")
_INTERVAL_TIME = re.compile(r"([+-]?)(\d+):(\d{2}):(\d{2})(?:\.(\d{1,6}))?")
_RANGE = re.compile(r'([\[(])("(?:[^"]|"")*"|[^",]*),("(?:[^"]|"")*"|[^",]*)([\])])')
_ARRAY_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^{}",]*?))\s*(,|\Z)', re.DOTALL)
_LONGEST_NUMBER = 400


def literal(kind: Kind, text: str) -> Value:
    """Return the value of a constant of that kind; raises ``UndecidedError`` where its text is not understood."""
    try:
        return _literal(kind, text)
    except (ValueError, InvalidOperation, OverflowError, RecursionError) as error:
        raise UndecidedError from error


def _literal(kind: Kind, text: str) -> Value:
    if len(text) > _LONGEST_NUMBER and kind.name in kinds.NUMBERS:
        raise UndecidedError
    if kind.name == "array" and kind.element is not None:
        return array(kind.element, text)
    if text in {"infinity", "-infinity"} and kind.name in INFINITE:
        least, greatest = INFINITE[kind.name]
        return greatest if text == "infinity" else least
    read = _READERS.get(kind.name)
    return text if read is None else read(text)


# What stands for infinity: later, or earlier, than any value that is made.
INFINITE: dict[str, tuple[Value, Value]] = {
    "date": (date.min, date.max),
    "timestamp": (datetime.min, datetime.max),
    "timestamptz": (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
}
_TRUE = frozenset({"t", "true"})
_FALSE = frozenset({"f", "false"})


def _boolean(text: str) -> bool:
    if text not in _TRUE | _FALSE:
        raise UndecidedError
    return text in _TRUE


def _local(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        raise UndecidedError
    return moment


def _zoned(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _bytes(text: str) -> bytes:
    if not text.startswith("\\x"):
        raise UndecidedError
    return bytes.fromhex(text[2:])


def _finite(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise UndecidedError
    return number


def interval(text: str) -> Value:
    """Read an interval in the style ``postgres``: ``1 year 2 mons 3 days 04:05:06``."""
    months = 0
    rest = timedelta()
    words = _INTERVAL_PART.findall(text)
    for count, unit in words:
        if unit == "day":
            rest += timedelta(days=int(count))
        else:
            months += int(count) * (12 if unit == "year" else 1)
    left = _INTERVAL_PART.sub("", text).strip()
    if left:
        found = _INTERVAL_TIME.fullmatch(left)
        if found is None:
            raise UndecidedError
        sign, hours, minutes, seconds, fraction = found.groups()
        clock = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds))
        clock += timedelta(microseconds=int((fraction or "").ljust(6, "0")))
        rest += -clock if sign == "-" else clock
    elif not words:
        raise UndecidedError
    return Months(months, rest) if months else rest


_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys((*kinds.INTEGERS, "oid"), int),
    **dict.fromkeys(kinds.FLOATS, lambda text: float(_finite(Decimal(text)))),
    "numeric": lambda text: _finite(Decimal(text)),
    "bool": _boolean,
    "date": date.fromisoformat,
    "timestamp": _local,
    "timestamptz": _zoned,
    "time": time.fromisoformat,
    "interval": interval,
    "bytea": _bytes,
    "uuid": lambda text: str(UUID(text)),
}


def array(element: Kind, text: str) -> list[Value]:
    """Read an array of one dimension."""
    if not (text.startswith("{") and text.endswith("}")):
        raise UndecidedError
    inner = text[1:-1]
    if not inner.strip():
        return []
    values: list[Value] = []
    position = 0
    while True:
        found = _ARRAY_ITEM.match(inner, position)
        if found is None:
            raise UndecidedError
        quoted, bare, comma = found.groups()
        if quoted is not None:
            values.append(literal(element, re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)))
        elif bare.upper() == "NULL":
            values.append(None)
        elif "\\" in bare or not bare:
            raise UndecidedError
        else:
            values.append(literal(element, bare))
        if not comma:
            return values
        position = found.end()


class Document(NamedTuple):
    """A part of a json document that has been read."""

    content: Value


def document(text: Value) -> Value:
    """Return what a json text holds; numbers stay exact."""
    if isinstance(text, Document):
        return text.content
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UndecidedError from error


class Range(tuple[Value, Value, bool, bool]):
    """A range: lower and upper bound (``None``: infinite), and whether each belongs to it; ``None`` in all: empty."""

    __slots__ = ()

    @property
    def is_empty(self) -> bool:
        """Whether no value is in it."""
        low, high, from_it, to_it = self
        return low is not None and high is not None and (low > high or (low == high and not (from_it and to_it)))


def range_of(kind: Kind, value: Value) -> Range | None:
    """Read a range, in canonical form; ``None`` for an empty one."""
    element = kind.element
    if element is None or not isinstance(value, str):
        raise UndecidedError
    text = value.strip()
    if text.lower() == "empty":
        return None
    found = _RANGE.fullmatch(text)
    if found is None:
        raise UndecidedError
    opening, low_text, high_text, closing = found.groups()
    low = literal(element, _unquoted(low_text)) if low_text else None
    high = literal(element, _unquoted(high_text)) if high_text else None
    from_it, to_it = opening == "[" and low is not None, closing == "]" and high is not None
    if element.name in {"int4", "int8", "date"}:  # discrete: [low, high)
        one = timedelta(days=1) if element.name == "date" else 1
        if low is not None and not from_it:
            low, from_it = low + one, True
        if high is not None and to_it:
            high, to_it = high + one, False
    made = Range((low, high, from_it, to_it))
    return None if made.is_empty else made


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text
