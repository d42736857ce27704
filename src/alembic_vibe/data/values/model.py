"""What gives the values of one column.

Values by chance come from the ``Random`` that the caller has seeded, those that must differ from the number of the row:
the same calls in the same order give the same values. Pools are made once, from a seed of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from alembic_vibe.data.model import Value


class Generator(Protocol):
    """Gives values of one column, none of them NULL."""

    @property
    def capacity(self) -> int | None:
        """How many different values there are; ``None``: more than anybody needs."""

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return ``count`` values for the rows from number ``first`` on.

        Unique ones never repeat for row numbers below ``capacity``; beyond that they begin again.
        """


class Pool:
    """Values by chance from a list, all alike or by weight."""

    def __init__(self, values: Sequence[Value], weights: Sequence[float] | None = None) -> None:
        """Take the values, one at least."""
        self.values = list(values)
        self.sums = list(accumulate(weights)) if weights is not None else None
        self.capacity: int | None = len(self.values)

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return as many values."""
        _ = first
        return random.choices(self.values, cum_weights=self.sums, k=count)


class InTurn:
    """Values from a list, each once."""

    def __init__(self, values: Sequence[Value]) -> None:
        """Take the values, which differ."""
        self.values = list(values)
        self.capacity: int | None = len(self.values)

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return the values of these rows."""
        _ = random
        values, size = self.values, len(self.values)
        return [values[number % size] for number in range(first, first + count)]


@dataclass(slots=True)
class Numbered:
    """Values that a function makes of the number of a row."""

    make: Callable[[int], Value]
    capacity: int | None

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return the values of these rows."""
        _ = random
        size, make = self.capacity, self.make
        if size is None or first + count <= size:
            return list(map(make, range(first, first + count)))
        return [make(number % size) for number in range(first, first + count)]


@dataclass(slots=True)
class Drawn:
    """Values that a function makes of chance, so many at a time."""

    draw: Callable[[Random, int], list[Value]]
    capacity: int | None = None

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return as many values."""
        _ = first
        return self.draw(random, count)


def weighted(values: Sequence[Value]) -> Pool:
    """Return a pool in which the first values are the commonest: what a list of states begins with is the usual one."""
    return Pool(values, [1 / (place + 1) ** 0.7 for place in range(len(values))])
