"""Values by type alone, for columns of which nothing better is known: an extension's type, an odd domain."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.prove.rows_facts import unfold
from alembic_vibe.prove.rows_harvest import harvest
from alembic_vibe.prove.rows_values import candidates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from alembic_vibe.data.engine.sources import Source
    from alembic_vibe.data.model import Domain, Value
    from alembic_vibe.prove.rows_facts import ColumnFact, TableFact, TypeFact

_KINDS = 12  # values of a type of which nothing is known
_MOST = 10**6  # of a number without an upper bound
_WHOLE = {"int2", "int4", "int8", "oid"}
_BROKEN = {"numeric", "float4", "float8"}


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
    capacity: int
    unique: bool

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return as many values."""
        size = self.capacity
        if self.unique:
            return [self.make(number % size) for number in range(first, first + count)]
        return [self.make(int(random.random() * size)) for _ in range(count)]


def plain(
    types: Mapping[int, TypeFact], column: ColumnFact, table: TableFact, domain: Domain, *, unique: bool
) -> Source | None:
    """Return a source of values of a column's type within a domain; ``None`` if it has none."""
    if domain.choices is not None:
        choices = [choice for choice in domain.choices if choice not in domain.excluded]
        return Listed(choices, unique=unique) if choices else None
    _, fact = unfold(types, column.type)
    if fact is not None and fact.name in _WHOLE | _BROKEN:
        return _numbers(fact.name, domain, unique=unique)
    known = harvest([c.expression for c in table.constraints if c.expression and column.name in c.columns])
    values: dict[str, None] = {}
    for number in range(_KINDS):
        texts = candidates(types, column.type, column.modifier, column.name, str(table.target), number, known)
        values.update(dict.fromkeys(texts[:1]))
    return Listed(list(values), unique=unique) if values else None


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
