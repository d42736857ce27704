"""Rows of one table, a batch at a time and column by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.data.checks import fixer
from alembic_vibe.data.engine.plain import Listed
from alembic_vibe.data.engine.raw import is_readable, raw_values, type_name
from alembic_vibe.data.engine.sources import source
from alembic_vibe.data.model import NOW, Case, Domain
from alembic_vibe.data.values import null_share
from alembic_vibe.data.values import texts as texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from random import Random

    from alembic_vibe.data.engine.roles import Place, Roles
    from alembic_vibe.data.engine.sources import Source
    from alembic_vibe.data.model import CheckRule, Value
    from alembic_vibe.prove.rows_facts import ColumnFact, SchemaFacts

_SURE = 10  # rows of an alternative that tell whether the server takes them


_BORN = re.compile(r"(created|inserted|registered|joined|added)_(at|on)$")


def _since(born: datetime, share: float) -> datetime:
    """Return a moment between one and the present."""
    now = NOW if born.tzinfo else NOW.replace(tzinfo=None)
    return born + (now - born) * share if now > born else born


@dataclass(slots=True)
class Batch:
    """Rows that should go in: a text (or ``None``) for each column and row, and the alternative that each row is of."""

    columns: dict[str, Sequence[str | None]]
    count: int
    cases: list[int]
    ways: Sequence[_Way] = ()


@dataclass(slots=True)
class _Way:
    """One alternative: a case of the CHECKs, in one place."""

    place: Place
    case: Case
    weight: float
    sources: dict[str, Source | None] = field(default_factory=dict)
    fix: Callable[[list[Value]], bool] | None = None
    fixed: tuple[str, ...] = ()
    tried: int = 0
    taken: int = 0


class TableMaker:
    """Makes rows of one table. ``roles`` says who decides each column."""

    def __init__(self, facts: SchemaFacts, places: list[Place], roles: Roles, random: Random) -> None:
        self.table = places[0].table
        self.types = facts.types
        self._types = {column.name: type_name(facts.types, column) for column in self.table.columns}
        self._places = places
        self._following = False
        self.roles = roles
        self.random = random
        self.number = 0  # of the next candidate
        self.serial = 0  # of the next row that is accepted here
        self.missing: list[str] = []
        self.decided = roles.decided()
        stamps = [c for c in self.table.columns if c.base_text.startswith("timestamp") and c.name not in self.decided]
        born = next((c for c in stamps if _BORN.match(c.name)), None)
        self._born = born.name if born is not None else None
        self._events = [c.name for c in stamps if born is not None and c.type == born.type and c.name != born.name]
        self._omitted: set[str] = set()
        self._sources: dict[str, list[tuple[Domain, Source | None]]] = {}
        self.promised = roles.promised
        self._ways = [way for place in places for way in self._ways_of(place, len(places))]
        self._checked = {id(place): self._rules(place) for place in places}
        columns = [column.name for column in self.table.columns if not column.generated]
        self.columns = tuple(name for name in columns if name not in self._omitted)

    # Preparation

    def _ways_of(self, place: Place, places: int) -> list[_Way]:
        ways = []
        for at, case in enumerate(place.checks.cases):
            way = _Way(place, case, 1 / (at + 1) / places)
            possible = True
            for column in place.table.columns:
                if column.generated or column.name in self.decided:
                    continue
                domain = case.domains.get(column.name, Domain())
                made = self._source(place, column, domain)
                if made is None and not self._may_lack(column, domain):
                    possible = False
                    self.missing.append(column.name)
                way.sources[column.name] = made
            if not possible:
                continue
            self._fixing(way)
            ways.append(way)
        if ways:
            never = set.intersection(*({n for n, s in way.sources.items() if s is None} for way in ways))
            defaults = {column.name for column in place.table.columns if column.default is not None}
            self._omitted |= {name for name in never & defaults if self._not_told(name, ways)}
        return ways

    def _source(self, place: Place, column: ColumnFact, domain: Domain) -> Source | None:
        """Return the source of a column within a domain; the cases of a table mostly differ in other columns."""
        for known, made in self._sources.setdefault(column.name, []):
            if known == domain:
                return made
        made = source(self.types, column, place.table, domain, unique=column.name in self.roles.distinct)
        self._sources[column.name].append((domain, made))
        return made

    def _not_told(self, name: str, ways: list[_Way]) -> bool:
        return not any(way.case.domains.get(name, Domain()).null is True for way in ways)

    def _may_lack(self, column: ColumnFact, domain: Domain) -> bool:
        if domain.null is True:
            return True
        return column.default is not None or (not column.not_null and domain.null is not False)

    def _fixing(self, way: _Way) -> None:
        names = {name for relation in way.case.relations for name in (relation.left, relation.right)}
        names.update(name for computed in way.case.computed for name in (computed.left, *computed.columns))
        way.fixed = tuple(name for name in way.sources if name in names)
        way.fix = fixer(way.case, way.fixed) if way.fixed else None

    def _rules(self, place: Place) -> list[CheckRule]:
        """The rules that a row might break: not exact, or about columns that others decide."""
        return [
            rule
            for rule in place.checks.rules
            if rule.holds is not None
            and (not rule.exact or self.decided.intersection(rule.columns))
            and all(
                is_readable(self.types, self.table.column(name)) for name in self.decided.intersection(rule.columns)
            )
        ]

    # Rows

    @property
    def possible(self) -> bool:
        """Whether there is any way to make a row."""
        return bool(self._ways)

    def batch(self, count: int) -> Batch:
        """Make up to ``count`` rows."""
        first = self.number
        self.number += count
        ways = self._ways
        if len(ways) == 1:
            picks = [0] * count
            groups = [list(range(count))]
        else:
            weights = [way.weight * (way.taken + 2) / (way.tried + 2) for way in ways]
            picks = self.random.choices(range(len(ways)), weights, k=count)
            groups = [[] for _ in ways]
            for number, pick in enumerate(picks):
                groups[pick].append(number)
        columns: dict[str, list[Value]] = {}
        keep: list[int] = []
        for way, numbers in zip(ways, groups, strict=True):
            if not numbers:
                continue
            made, kept = self._make(way, first, len(numbers))
            first += len(numbers)
            if len(numbers) == count:
                columns, keep = made, kept
                break
            keep.extend(numbers[at] for at in kept)
            for name, values in made.items():
                whole = columns.get(name)
                if whole is None:
                    whole = columns[name] = [None] * count
                for number, value in zip(numbers, values, strict=True):
                    whole[number] = value
        keep.sort()
        return self._finish(columns, keep, picks)

    def follow(self, rows: Mapping[str, list[str | None]]) -> None:
        """From now on make rows like these: other keys, and the same values in all other columns.

        Args:
            rows: What each column has in the rows that the server took.
        """
        own = self.roles.distinct | {name for unique in self.roles.unique for name in unique.columns}
        way = _Way(self._places[0], Case(), 1.0)
        for column in self.table.columns:
            name = column.name
            if column.generated or name in self.decided or name not in self.columns:
                continue
            before = next((way.sources.get(name) for way in self._ways if way.sources.get(name)), None)
            way.sources[name] = before if name in own and before is not None else Listed(list(rows[name]), unique=True)
        self._ways = [way]
        self._checked = {id(way.place): []}
        self._following = True

    def learn(self, batch: Batch, taken: Sequence[int]) -> None:
        """Remember which alternatives the server has taken."""
        for pick in batch.cases:
            batch.ways[pick].tried += 1
        for number in taken:
            batch.ways[batch.cases[number]].taken += 1

    def choose(self) -> bool:
        """Keep to those alternatives of which the server has taken every row; return whether there is one."""
        good = [way for way in self._ways if way.tried >= _SURE and way.taken == way.tried]
        if good and len(good) < len(self._ways):
            self._ways = good
            return True
        return False

    def _make(self, way: _Way, first: int, count: int) -> tuple[dict[str, list[Value]], list[int]]:
        """Make rows of one way; return the columns, and the rows that may stay."""
        random = self.random
        domains = way.case.domains
        made: dict[str, list[Value]] = {}
        lost: set[int] = set()
        for combined in self.roles.combined:
            lost.update(combined.fill(made, count))
        for key in self.roles.foreign:
            if key.decided == key.columns:
                lost.update(key.fill(made, domains, random, count))
        self._draw(way, made, first, count)
        for key in self.roles.foreign:
            if key.decided != key.columns:
                lost.update(key.fill(made, domains, random, count))
        for name in (name for line in self.roles.lines for name in line.columns):
            made[name] = [None if domains.get(name, Domain()).null is True else ""] * count
        for name, texts in self.promised.items():
            made.setdefault(name, (texts * (count // max(1, len(texts)) + 1))[:count])  # which one is said at the end
        self._order(way, made)
        if way.fix is not None:
            self._fix(way, made, lost)
        kept = [number for number in range(count) if number not in lost] if lost else list(range(count))
        for line in self.roles.lines:
            kept = line.lay(made, random, kept)
        for counter in self.roles.counters:
            kept = counter.count(made, kept)
        return made, self._hold(way, made, kept)

    def _draw(self, way: _Way, made: dict[str, list[Value]], first: int, count: int) -> None:
        """Add the columns that have a source."""
        random = self.random
        for name, given in way.sources.items():
            made[name] = [None] * count if given is None else given.batch(random, first, count)
            domain = way.case.domains.get(name)
            share = self._null_share(name) if domain is None or domain.null is None else 0
            if share:
                made[name] = [None if random.random() < share else value for value in made[name]]

    def _order(self, way: _Way, made: dict[str, list[Value]]) -> None:
        """Nothing happens to a row before it is there: where nobody says otherwise, what is past comes after that."""
        start = made.get(self._born) if self._born is not None else None
        if start is None or self._following:
            return
        for name in self._events:
            if name not in way.fixed and name in way.sources and name not in self.roles.distinct:
                domain = way.case.domains.get(name)
                if domain is None or domain.low is domain.high is None:
                    made[name] = [
                        later if later is None or born is None or later >= born else _since(born, self.random.random())
                        for born, later in zip(start, made[name], strict=True)
                    ]

    def _null_share(self, name: str) -> float:
        column = self.table.column(name)
        if column.not_null or name in self.roles.distinct or self._following:
            return 0.0
        return null_share(self.table.target.name, name, column.base_text)

    def _fix(self, way: _Way, made: dict[str, list[Value]], lost: set[int]) -> None:
        fix = way.fix
        rows = [list(row) for row in zip(*(made[name] for name in way.fixed), strict=True)]
        for number, row in enumerate(rows):
            if fix is not None and not fix(row):
                lost.add(number)
        for name, values in zip(way.fixed, zip(*rows, strict=True), strict=True):
            made[name] = list(values)

    def _hold(self, way: _Way, made: Mapping[str, list[Value]], kept: list[int]) -> list[int]:
        """Return those rows that no rule refuses."""
        for rule in self._checked[id(way.place)]:
            names = [name for name in rule.columns if name in made]
            columns = [self._raw(name, made[name]) for name in names]
            holds = rule.holds
            if holds is None:
                continue
            kept = [
                number
                for number in kept
                if holds(dict(zip(names, [column[number] for column in columns], strict=True))) is not False
            ]
        return kept

    def _raw(self, name: str, values: list[Value]) -> list[Value]:
        if name not in self.decided:
            return values
        return raw_values(self.types, self.table.column(name), values)

    def _finish(self, columns: dict[str, list[Value]], keep: list[int], picks: list[int]) -> Batch:
        texts: dict[str, Sequence[str | None]] = {
            name: texts_of(values, self._types[name]) for name, values in columns.items()
        }

        def raw(name: str) -> list[Value]:
            return self._raw(name, columns[name]) if name in columns else [None] * len(picks)

        for unique in self.roles.unique:
            if set(unique.columns) <= texts.keys():
                keep = unique.refuse(texts, raw, keep)
        for given in self.promised.values():
            keep = keep[: max(0, len(given) - self.serial)]
        if len(keep) < len(picks):
            texts = {name: [values[number] for number in keep] for name, values in texts.items()}
            picks = [picks[number] for number in keep]
        count = len(keep)
        for name, sequence in self.roles.numbered.items():
            start = sequence.next + self.serial * sequence.increment
            texts[name] = list(map(str, range(start, start + count * sequence.increment, sequence.increment)))
        for name, given in self.promised.items():
            texts[name] = given[self.serial : self.serial + count]
        self.serial += count
        return Batch(texts, count, picks, self._ways)
