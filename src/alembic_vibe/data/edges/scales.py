"""Values of a column in a line: numbers, days, moments, lengths. Each has a whole number for its place.

So the edge of what is accepted can be found by halving the distance, whatever the type and the constraint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from alembic_vibe.data.edges.shape import MOMENTS, TEXTS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from alembic_vibe.data.edges.shape import Shape

_MOST_NUMBERS = 16  # constants of a constraint that are looked at
_LONGEST = 10_000  # characters
_ANCHOR = 300  # a length beyond what most patterns take
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = 86_400_000_000
_SPAN = re.compile(r"(?:(-?\d+) years? ?)?(?:(-?\d+) mons? ?)?(?:(-?\d+) days? ?)?(?:(-)?(\d+:\d+:\d+(?:\.\d+)?))?")


@dataclass(frozen=True)
class Scale:
    """A line of values: where to look first, the texts of a place, and the words for its ends."""

    places: tuple[int, ...]
    texts: Callable[[int], Sequence[str]]
    lowest: str = "lowest"
    highest: str = "highest"
    shown: Callable[[int, str], str] = lambda _place, text: text


def scale_of(shape: Shape, value: str | None, short: str = "") -> Scale | None:
    """Return the scale of a column; ``None`` where its values are not in a line.

    Args:
        shape: The column.
        value: A value that it takes.
        short: The shortest text that was found to be taken.
    """
    if shape.is_array:
        return _elements(shape, value)
    if shape.kind != "b":
        return None
    if shape.base in WHOLE or shape.base in {"numeric", "float4", "float8"}:
        return _numbers(shape, value)
    if shape.base in TEXTS:
        return _lengths(shape, value, short)
    if shape.base in MOMENTS:
        return _moments(shape, value)
    if shape.base == "interval":
        return _spans(shape, value)
    if shape.base == "time":
        return _times(shape, value)
    return _bytes(shape, value) if shape.base == "bytea" else None


def _around(places: Iterable[int]) -> set[int]:
    return {place + offset for place in places for offset in (-1, 0, 1)}


def _numbers(shape: Shape, value: str | None) -> Scale:
    scale = 0
    ends: set[int] = set()
    if shape.base in WHOLE:
        size = 2 ** WHOLE[shape.base]
        ends = {-size, size - 1}
    elif shape.precision is not None:
        precision, scale = shape.precision
        ends = {-(10**precision) + 1, 10**precision - 1}
    else:
        scale = 2
        ends = {-(10**12), 10**12}
    near = [*shape.mentions.numbers, *shape.near.numbers, *([value] if value else [])][:_MOST_NUMBERS]
    wanted = {0, *(_units(text, scale) for text in near)}
    places = {place for place in _around(wanted) if min(ends) <= place <= max(ends)} | ends
    return Scale(tuple(sorted(places)), lambda place: (_decimal(place, scale),))


def _units(text: str, scale: int) -> int:
    try:
        number = Decimal(text).scaleb(scale)
    except InvalidOperation:
        return 0
    return int(number) if number.is_finite() and abs(number) < 10**40 else 0


def _decimal(place: int, scale: int) -> str:
    return str(place) if scale == 0 else f"{Decimal(place).scaleb(-scale):f}"


def _lengths(shape: Shape, value: str | None, short: str) -> Scale:
    numbers = [int(float(text)) for text in shape.near.numbers if 0 <= float(text) <= _LONGEST]
    places = {0, 1, *(place for place in _around(numbers) if place >= 0)}
    if value is not None:
        places.add(len(value))
    if short:
        places.add(len(short))
    if shape.length is not None:
        places = {place for place in places if place <= shape.length} | {shape.length}
    elif shape.near.patterns or shape.near.likes:
        places |= {3, 16, 64, _ANCHOR}
    return Scale(
        tuple(sorted(places)),
        lambda place: _texts(value or "" if place >= len(value or "") else short or value or "", place),
        "shortest",
        "longest",
        lambda place, _text: f"{place} character{'' if place == 1 else 's'}",
    )


def _texts(value: str, length: int) -> Sequence[str]:
    """Texts of a length, those that resemble a value that is accepted first."""
    more = length - len(value)
    found = []
    if value and more >= 0:
        middle = len(value) // 2
        found += [value + value[-1] * more, value[0] * more + value]
        found += [value[:middle] + value[middle] * more + value[middle:]]
    elif value:
        found += [value[:length], value[-length:] if length else ""]
    found += [letter * length for letter in "aA1"]
    return list(dict.fromkeys(found))


def _bytes(shape: Shape, value: str | None) -> Scale:
    numbers = [int(float(text)) for text in shape.near.numbers if 0 <= float(text) <= _LONGEST]
    places = {0, 1, *(place for place in _around(numbers) if place >= 0)}
    if value is not None:
        places.add((len(value) - 2) // 2)
    return Scale(
        tuple(sorted(places)),
        lambda place: ("\\x" + "01" * place,),
        "shortest",
        "longest",
        lambda place, _text: f"{place} byte{'' if place == 1 else 's'}",
    )


def _elements(shape: Shape, value: str | None) -> Scale | None:
    element = _element(value)
    if element is None:
        return None
    numbers = [int(float(text)) for text in shape.near.numbers if 0 <= float(text) <= 100]
    places = {0, 1, *(place for place in _around(numbers) if place >= 0)}
    return Scale(
        tuple(sorted(places)),
        lambda place: ("{" + ",".join([element] * place) + "}",),
        "shortest",
        "longest",
        lambda place, _text: f"{place} element{'' if place == 1 else 's'}",
    )


def _element(value: str | None) -> str | None:
    """The first element of an array in text form; ``None`` if that cannot be told without reading more of it."""
    if not value or not value.startswith("{") or value.startswith("{{"):
        return None
    inner = value[1:-1]
    if not inner.startswith('"'):
        return inner.split(",")[0].split(";")[0] or None
    at = 1
    while at < len(inner) and inner[at] != '"':
        at += 2 if inner[at] == "\\" else 1
    return inner[: at + 1]


def _moments(shape: Shape, value: str | None) -> Scale:
    day = shape.base == "date"
    near = [*shape.mentions.strings, *shape.near.strings, *([value] if value else [])]
    moments = [moment for moment in map(_moment, near[:_MOST_NUMBERS]) if moment is not None]
    ends = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC))
    unit = timedelta(days=1) if day else _MICROSECOND
    wanted = {(moment - _EPOCH) // unit for moment in moments}
    places = _around(wanted) | {(moment - _EPOCH) // unit for moment in ends}

    def text(place: int) -> Sequence[str]:
        moment = _EPOCH + place * unit
        if day:
            return (moment.date().isoformat(),)
        shown = moment.replace(tzinfo=None).isoformat(" ")
        return (shown + ("+00" if shape.base == "timestamptz" else ""),)

    return Scale(tuple(sorted(places)), text, "earliest", "latest")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year < 1800 or moment.year > 2400:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _times(shape: Shape, value: str | None) -> Scale:
    near = [text for text in [*shape.near.strings[:_MOST_NUMBERS], *([value] if value else [])] if ":" in text]
    wanted = {moment for moment in (_of_day(text) for text in near) if moment is not None}
    places = {place for place in _around(wanted) if 0 <= place <= _DAY} | {0, _DAY - 1}

    def text(place: int) -> Sequence[str]:
        if place == _DAY:
            return ("24:00:00",)
        return ((datetime.combine(date(2000, 1, 1), datetime.min.time()) + place * _MICROSECOND).time().isoformat(),)

    return Scale(tuple(sorted(places)), text, "earliest", "latest")


def _spans(shape: Shape, value: str | None) -> Scale:
    near = [*shape.mentions.strings, *shape.near.strings, *([value] if value else [])][:_MOST_NUMBERS]
    wanted = {span for span in map(_span, near) if span is not None}

    def text(place: int) -> Sequence[str]:
        minutes, microseconds = divmod(abs(place), 60_000_000)
        seconds, fraction = divmod(microseconds, 1_000_000)
        more = f".{fraction:06d}" if fraction else ""
        sign = "-" if place < 0 else ""
        return (f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{more}",)

    return Scale(tuple(sorted(_around(wanted) | {-_DAY, 0, 4000 * _DAY})), text, "shortest", "longest")


def _span(text: str) -> int | None:
    """Microseconds of an interval as PostgreSQL prints it, with months of 30 days as it counts them itself."""
    found = _SPAN.fullmatch(text)
    if found is None or not text:
        return None
    years, months, days, sign, clock = found.groups()
    whole = (int(years or 0) * 12 + int(months or 0)) * 30 + int(days or 0)
    time = _of_day(clock) if clock else 0
    return None if time is None else whole * _DAY + (-time if sign else time)


def _of_day(text: str) -> int | None:
    try:
        hours, minutes, *seconds = text.split(":")
        return int((int(hours) * 3600 + int(minutes) * 60 + Decimal(seconds[0] if seconds else 0)) * 1_000_000)
    except (ValueError, InvalidOperation):
        return None
