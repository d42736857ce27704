"""How many rows each table shall have."""

from __future__ import annotations

from dataclasses import dataclass, field

_LEAST = 3
_GROWTH = 2.0  # children have so many times the rows of their parents
_DEEPEST = 5
_LOOKUP = 60  # rows of a table that others look names up in


@dataclass(slots=True)
class Wish:
    """A table to be filled: the tables that it refers to, and what limits it."""

    oid: int
    parents: set[int] = field(default_factory=set)
    most: int | None = None
    is_lookup: bool = False


def weigh(wishes: list[Wish]) -> dict[int, float]:
    """Return the weight of each table: children get more rows than their parents."""
    by_oid = {wish.oid: wish for wish in wishes}
    depths: dict[int, int] = {}

    def depth(oid: int, above: tuple[int, ...]) -> int:
        if oid not in depths:
            parents = [parent for parent in by_oid[oid].parents if parent in by_oid and parent not in (*above, oid)]
            depths[oid] = max((depth(parent, (*above, oid)) + 1 for parent in sorted(parents)), default=0)
        return depths[oid]

    return {wish.oid: _GROWTH ** min(depth(wish.oid, ()), _DEEPEST) for wish in wishes}


def share(wishes: list[Wish], weights: dict[int, float], rows: int) -> dict[int, int]:
    """Return the number of rows of each table, all together ``rows``.

    A table that cannot take its share leaves it to the others; each that can hold rows gets a few.
    """
    limits = {wish.oid: rows if wish.most is None else wish.most for wish in wishes}
    limits |= {wish.oid: min(limits[wish.oid], _LOOKUP) for wish in wishes if wish.is_lookup}
    result: dict[int, int] = {}
    waiting, left = {wish.oid: weights[wish.oid] for wish in wishes}, rows
    while waiting:
        total = sum(waiting.values())
        full = [oid for oid, weight in waiting.items() if left * weight / total >= limits[oid]]
        if not full:
            for oid, weight in waiting.items():
                result[oid] = max(min(_LEAST, limits[oid]), round(left * weight / total))
            break
        for oid in full:
            result[oid] = limits[oid]
            left = max(0, left - limits[oid])
            del waiting[oid]
    return result
