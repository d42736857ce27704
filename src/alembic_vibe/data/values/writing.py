"""Values as PostgreSQL reads them: one at a time, or a column at a time for COPY.

The forms are those of the manual, "Arrays" (8.15.6), "Composite Types" (8.16.6), "Binary Data Types" (8.4.1) and
"Interval Input" (8.5.4). COPY's own escapes are not added here.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alembic_vibe.data.model import Value

_SPECIAL = frozenset('{}[](),;"\\ \t\n\r\v\f')


def as_text(value: Value, type_name: str = "") -> str | None:
    """Return the text of a value, ``None`` for NULL.

    Args:
        value: As ``data.model`` describes it.
        type_name: The type, as ``pg_type`` names it (``_box`` for an array of boxes); needed where it decides the form.
    """
    if value is None:
        return None
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return _array(value, type_name)
    return dumps(value) if isinstance(value, dict) else _other(value)


def texts(values: Sequence[Value], type_name: str = "") -> list[str | None]:
    """Return the texts of a column's values, ``None`` for NULL; the same as ``as_text`` of each, and quick.

    Args:
        values: The values.
        type_name: Their type, as for ``as_text``.
    """
    kinds = set(map(type, values))
    has_nulls = type(None) in kinds
    kinds.discard(type(None))
    if kinds <= {str}:
        return list(values)
    writer = _WRITERS.get(next(iter(kinds))) if len(kinds) == 1 else None
    if writer is None:
        known = {id(value): as_text(value, type_name) for value in {id(value): value for value in values}.values()}
        return [known[id(value)] for value in values]
    if has_nulls:
        return [None if value is None else writer(value) for value in values]
    return list(map(writer, values))


def _array(values: Sequence[Value], type_name: str) -> str:
    comma = ";" if type_name == "_box" else ","
    return "{" + comma.join(text_in_array(value, type_name) for value in values) + "}"


def text_in_array(value: Value, type_name: str = "") -> str:
    """Return the text of an element of an array, in quotes where it needs them."""
    if isinstance(value, list | tuple):
        return _array(value, type_name)
    text = as_text(value, type_name)
    if text is None:
        return "NULL"
    if text and text.upper() != "NULL" and text.isascii() and _SPECIAL.isdisjoint(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quoted_in_row(text: str) -> str:
    """Return the text of an attribute of a composite value, in quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bool(value: bool) -> str:
    return "t" if value else "f"


def _float(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def _interval(value: timedelta) -> str:
    """Days, seconds and microseconds are all that a ``timedelta`` has; 24 hours are not a day to PostgreSQL."""
    return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"


def _decimal(value: Decimal) -> str:
    return format(value, "f") if value.is_finite() else str(value)


def _bytes(value: bytes) -> str:
    return "\\x" + value.hex()


def _other(value: Value) -> str:
    for kind, writer in _WRITERS.items():
        if isinstance(value, kind):
            return writer(value)
    return str(value)


_WRITERS: dict[type, Callable[[Value], str]] = {
    bool: _bool,
    int: str,
    float: _float,
    Decimal: _decimal,
    bytes: _bytes,
    datetime: str,
    date: str,
    time: str,
    timedelta: _interval,
}
