"""Exclusion constraints: ranges that must not overlap are laid end to end for each key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.data.model import NOW
from alembic_vibe.prove.rows_facts import unfold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from alembic_vibe.data.facts import KeyFact
    from alembic_vibe.data.model import Value
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact, TypeFact

_MADE = re.compile(r"(?:\w+\.)?\w+range\((\"[^\"]+\"|\w+), (\"[^\"]+\"|\w+)(?:, '[\[(][\])]'::text)?\)")
_START = NOW.replace(hour=8) - timedelta(days=60)
_MINUTES = (30, 60, 60, 90, 120)
_DAY = 24 * 60
_MOMENTS = {"date", "timestamp", "timestamptz"}
_WHOLE = {"int2", "int4", "int8"}


@dataclass(slots=True)
class Line:
    """One exclusion constraint: where the last range of each key ended.

    ``range`` is the range column; or ``ends`` are the two columns that the constraint makes a range of. ``base`` is
    the type of both ends.
    """

    key: tuple[str, ...]
    base: str
    range: str | None = None
    ends: tuple[str, str] | None = None
    many: bool = False
    places: dict[tuple[Value, ...], int] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it gives values to."""
        return self.ends or (self.range or "",)

    def lay(self, columns: Mapping[str, list[Value]], random: Random, keep: list[int]) -> list[int]:
        """Give each row the next free range of its key, in place; return the rows for which there was one."""
        keys = [columns[name] for name in self.key]
        kept = []
        for number in keep:
            targets = [columns[name] for name in self.columns]
            if any(target[number] is None for target in targets):
                kept.append(number)  # NULL overlaps nothing
                continue
            key = tuple(values[number] for values in keys)
            ends = self._next(key, random)
            if ends is None:
                continue
            kept.append(number)
            if self.ends is not None:
                columns[self.ends[0]][number], columns[self.ends[1]][number] = ends
            else:
                text = f'["{_text(ends[0])}","{_text(ends[1])}")'
                columns[self.range or ""][number] = f"{{{text}}}" if self.many else text
        return kept

    def _next(self, key: tuple[Value, ...], random: Random) -> tuple[Value, Value] | None:
        at = self.places.get(key, 0)
        length = random.choice(_MINUTES)
        if self.base in {"time", "timetz"}:
            length = 30
            if at + length >= _DAY:
                return None
            self.places[key] = at + length
            return _clock(at), _clock(at + length)
        if self.base in _MOMENTS:
            pause = random.choice((0, 0, 30, 60))
            if self.base == "date":
                first = _START.date() + timedelta(days=at)
                self.places[key] = at + length // 30 + 1 + pause // 30
                return first, first + timedelta(days=length // 30)
            self.places[key] = at + length + pause + 1
            start = _START + timedelta(minutes=at)
            if self.base == "timestamp":
                start = start.replace(tzinfo=None)
            return start, start + timedelta(minutes=length)
        self.places[key] = at + length + 1
        low, high = at + 1, at + length
        return (low, high) if self.base in _WHOLE else (Decimal(low), Decimal(high))


def line_of(facts: SchemaFacts, table: TableFact, key: KeyFact) -> Line | None:
    """Return how an exclusion constraint is kept, or ``None`` if rows must be left to PostgreSQL."""
    equal, overlap = [], []
    for part in key.parts:
        if part.operator == "=" and part.column is not None:
            equal.append(part.column)
        elif part.operator == "&&":
            overlap.append(part)
        else:
            return None
    if len(overlap) != 1:
        return None
    part = overlap[0]
    if part.column is not None:
        fact = _base(facts, table, part.column)
        subtype = facts.types.get(fact.subtype) if fact is not None and fact.typtype in {"r", "m"} else None
        if fact is None or subtype is None or subtype.name not in _KNOWN:
            return None
        return Line(tuple(equal), subtype.name, range=part.column, many=fact.typtype == "m")
    made = _MADE.fullmatch(part.expression)
    if made is None:
        return None
    ends = (made[1].strip('"'), made[2].strip('"'))
    bases = {fact.name for name in ends if (fact := _base(facts, table, name)) is not None}
    if len(bases) != 1 or not bases <= _KNOWN:
        return None
    return Line(tuple(equal), bases.pop(), ends=ends)


def _base(facts: SchemaFacts, table: TableFact, name: str) -> TypeFact | None:
    try:
        return unfold(facts.types, table.column(name).type)[1]
    except KeyError:
        return None


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _text(value: Value) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


_KNOWN = _MOMENTS | _WHOLE | {"numeric", "float4", "float8", "time", "timetz"}
