"""Dates, moments, times of day and intervals, around the fixed present.

What is created comes before what is updated, and that before what has ended: each meaning has a window of its own.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.model import LATEST, NOW
from alembic_vibe.data.values.model import Drawn, InTurn, Numbered, Pool

if TYPE_CHECKING:
    from random import Random

    from alembic_vibe.data.model import Value
    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.data.values.wanted import Wanted

M = Meaning
TYPES = frozenset({"date", "timestamp", "timestamptz", "time", "timetz", "interval"})
# Days from the present.
_WINDOWS = {
    M.BIRTH_DATE: (-80 * 365, -18 * 365),
    M.CREATED: (-3 * 365, -120),
    M.STARTS: (-119, -60),
    M.DONE: (-90, -40),
    M.UPDATED: (-39, -15),
    M.SEEN: (-14, -1),
    M.DELETED: (-14, -1),
    M.ENDS: (1, 365),
    M.EXPIRES: (30, 2 * 365),
}
_PAST = (-2 * 365, -1)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_MINUTES = (5, 10, 15, 20, 30, 45, 60, 60, 90, 120, 180, 240, 480, 1440, 2880, 10080)
_ZONE = "+00"


def make(wanted: Wanted) -> Generator | None:
    """Return moments for a column."""
    name = wanted.fact.name
    if name in {"time", "timetz"}:
        return _times(wanted)
    if name == "interval":
        return _intervals(wanted)
    window = _window(wanted)
    if window is None:
        return None
    start, end, unit = window
    room = int((end - start) / unit) + 1
    if wanted.domain.excluded or wanted.domain.step is not None:
        random = wanted.chance()
        values = wanted.fitting([start + unit * int(random.random() * room) for _ in range(2000)])
        return (InTurn(list(dict.fromkeys(values))) if wanted.unique else Pool(values)) if values else None
    if wanted.unique:
        return _distinct(wanted, start, end, room, unit)

    def draw(random: Random, count: int) -> list[Value]:
        chance = random.random
        return [start + unit * int(chance() * room) for _ in range(count)]

    return Drawn(draw)


def _distinct(wanted: Wanted, start: Value, end: Value, room: int, unit: timedelta) -> Generator:
    """Count from the start in large steps, and where they end in small ones; a date goes beyond the window."""
    if wanted.domain.high is None and wanted.fact.name == "date":
        return Numbered(lambda number: start + unit * number, 2_000_000 if start.year < 3000 else room)
    if wanted.domain.low is None and wanted.fact.name == "date":
        return Numbered(lambda number: end - unit * number, (end - date(1, 1, 1)).days)
    return (
        Numbered(lambda number: start + unit * (number * 7919 % room), room)
        if room % 7919
        else Numbered(lambda number: start + unit * number, room)
    )


def _window(wanted: Wanted) -> tuple[Value, Value, timedelta] | None:
    """Return the first and the last moment, and the least difference."""
    domain, unit = wanted.domain, _SECOND
    first, last = _WINDOWS.get(wanted.meaning, _PAST)
    start: Value = NOW + timedelta(days=first)
    end: Value = NOW + timedelta(days=last)
    low, high = (None if bound is None else bound.value for bound in (domain.low, domain.high))
    if wanted.fact.name == "date":
        start, end, unit = start.date(), end.date(), _DAY
        low, high = (_as_date(low), _as_date(high))
    elif wanted.fact.name == "timestamp":
        start, end = start.replace(tzinfo=None), end.replace(tzinfo=None)
    if low is not None and domain.low is not None and not domain.low.inclusive:
        low += unit
    if high is not None and domain.high is not None and not domain.high.inclusive:
        high -= unit
    length = max(end - start, _DAY * 300)
    try:
        if low is not None and high is not None and low > high:
            return None
        if low is not None and (start < low or (high is not None and start > high)):
            start = low
            end = max(end, low + length) if end <= low or low.year >= LATEST.year else end
        if high is not None and end > high:
            end = high
            start = max(low, high - length) if low is not None else min(start, high - length)
    except (OverflowError, TypeError, AttributeError):
        return None
    if wanted.unique and high is None and unit is _SECOND:
        end = max(end, start + _DAY * 3650) if end > _now(end) else end
    if wanted.unique and low is None and end - start < _DAY * 3650:
        start = min(start, end - _DAY * 3650)
    return start, end, unit


def _now(like: Value) -> Value:
    return NOW if like.tzinfo is not None else NOW.replace(tzinfo=None)


def _as_date(value: Value) -> Value:
    return value.date() if isinstance(value, datetime) else value


def _times(wanted: Wanted) -> Generator | None:
    """Return times of day, on the quarter of an hour if by chance."""
    evening = wanted.meaning in {M.ENDS, M.EXPIRES} or wanted.name.lower().startswith(("clos", "end", "to_", "until"))
    hours = range(16, 22) if evening else range(7, 13)
    is_zoned = wanted.fact.name == "timetz"
    usual: list[Value] = [time(hour, minute) for hour in hours for minute in (0, 0, 15, 30, 45)]
    every: list[Value] = [time(n // 60, n % 60) for n in range(1440)]
    if is_zoned:
        usual, every = [f"{one:%H:%M:%S}{_ZONE}" for one in usual], [f"{one:%H:%M:%S}{_ZONE}" for one in every]
    values = [] if wanted.unique else wanted.fitting(usual)
    if wanted.unique and not is_zoned and len(wanted.fitting(every)) == len(every):
        return Numbered(lambda n: time(n * 61 % 86400 // 3600, n * 61 % 3600 // 60, n * 61 % 60), 86400)
    values = values or wanted.fitting(every)
    if not values:
        return None
    return InTurn(values) if wanted.unique else Pool(values)


def _intervals(wanted: Wanted) -> Generator | None:
    if wanted.unique:
        values = wanted.fitting([timedelta(minutes=number) for number in range(1, 20_000)])
        return InTurn(values) if values else None
    values = wanted.fitting([timedelta(minutes=minutes) for minutes in _MINUTES])
    if not values and wanted.domain.low is not None:
        values = wanted.fitting([wanted.domain.low.value + timedelta(minutes=minutes) for minutes in (0, *_MINUTES)])
    if not values and wanted.domain.high is not None:
        values = wanted.fitting([wanted.domain.high.value - timedelta(minutes=minutes) for minutes in (0, *_MINUTES)])
    return Pool(values) if values else None
