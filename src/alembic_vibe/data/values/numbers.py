"""Numbers: of a size that the name of the column lets expect, within the domain."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.data.meanings import Meaning
from alembic_vibe.data.values.model import InTurn, Numbered, Pool

if TYPE_CHECKING:
    from random import Random

    from alembic_vibe.data.model import Value
    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.data.values.wanted import Wanted

M = Meaning
TYPES = frozenset({"int2", "int4", "int8", "oid", "numeric", "float4", "float8", "money"})
_WHOLE = frozenset({"int2", "int4", "int8", "oid"})
_SIZE = 1000  # of the pool of a column
_ROOM = 10**7  # numbers that differ where there is no upper bound


class Shape(NamedTuple):
    """The usual range; ``skew`` above 1 makes small ones commoner; ``places`` behind the point."""

    low: float
    high: float
    skew: float = 1.0
    places: int = 2


_SHAPES = {
    M.LATITUDE: Shape(-60, 70, 1, 6),
    M.LONGITUDE: Shape(-179, 179, 1, 6),
    M.PHONE: Shape(15550100, 15550199, 1, 0),
    M.LAST_FOUR: Shape(1000, 9999, 1, 0),
    M.PRICE: Shape(1, 500, 2.5),
    M.AMOUNT: Shape(1, 5000, 2.5),
    M.SALARY: Shape(28_000, 180_000, 1.6, 0),
    M.QUANTITY: Shape(1, 100, 3, 0),
    M.PERCENTAGE: Shape(0, 100, 1, 1),
    M.FRACTION: Shape(0, 1, 1.3, 3),
    M.RATING: Shape(1, 5, 0.5, 1),
    M.AGE: Shape(18, 90, 1.2, 0),
    M.YEAR: Shape(1990, 2026, 0.6, 0),
    M.MONTH: Shape(1, 12, 1, 0),
    M.DAY: Shape(1, 7, 1, 0),
    M.HOUR: Shape(0, 23, 1, 0),
    M.POSITION: Shape(1, 50, 1.5, 0),
    M.LEVEL: Shape(0, 5, 1.5, 0),
    M.PORT: Shape(1024, 65535, 1, 0),
    M.SIZE_BYTES: Shape(512, 20_000_000, 3, 0),
    M.WIDTH: Shape(16, 3840, 1.3, 0),
    M.DURATION: Shape(1, 3600, 2, 0),
    M.COUNT: Shape(0, 1000, 3, 0),
    M.WEIGHT: Shape(0.1, 200, 2),
    M.TEMPERATURE: Shape(-10, 38, 1, 1),
}
_USUAL = Shape(1, 1000, 1.5)
_HTTP = (200, 200, 200, 200, 200, 200, 201, 204, 301, 304, 400, 401, 403, 404, 404, 422, 500, 503)


def make(wanted: Wanted) -> Generator | None:
    """Return numbers for a column."""
    ends = _ends(wanted)
    if ends is None:
        return None
    low, room, step = ends
    name, places = wanted.fact.name, _places(wanted, step)

    def value(place: int) -> Value:
        return _cast(name, low + place * step, places)

    if wanted.unique:
        if not wanted.domain.excluded:
            return Numbered(value, room if wanted.domain.high is not None else None)
        values = wanted.fitting([value(place) for place in range(min(room, 100_000))])
        return InTurn(values) if values else None
    values = wanted.fitting(_usual(wanted, places)) if wanted.domain.step is None or name == "numeric" else []
    if len(values) < _SIZE // 10:
        random = wanted.chance()
        places_of = range(room) if room <= _SIZE else [int(random.random() * room) for _ in range(_SIZE)]
        values = wanted.fitting([value(place) for place in places_of])
    return Pool(values) if values else None


def _ends(wanted: Wanted) -> tuple[Decimal, int, Decimal] | None:
    """Return where numbers that differ begin, how many there are, and their distance."""
    domain = wanted.domain
    whole = wanted.fact.name in _WHOLE
    limited = wanted.fact.name == "numeric" and wanted.modifier >= 4
    step = Decimal(str(domain.step)) if domain.step else Decimal(1)
    least = Decimal(str(domain.low.value)) if domain.low is not None else None
    most = Decimal(str(domain.high.value)) if domain.high is not None else None
    if least is not None and most is not None and not whole and most - least < 100 and not domain.step:
        step = (most - least) / 1000 or Decimal(1)
        step = Decimal(1).scaleb(step.adjusted())
    if limited and (most is None or most > 100_000) and step < 1:
        step = Decimal(1)  # whole numbers read better where there is room for them
    first = Decimal(1900 if wanted.meaning is M.YEAR else 1)
    if wanted.fact.name == "money" and most is None:
        most = Decimal(10**9)
    remainder = Decimal(str(domain.remainder))
    if least is not None and (
        first < least or (first == least and domain.low is not None and not domain.low.inclusive)
    ):
        first = least
    if most is not None and first > most:
        first = least if least is not None else most - step * min(_ROOM, 10_000)
    first = ((first - remainder) / step).to_integral_value("ROUND_CEILING") * step + remainder
    if domain.low is not None and not domain.low.inclusive and first == least:
        first += step
    if most is None:
        return first, _ROOM, step
    room = int((most - first) / step) + 1
    if domain.high is not None and not domain.high.inclusive and first + (room - 1) * step == most:
        room -= 1
    return (first, room, step) if room > 0 else None


def _places(wanted: Wanted, step: Decimal) -> int:
    if wanted.fact.name in _WHOLE:
        return 0
    if wanted.fact.name == "numeric" and wanted.modifier >= 4:
        scale = (wanted.modifier - 4) & 0x7FF
        return 0 if scale & 0x400 else scale
    usual = _SHAPES.get(wanted.meaning, _USUAL).places
    return max(usual, -int(step.as_tuple().exponent))


def _usual(wanted: Wanted, places: int) -> list[Value]:
    """Return numbers as the name of the column lets expect them; a range beyond the domain is cut."""
    random, name = wanted.chance(), wanted.fact.name
    if wanted.meaning is M.HTTP_STATUS:
        return [_cast(name, Decimal(code), places) for code in _HTTP] * 10
    shape = _SHAPES.get(wanted.meaning, _USUAL)
    low, high = shape.low, shape.high
    domain = wanted.domain
    if wanted.meaning is M.FRACTION and domain.high is not None and 1 < domain.high.value <= 100:
        high = 100.0
    if wanted.name.endswith(("cents", "_cts")):
        low, high = low * 100, high * 100
    if domain.low is not None:
        low = max(low, float(domain.low.value))
    if domain.high is not None:
        high = min(high, float(domain.high.value))
    if low > high or (low == high and shape is _USUAL):
        return []
    drawn = [low + (high - low) * random.random() ** shape.skew for _ in range(_SIZE)]
    if wanted.meaning is M.PRICE and places >= 2:
        drawn = _prices(drawn, random)
    rounded = min(places, shape.places)
    return [_cast(name, Decimal(str(round(value, rounded))), places) for value in drawn]


def _prices(drawn: list[float], random: Random) -> list[float]:
    """Most prices end in 99 or 50 or nothing."""
    ends = (0.99, 0.99, 0.99, 0.5, 0.0, 0.95)
    return [value if random.random() < 0.2 else int(value) + random.choice(ends) for value in drawn]


def _cast(name: str, value: Decimal, places: int) -> Value:
    if name in _WHOLE:
        return int(value)
    if name in {"float4", "float8"}:
        return float(round(value, min(places, 6)))
    return round(value, places if name != "money" else 2)
