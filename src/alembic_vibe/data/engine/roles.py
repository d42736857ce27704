"""Who decides the value of each column of a table: a foreign key, a sequence, a counter, or a source of values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.data.engine.exclusion import Line, line_of
from alembic_vibe.data.engine.foreign import Combinations, Foreign, combinations
from alembic_vibe.data.engine.pools import Pool
from alembic_vibe.data.engine.uniqueness import Unique, folded_column, predicate_test
from alembic_vibe.prove.rows_facts import unfold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from psycopg import Connection

    from alembic_vibe.data.checks import TableChecks
    from alembic_vibe.data.facts import FillFact, KeyFact, SequenceFact
    from alembic_vibe.data.model import Domain
    from alembic_vibe.prove.rows_facts import ColumnFact, SchemaFacts, TableFact, TypeFact

_WHOLE = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1, "numeric": 10**9}
_FEW = 400  # values that are few enough to be listed


@dataclass(frozen=True, slots=True)
class Place:
    """A table, or a partition of it, with its CHECKs."""

    table: TableFact
    checks: TableChecks


@dataclass(slots=True)
class Counter:
    """A number that goes up for each key of the other columns: the third line of an order."""

    column: str
    key: tuple[str, ...]
    low: int
    high: int
    last: dict[tuple[str | None, ...], int] = field(default_factory=dict)

    def count(self, columns: dict[str, list[Any]], keep: list[int]) -> list[int]:
        """Add the column; return those of some rows that still got a number."""
        keys = list(zip(*(columns[name] for name in self.key), strict=True))
        numbers: list[int | None] = [None] * len(keys)
        kept = []
        for number in keep:
            following = self.last.get(keys[number], self.low - 1) + 1
            if following <= self.high:
                self.last[keys[number]] = numbers[number] = following
                kept.append(number)
        columns[self.column] = numbers
        return kept


@dataclass(slots=True)
class Roles:
    """All columns by who decides them. What is in none of these has a source of values.

    ``distinct`` are columns whose source gives a value only once. ``planned`` is how many rows there can be.
    """

    planned: int
    numbered: dict[str, SequenceFact] = field(default_factory=dict)
    foreign: list[Foreign] = field(default_factory=list)
    combined: list[Combinations] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    counters: list[Counter] = field(default_factory=list)
    unique: list[Unique] = field(default_factory=list)
    distinct: set[str] = field(default_factory=set)
    promised: dict[str, list[str]] = field(default_factory=dict)  # values that others refer to already
    reason: str = ""  # why not all rows that were wished for
    unkept: list[str] = field(default_factory=list)  # keys that are left to the server

    def decided(self) -> set[str]:
        """The columns that have no source."""
        names = set(self.numbered)
        names.update(name for key in self.foreign for name in key.decided)
        names.update(name for combined in self.combined for name in combined.columns)
        names.update(name for line in self.lines for name in line.columns)
        names.update(counter.column for counter in self.counters)
        names.update(self.promised)
        return names


@dataclass(slots=True)
class Assignment:
    """Finds the roles of one table's columns."""

    connection: Connection
    facts: SchemaFacts
    places: list[Place]
    fact: FillFact
    keys: list[KeyFact]
    pool: Callable[[str, tuple[str, ...]], Pool | None]
    random: Random
    left_open: set[str]  # foreign keys that stay NULL for now
    promised: dict[str, list[str]]

    @property
    def table(self) -> TableFact:
        """The table, or the first of its partitions."""
        return self.places[0].table

    def roles(self, planned: int) -> Roles:
        """Return the roles for so many rows."""
        roles = Roles(planned)
        self._foreign(roles)
        own = set(self.fact.sequences) | {name for key in roles.foreign for name in key.decided}
        roles.promised = {name: values for name, values in self.promised.items() if name not in own}
        referring = {name for key in roles.foreign for name in key.decided}
        for name, sequence in self.fact.sequences.items():
            column = self._column(name)
            if column is not None and name not in referring and self._whole(column):
                roles.numbered[name] = sequence
                room = (sequence.maximum - sequence.next) // max(1, sequence.increment) + 1
                self._limit(roles, room, f"the sequence {sequence.name} ends there")
        for key in self.keys:
            if key.exclusion and any(part.operator != "=" for part in key.parts):
                line = line_of(self.facts, self.table, key)
                if line is None or set(line.columns) & (referring | set(roles.numbered)):
                    roles.unkept.append(key.name)
                else:
                    roles.lines.append(line)
        for key in sorted(self.keys, key=lambda key: (key.predicate is not None, len(key.parts))):
            if not key.exclusion or all(part.operator == "=" for part in key.parts):
                self._settle(roles, key)
        return roles

    def _foreign(self, roles: Roles) -> None:
        keys = [c for c in self.table.constraints if c.kind == "f"]
        found = []
        for constraint in keys:
            columns = tuple(constraint.columns)
            optional = tuple(name for name in columns if not self.table.column(name).not_null)
            own = constraint.references in {self.table.oid, self.table.target_oid, *self.table.ancestors}
            waits = constraint.name in self.left_open
            pool = None if waits else self.pool(constraint.name, tuple(constraint.reference_columns))
            if not own and not pool and optional:
                columns, pool = optional, Pool(optional, ())  # NULL, for now or for good
            elif pool is None:
                pool = Pool(constraint.reference_columns, ())
            full = constraint.name in self.fact.full
            found.append(Foreign(constraint.name, columns, pool, optional, own, full))
        found.sort(key=lambda key: (len(key.optional) > 0, key.own, -len(key.columns), key.name))
        roles.foreign = found

    def _settle(self, roles: Roles, key: KeyFact) -> None:
        """Find a way to keep a unique key."""
        parts = self._parts(key)
        if parts is None:
            roles.unkept.append(key.name)
            return
        names, folded = parts
        if set(names) & (set(roles.numbered) | set(roles.promised) | (roles.distinct - folded)):
            return  # one of its columns never repeats a value
        referring = {name for foreign in roles.foreign for name in foreign.decided}
        other = {name for line in roles.lines for name in line.columns}
        other.update(counter.column for counter in roles.counters)
        own = [name for name in names if name not in referring | other]
        choices = self._choices(own)
        plain = key.predicate is None and not folded
        if plain and not set(names) & other and all(name in referring or name in choices for name in names):
            self._combine(roles, names, choices, key)
        if not any(set(names) <= set(combined.columns) for combined in roles.combined):
            free = [name for name in own if name not in choices]
            if plain and len(free) == 1 and self._whole(self.table.column(free[0])) and referring & set(names):
                low, high = self._bounds(free[0])
                others = tuple(name for name in names if name != free[0])
                roles.counters.append(Counter(free[0], others, low, high))
                return
            if free:
                best = max(free, key=self._breadth)
                roles.distinct.add(best)
                fact = self._base(self.table.column(best))
                if fact is not None and fact.name == "uuid":
                    return
        predicate = predicate_test(self.connection, self.facts, self.table, key)
        roles.unique.append(Unique(tuple(names), frozenset(folded), key.nulls_distinct, predicate))

    def _parts(self, key: KeyFact) -> tuple[list[str], set[str]] | None:
        """Return the columns of a key, and those in which letters' case does not count."""
        names: list[str] = []
        folded: set[str] = set()
        for part in key.parts:
            name = part.column or folded_column(part)
            if name is None or self._column(name) is None:
                return None
            names.append(name)
            if part.column is None:
                folded.add(name)
        return names, folded

    def _combine(self, roles: Roles, names: list[str], choices: Mapping[str, list[str]], key: KeyFact) -> None:
        taken = {name for combined in roles.combined for name in combined.columns}
        if taken & set(names):
            return
        foreign = [f for f in roles.foreign if set(f.columns) & set(names)]
        if any(f.own or not f.pool for f in foreign):
            return
        if any(not set(f.columns) <= set(names) and f.optional for f in foreign):
            return
        others = [name for f in foreign for name in f.columns if name not in names]
        names = list(dict.fromkeys([*names, *others]))
        if taken & set(names):
            return
        rows = combinations(names, foreign, choices, 4 * roles.planned + 8, self.random)
        if rows is None:
            return
        if rows and others:
            width = len(key.parts)
            rows = list({row[:width]: row for row in rows}.values())
        nullable = next((name for name in names if not self.table.column(name).not_null), None)
        if not key.nulls_distinct:
            nullable = None
        roles.combined.append(Combinations(tuple(names), list(rows), nullable))
        if nullable is None:
            self._limit(roles, len(rows), f"{key.name} allows no more")

    def _limit(self, roles: Roles, rows: int, reason: str) -> None:
        if rows < roles.planned:
            roles.planned, roles.reason = max(0, rows), reason

    def _choices(self, names: list[str]) -> dict[str, list[str]]:
        """Return the columns that have a few values, whatever case a row is of."""
        found: dict[str, list[str]] = {}
        for name in names:
            values: dict[str, None] = {}
            for place in self.places:
                for case in place.checks.cases:
                    listed = self._listed(case.domains.get(name))
                    if listed is None:
                        break
                    values.update(dict.fromkeys(listed))
                else:
                    continue
                break
            else:
                if len(values) <= _FEW:
                    found[name] = list(values)
        return found

    def _listed(self, domain: Domain | None) -> list[str] | None:
        from alembic_vibe.data.values import as_text

        if domain is None:
            return None
        if domain.choices is not None:
            return [text for choice in domain.choices if choice not in domain.excluded and (text := as_text(choice))]
        low, high = domain.low, domain.high
        if low is not None and high is not None and isinstance(low.value, int) and isinstance(high.value, int):
            first, last = low.value + (not low.inclusive), high.value - (not high.inclusive)
            if last - first < _FEW and not domain.patterns:
                return [str(number) for number in range(first, last + 1)]
        return None

    def _bounds(self, name: str) -> tuple[int, int]:
        fact = self._base(self.table.column(name))
        low, high = 1, _WHOLE.get(fact.name if fact is not None else "", 1)
        for place in self.places:
            for case in place.checks.cases:
                domain = case.domains.get(name)
                if domain is not None and domain.low is not None and domain.low.value > low:
                    low = int(domain.low.value) + (not domain.low.inclusive)
                if domain is not None and domain.high is not None:
                    high = min(high, int(domain.high.value) - (not domain.high.inclusive))
        return low, high

    def _breadth(self, name: str) -> tuple[int, int]:
        """How well a column can be told to hold each value once: texts and UUIDs best, moments, then the rest."""
        column = self.table.column(name)
        fact = self._base(column)
        base = fact.name if fact is not None else ""
        limited = any(
            (domain := case.domains.get(name)) is not None and (domain.patterns or domain.longest)
            for case in self.places[0].checks.cases
        )
        order = ("bool", "time", "json", "int2", "date", "numeric", "timestamp", "timestamptz", "int4", "int8", "uuid")
        if base in {"text", "varchar", "citext", "bpchar"}:
            return 9, not limited
        return (order.index(base) if base in order else 0), not limited

    def _column(self, name: str) -> ColumnFact | None:
        return next((c for c in self.table.columns if c.name == name and not c.generated), None)

    def _base(self, column: ColumnFact) -> TypeFact | None:
        return unfold(self.facts.types, column.type)[1]

    def _whole(self, column: ColumnFact) -> bool:
        fact = self._base(column)
        return fact is not None and fact.name in _WHOLE
