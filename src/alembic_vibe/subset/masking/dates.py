"""Dates are shifted by whole days: all dates of one subject by the same number, so their order and distance stay."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic_vibe.subset.masking.drawing import Drawer

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?! BC)")
_MOST = 180  # days


def shift_of(drawer: Drawer, subject: str, attempt: int = 0) -> int:
    """Return by how many days the dates of a subject move, never by none.

    To the past, as what has happened must not lie in the future; every other attempt goes the other way.
    """
    number = drawer.number(f"date_shift {attempt}" if attempt else "date_shift", subject)
    days = 1 + number % _MOST
    return days if attempt % 2 else -days


def shifted(text: str, days: int) -> str | None:
    """Return a date or a moment (ISO) that many days away.

    What has no place in Python's calendar (years before 1 and after 9999) becomes ``None``; infinity stays.
    """
    if text in {"infinity", "-infinity", ""}:
        return text
    found = _DATE.match(text)
    if found is None or text.endswith(" BC"):
        return None
    try:
        moved = date(int(found[1]), int(found[2]), int(found[3])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return moved.isoformat() + text[found.end() :]


def as_value(text: str | None) -> Any:
    """Return what CHECKs are asked about: a ``date`` or a ``datetime``."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return text
