"""The columns of foreign keys: a key of a parent for each row, and every combination once where keys are scarce."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from alembic_vibe.data.engine.pools import Pool, Row
    from alembic_vibe.data.model import Domain

Columns = dict[str, list[str | None]]

_OPEN = 0.15  # of the rows have no parent where they need none
_ROOTS = 0.25  # and so of a table that refers to itself


@dataclass(slots=True)
class Foreign:
    """A foreign key. ``optional`` are its columns that may be NULL; ``own``: it refers to the table itself.

    ``full``: of MATCH FULL, so that all of its columns are NULL or none.
    """

    name: str
    columns: tuple[str, ...]
    pool: Pool
    optional: tuple[str, ...] = ()
    own: bool = False
    full: bool = False

    @property
    def decided(self) -> tuple[str, ...]:
        """The columns whose values come from here; a row without a parent of its own table has the others anyway."""
        return self.optional if self.own and self.optional else self.columns

    def fill(self, made: Columns, domains: Mapping[str, Domain], random: Random, count: int) -> list[int]:
        """Add the columns that are not made yet; return the numbers of the rows for which there is no parent.

        Args:
            made: Columns of other foreign keys; of those that this one shares only fitting parents are taken.
            domains: What CHECKs say about columns.
            random: Chance.
            count: How many rows.
        """
        shared = tuple(place for place, name in enumerate(self.columns) if name in made)
        free = [place for place, name in enumerate(self.columns) if name not in made]
        if not free:
            return self._unknown(made, count)
        pool = self._within(domains)
        optional = [self.columns[p] for p in free if self.columns[p] in self.optional]
        if self.full and len(optional) < len(free):
            optional = []
        null = any((domain := domains.get(name)) is not None and domain.null is True for name in optional)
        never = all((domain := domains.get(name)) is not None and domain.null is False for name in optional)
        share = 1.0 if null else 0.0 if not optional or never else _ROOTS if self.own else _OPEN
        rows: Sequence[Row | None]
        if not pool:
            rows = [None] * count
        elif not shared:
            rows = _picked(pool, self.pool, random, count)
        else:
            parts = self.pool.where(shared) if pool is self.pool.rows else _by(pool, shared)
            rows = []
            for key in zip(*(made[self.columns[place]] for place in shared), strict=True):
                fitting = () if None in key else parts.get(key, ())
                rows.append(fitting[int(len(fitting) * random.random())] if fitting else None)
        if share:
            chance = random.random
            rows = [None if chance() < share else row for row in rows]
        lost: list[int] = []
        if None in rows:
            if not optional:
                lost = [number for number, row in enumerate(rows) if row is None]
            stand_in: tuple[str | None, ...] = (None,) * len(self.columns)
            if optional and pool:  # those that cannot be NULL keep a value
                some = pool[0]
                stand_in = tuple(None if name in optional else some[at] for at, name in enumerate(self.columns))
            rows = [stand_in if row is None else row for row in rows]  # type: ignore[misc]
        for place in free:
            made[self.columns[place]] = [row[place] for row in rows]  # type: ignore[index]
        return lost

    def _within(self, domains: Mapping[str, Domain]) -> list[Row]:
        rows = self.pool.rows
        for place, name in enumerate(self.columns):
            domain = domains.get(name)
            if domain is not None and domain.choices is not None:
                allowed = {str(choice) for choice in domain.choices}
                rows = [row for row in rows if row[place] in allowed]
            if domain is not None and domain.excluded:
                refused = {str(choice) for choice in domain.excluded}
                rows = [row for row in rows if row[place] not in refused]
        return rows

    def _unknown(self, made: Columns, count: int) -> list[int]:
        known = self.pool.known()
        keys = zip(*(made[name] for name in self.columns), strict=True)
        lost = [number for number, key in enumerate(keys) if None not in key and key not in known]
        for number in lost:
            for name in self.optional:  # another foreign key may have it NULL
                made[name][number] = None
        return [] if self.optional else lost[:count]


def _picked(rows: list[Row], pool: Pool, random: Random, count: int) -> list[Row]:
    if rows is pool.rows:
        return pool.pick(random, count)
    return random.choices(rows, k=count)


def _by(rows: list[Row], places: tuple[int, ...]) -> dict[Row, list[Row]]:
    parts: dict[Row, list[Row]] = {}
    for row in rows:
        parts.setdefault(tuple(row[place] for place in places), []).append(row)
    return parts


@dataclass(slots=True)
class Combinations:
    """Every combination of a key once, in an order of chance. ``nullable``: the column that is NULL afterwards."""

    columns: tuple[str, ...]
    rows: list[tuple[str | None, ...]]
    nullable: str | None = None
    used: int = 0

    def fill(self, made: Columns, count: int) -> list[int]:
        """Add the columns; return the numbers of the rows for which there is no combination left."""
        rows = self.rows[self.used : self.used + count]
        self.used += len(rows)
        missing = count - len(rows)
        lost: list[int] = []
        if missing:
            spare = self.rows[self.used - 1] if self.used else (None,) * len(self.columns)
            if self.nullable is not None:
                at = self.columns.index(self.nullable)
                spare = (*spare[:at], None, *spare[at + 1 :])
            else:
                lost = list(range(len(rows), count))
            rows = rows + [spare] * missing
        for place, name in enumerate(self.columns):
            made[name] = [row[place] for row in rows]
        return lost


def combinations(
    columns: Sequence[str],
    foreign: Sequence[Foreign],
    choices: Mapping[str, Sequence[str]],
    most: int,
    random: Random,
) -> list[tuple[str | None, ...]] | None:
    """Return every combination of values of some columns, or ``None`` if there are more than enough of them.

    Args:
        columns: The columns of a key.
        foreign: Foreign keys over the columns.
        choices: Columns with a few values.
        most: More than so many are more than enough.
        random: For the order.
    """
    names: list[str] = []
    rows: list[tuple[str, ...]] = [()]
    sources: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = []
    sources.extend((key.columns, key.pool.rows) for key in foreign)
    sources += [((name,), [(value,) for value in choices[name]]) for name in columns if name in choices]
    for own, found_rows in sources:
        common = [name for name in own if name in names]
        new = [place for place, name in enumerate(own) if name not in names]
        if not new:
            continue
        fitting = _by(found_rows, tuple(own.index(name) for name in common))
        at = [names.index(name) for name in common]
        joined: list[tuple[str, ...]] = []
        for row in rows:
            values = fitting.get(tuple(row[place] for place in at), [])
            joined.extend((*row, *(value[place] for place in new)) for value in values)
            if len(joined) > most:
                return None
        rows = joined
        names.extend(own[place] for place in new)
    if set(names) != set(columns):
        return None
    order = [names.index(name) for name in columns]
    result: list[tuple[str | None, ...]] = [tuple(row[place] for place in order) for row in rows]
    random.shuffle(result)
    return result
