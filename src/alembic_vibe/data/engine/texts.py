"""Values as PostgreSQL reads them, a column at a time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.data.model import Value


def texts_of(values: list[Value]) -> list[str | None]:
    """Return the texts of a column's values, ``None`` for NULL."""
    kinds = set(map(type, values))
    nothing = type(None) in kinds
    kinds.discard(type(None))
    if kinds <= {str}:
        return values
    write = _WRITERS.get(kinds.pop(), text_of) if len(kinds) == 1 else text_of
    if not nothing:
        return list(map(write, values))
    return [None if value is None else write(value) for value in values]


def text_of(value: Value) -> str:
    """Return the text of one value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds}.{value.microseconds:06d} seconds"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return dumps(value)
    if isinstance(value, list | tuple):
        return "{" + ",".join(_element(item) for item in value) + "}"
    return str(value)


def _element(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return text_of(value)
    text = text_of(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITERS: dict[type, Callable[[Value], str]] = dict.fromkeys((int, float, date, datetime, time), str)
