"""Values made of others: arrays, ranges, and rows of composite types."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import intersect
from alembic_vibe.data.checks.types import base_of, type_domain
from alembic_vibe.data.meaning import meaning_of
from alembic_vibe.data.model import ANYTHING, NOW
from alembic_vibe.data.values.model import Drawn, Numbered, Pool
from alembic_vibe.data.values.writing import quoted_in_row, text_in_array, texts
from alembic_vibe.prove.rows_facts import ColumnFact

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from alembic_vibe.data.model import Domain, Value
    from alembic_vibe.data.values.model import Generator
    from alembic_vibe.data.values.wanted import Wanted

_SIZES = (0, 1, 1, 2, 2, 3, 4)
_LARGEST = 1000
_SIZE = 400  # of a pool
_ROOM = 500_000  # ranges, one after the other
_START = NOW.replace(hour=8) - timedelta(days=60)


def _part(wanted: Wanted, oid: int, modifier: int, name: str, domain: Domain) -> Wanted | None:
    """Return what is wanted of an element or attribute."""
    fact, modifier = base_of(wanted.types, oid, modifier)
    if fact is None:
        return None
    column = ColumnFact(name, oid, modifier, fact.name, True, None, False, "", fact.name)
    own = intersect(replace(type_domain(wanted.types, column), null=None), replace(domain, null=None))
    if own is None:
        return None
    meaning = meaning_of(wanted.table, name, fact.name)
    return replace(wanted, fact=fact, modifier=modifier, name=name, meaning=meaning, domain=own)


def array(wanted: Wanted, make: Callable[[Wanted], Generator | None]) -> Generator | None:
    """Return arrays of a few elements each."""
    domain = wanted.domain
    part = _part(wanted, wanted.fact.element, wanted.modifier, wanted.name, domain.elements or ANYTHING)
    inside = make(part) if part is not None else None
    if part is None or inside is None:
        return None
    least = max(domain.shortest or 0, 1 if wanted.unique else 0)
    most = domain.longest if domain.longest is not None else max(least, 4)
    if least > most or most < 0 or least > _LARGEST:
        return None
    sizes = sorted({min(max(size, least), most) for size in _SIZES})
    kept: Callable[[list[Value]], Value] = list
    if wanted.fact.name == "_box":  # whose elements stand between semicolons
        name = part.fact.name
        kept = lambda items: "{" + ";".join(text_in_array(item, name) for item in items) + "}"  # noqa: E731
    if wanted.unique:
        return _Distinct(inside, least, kept) if inside.capacity is None or inside.capacity > _LARGEST else None

    random = wanted.chance("arrays")
    drawn = random.choices(sizes, k=_SIZE)
    items = iter(inside.batch(random, 0, sum(drawn)))
    return Pool([kept([next(items) for _ in range(size)]) for size in drawn])


@dataclass(slots=True)
class _Distinct:
    """Arrays that differ because their elements do."""

    inside: Generator
    size: int
    kept: Callable[[list[Value]], Value]

    @property
    def capacity(self) -> int | None:
        return None if self.inside.capacity is None else self.inside.capacity // self.size

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        items = self.inside.batch(random, first * self.size, count * self.size)
        return [self.kept(items[at : at + self.size]) for at in range(0, len(items), self.size)]


@dataclass(slots=True)
class _Rows:
    """Rows of a composite type, as texts."""

    parts: list[tuple[str, Generator | None]]  # names of types
    capacity: int | None

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        columns = [
            [None] * count if part is None else texts(part.batch(random, first, count), name)
            for name, part in self.parts
        ]
        return [
            "(" + ",".join("" if text is None else quoted_in_row(text) for text in row) + ")"
            for row in zip(*columns, strict=True)
        ]


def composite(wanted: Wanted, make: Callable[[Wanted], Generator | None]) -> Generator | None:
    """Return rows of a composite type; an attribute of which nothing is known is NULL."""
    parts: list[tuple[str, Generator | None]] = []
    for name, oid, modifier in wanted.fact.attributes:
        part = _part(wanted, oid, modifier, name, ANYTHING)
        made = make(part) if part is not None else None
        parts.append((part.fact.name if part is not None else "", made))
    known = [part for _, part in parts if part is not None]
    if not known:
        return None
    rows = _Rows(parts, max(part.capacity or _ROOM for part in known))
    return rows if wanted.unique else Pool(rows.batch(wanted.chance("rows"), 0, _SIZE))


def ranges(wanted: Wanted) -> Generator | None:
    """Return ranges; unique ones do not even overlap."""
    fact = wanted.types.get(wanted.fact.subtype)
    name = fact.name if fact is not None else ""
    is_many = wanted.fact.typtype == "m"
    if wanted.domain.empty is True:
        return None if wanted.unique else Drawn(lambda _, count: ["{}" if is_many else "empty"] * count)
    write = _WRITERS.get(name)
    if (
        write is None
        or (name == "time" and wanted.unique)
        or wanted.domain.low is not None
        or wanted.domain.high is not None
        or wanted.domain.patterns
    ):
        return None

    def written(number: int) -> str:
        low, high = write(number)
        text = f'["{low}","{high}")'
        return f"{{{text}}}" if is_many else text

    if wanted.unique:
        return Numbered(written, _ROOM)
    return Pool([written(number * 7) for number in range(_SIZE)])


def _whole(number: int) -> tuple[str, str]:
    return str(number * 10 + 1), str(number * 10 + 9)


def _decimal(number: int) -> tuple[str, str]:
    return str(Decimal(number * 10)), str(Decimal(number * 10) + Decimal("9.5"))


def _days(number: int) -> tuple[str, str]:
    day = _START.date() + timedelta(days=number * 3)
    return day.isoformat(), (day + timedelta(days=2)).isoformat()


def _hours(number: int) -> tuple[str, str]:
    start = (_START + timedelta(hours=2 * number)).replace(tzinfo=None)
    return start.isoformat(" "), (start + timedelta(hours=1)).isoformat(" ")


def _zoned(number: int) -> tuple[str, str]:
    low, high = _hours(number)
    return f"{low}+00", f"{high}+00"


def _opening(number: int) -> tuple[str, str]:
    return f"{7 + number % 5:02d}:00", f"{15 + number % 6:02d}:30"


_WRITERS: dict[str, Callable[[int], tuple[str, str]]] = {
    "int4": _whole,
    "int8": _whole,
    "numeric": _decimal,
    "float8": _decimal,
    "date": _days,
    "timestamp": _hours,
    "timestamptz": _zoned,
    "time": _opening,
}
