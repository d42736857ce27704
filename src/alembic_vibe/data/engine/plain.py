"""Values by type alone, within a domain: for columns of which nothing better is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha512
from json import dumps
from typing import TYPE_CHECKING

from alembic_vibe.data.engine.patterned import patterned
from alembic_vibe.data.engine.realistic import realistic
from alembic_vibe.data.model import ANYTHING, NOW
from alembic_vibe.prove.rows_harvest import harvest
from alembic_vibe.prove.rows_regex import samples
from alembic_vibe.prove.rows_values import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from alembic_vibe.data.engine.sources import Source
    from alembic_vibe.data.model import Domain, Value
    from alembic_vibe.prove.rows_facts import ColumnFact, TableFact, TypeFact

_KINDS = 12  # values of a type of which nothing is known
_SAMPLES = 200  # texts of a regular expression that must differ
_FEW = 40  # and that need not
_MOST = 10**6  # of a number without an upper bound
_WHOLE = {"int2", "int4", "int8", "oid"}
_TEXTS = {"text", "varchar", "bpchar", "citext", "name"}
_DAYS, _MOMENTS_BACK = 900, 13_000  # about two and a half years
_LATE = re.compile(r"expir|until|due|ends?_|_end|deadline|schedul|valid_to|next_", re.IGNORECASE)
_MOMENTS = {"date", "timestamp", "timestamptz"}


class Listed:
    """Values from a list: in turn if they must differ, by chance if not."""

    def __init__(self, values: list[Value], *, unique: bool) -> None:
        """Take the values; ``unique`` ones come in turn."""
        self.values = values
        self.unique = unique
        self.capacity: int | None = len(values)

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return values; unique ones begin again when the list is at its end."""
        values, size = self.values, len(self.values)
        if self.unique:
            return [values[number % size] for number in range(first, first + count)]
        return random.choices(values, k=count)


@dataclass(slots=True)
class Numbered:
    """Values that a function makes of numbers below ``capacity``: the row's, or ones by chance."""

    make: Callable[[int], Value]
    capacity: int | None
    unique: bool

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return as many values."""
        size = self.capacity or _MOST
        if self.unique:
            numbers = range(first, first + count)
            return [self.make(number if self.capacity is None else number % size) for number in numbers]
        return [self.make(int(random.random() * size)) for _ in range(count)]


def plain(
    types: Mapping[int, TypeFact], column: ColumnFact, table: TableFact, domain: Domain, *, unique: bool
) -> Source | None:
    """Return a source of values of a column's type within a domain; ``None`` if it has none."""
    if domain.choices is not None:
        choices = [choice for choice in domain.choices if choice not in domain.excluded]
        return Listed(choices, unique=unique) if choices else None
    fact = types.get(column.type)
    while fact is not None and fact.typtype == "d":
        fact = types.get(fact.base)
    base = fact.name if fact is not None else ""
    if base in _TEXTS:
        return _texts(column, domain, unique=unique)
    if base in _WHOLE or base in {"numeric", "float4", "float8"}:
        return _numbers(base, domain, unique=unique)
    if base in _MOMENTS:
        return _moments(base, column, domain, unique=unique)
    if base in {"json", "jsonb"}:
        return Listed(_documents(domain), unique=unique)
    if fact is not None and fact.category == "A" and fact.element:
        return _arrays(types, column, table, domain, fact)
    made = _numbered(base, domain)
    if made is not None:
        make, capacity = made
        return Numbered(make, capacity, unique)
    known = harvest([c.expression for c in table.constraints if c.expression and column.name in c.columns])
    values: dict[str, None] = {}
    for number in range(_KINDS):
        texts = candidates(types, column.type, column.modifier, column.name, str(table.target), number, known)
        values.update(dict.fromkeys(texts[:1]))
    return Listed(list(values), unique=unique) if values else None


def _texts(column: ColumnFact, domain: Domain, *, unique: bool) -> Source:
    known = realistic(column.name, domain, unique=unique)
    if known is not None:
        return known
    if any(not pattern.negated for pattern in domain.patterns):
        made = patterned(domain, unique=unique)
        if made is not None:
            return made
        for pattern in domain.patterns:  # what only Python's engine reads
            texts = _samples(pattern.regex, pattern.ignore_case, _SAMPLES if unique else _FEW)
            fitting = [text for text in texts if domain.longest is None or len(text) <= domain.longest]
            if fitting and not pattern.negated:
                return Listed(fitting, unique=unique)
    longest, shortest = domain.longest or 60, domain.shortest or 0
    word = column.name.lower() if domain.letters != "upper" else column.name.upper()

    def make(number: int) -> str:
        text = f"{word} {number + 1}"
        return text.ljust(shortest, "x") if len(text) <= longest else _digits(number, longest)

    return Numbered(make, None if longest > len(str(_MOST)) else 36**longest, unique)


@lru_cache(maxsize=256)  # the cases of a table ask for the same
def _samples(regex: str, ignore_case: bool, count: int) -> list[str]:
    return samples(regex, ignore_case=ignore_case, count=count)[:count]


def _digits(number: int, length: int) -> str:
    text = ""
    for _ in range(length):
        number, rest = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + text
    return text


def _octets(number: int, size: int) -> bytes:
    return sha512(number.to_bytes(8, "big")).digest()[: max(0, size - 5)].ljust(max(0, size - 5), b"x") + (
        number.to_bytes(8, "big")[-min(5, size) :] if size else b""
    )


def _documents(domain: Domain) -> list[Value]:
    kinds = domain.json_types or ("object",)
    made: dict[str, str] = {
        "object": dumps(dict.fromkeys(domain.json_keys, 1)),
        "array": "[]",
        "string": '"text"',
        "number": "1",
        "boolean": "true",
        "null": "null",
    }
    return [made[kind] for kind in kinds if kind in made]


def _numbers(base: str, domain: Domain, *, unique: bool) -> Source | None:
    step = Decimal(domain.step) if domain.step else Decimal(1)
    low = Decimal(domain.low.value) if domain.low is not None else Decimal(0)
    if domain.low is not None and not domain.low.inclusive:
        low += step
    if low < 0 and (domain.high is None or Decimal(domain.high.value) >= 1):
        low = Decimal(0)
    low = (low / step).to_integral_value(rounding="ROUND_CEILING") * step + Decimal(domain.remainder)
    high = Decimal(domain.high.value) if domain.high is not None else low + _MOST * step
    room = int((high - low) / step) + 1
    if domain.high is not None and not domain.high.inclusive and low + (room - 1) * step == high:
        room -= 1
    if room <= 0:
        return None
    cast: Callable[[Decimal], Value] = int if base in _WHOLE else float if base in {"float4", "float8"} else Decimal
    return Numbered(lambda number: cast(low + number * step), room if unique else min(room, _MOST), unique)


def _moments(base: str, column: ColumnFact, domain: Domain, *, unique: bool) -> Source:
    step = timedelta(days=1) if base == "date" else timedelta(minutes=97)
    now = NOW.date() if base == "date" else NOW.replace(tzinfo=None) if base == "timestamp" else NOW
    room = _DAYS if base == "date" else _MOMENTS_BACK
    if domain.low is not None:
        start = domain.low.value + (step * 0 if domain.low.inclusive else step)
        if domain.high is not None:
            room = max(1, min(room, (domain.high.value - start) // step))
        return Numbered(lambda number: start + number % room * step, room, unique)
    if domain.high is not None:
        now = domain.high.value
    elif _LATE.search(column.name):
        return Numbered(lambda number: now + (number % room + 1) * step, room, unique)
    return Numbered(lambda number: now - (number % room + 1) * step, room, unique)


def _numbered(base: str, domain: Domain) -> tuple[Callable[[int], Value], int | None] | None:
    """Return what makes values of rarer types of numbers, and how many there are."""
    if base == "bytea":
        size = max(domain.shortest or 0, min(domain.longest or 16, 16))
        return (lambda number: _octets(number, size)), None if size > 4 else 256**size
    if base == "interval":
        low = domain.low.value if domain.low is not None else timedelta(0)
        high = domain.high.value if domain.high is not None else low + timedelta(days=3)
        if isinstance(low, timedelta) and isinstance(high, timedelta):
            room = max(1, (high - low) // timedelta(minutes=15))
            return (lambda number: low + (number % room + 1) * timedelta(minutes=15)), room
    if base == "time" and domain.low is None and domain.high is None:
        return (lambda number: time(number // 4 % 24, number % 4 * 15)), 96
    if base == "inet":
        return (
            lambda number: (
                f"203.0.113.{number + 1}" if number < 254 else f"2001:db8::{number >> 16:x}:{number & 0xFFFF:x}"
            )
        ), None
    if base == "macaddr":
        return (lambda number: "00:00:5e:{:02x}:{:02x}:{:02x}".format(*(number % 2**24).to_bytes(3, "big"))), 2**24
    return None


def _arrays(
    types: Mapping[int, TypeFact], column: ColumnFact, table: TableFact, domain: Domain, fact: TypeFact
) -> Source | None:
    element = replace(column, type=fact.element, not_null=True)
    inner = replace(domain.elements or ANYTHING, null=False)
    made = plain(types, element, table, inner, unique=False)
    if made is None:
        return None
    least = domain.shortest or 0
    most = domain.longest if domain.longest is not None else max(least, 3)
    return Arrays(made, least, min(most, least + 8))


@dataclass(slots=True)
class Arrays:
    """Arrays of values of another source."""

    elements: Source
    least: int
    most: int
    capacity: int | None = _MOST

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return arrays of different lengths."""
        sizes = [random.randint(self.least, self.most) for _ in range(count)]
        values = iter(self.elements.batch(random, first, sum(sizes)))
        return [[next(values) for _ in range(size)] for size in sizes]
