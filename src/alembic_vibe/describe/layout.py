"""Where each object stands: its section, the part of the section, its fence; every object after those that it needs.

A section comes after those that its foreign keys lead to. What would come too early (a view, a foreign key of two
tables that refer to each other) moves to the later place; so the document loads from its first line to its last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.catalog.facts import (
    Constraint,
    ConstraintKind,
    Fact,
    Index,
    Sequence,
    Statistics,
    Table,
)
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.bodies import used_by_bodies
from alembic_vibe.describe.tables import serial_sequences
from alembic_vibe.plan.equal_keys import first_of_equal_keys
from alembic_vibe.plan.graph import CycleError, components, order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.describe.grouping import Group

_ACCESS = {Kind.ROLE, Kind.MEMBERSHIP, Kind.POLICY, Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES}
_ATTACHED = {Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS, Kind.RULE, Kind.TRIGGER, Kind.EVENT_TRIGGER}
_TYPES = {Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE}
_CODE = {Kind.FUNCTION, Kind.AGGREGATE}
_VIEWS = {Kind.VIEW, Kind.MATERIALIZED_VIEW}
_RANK = {Kind.EXTENSION: 0, Kind.SCHEMA: 1, Kind.SEQUENCE: 3, Kind.FUNCTION: 4, Kind.AGGREGATE: 5, Kind.TABLE: 6}


class Part(IntEnum):
    """The parts of a section, in their order."""

    SHARED = 0  # extensions, schemas, types
    FUNCTIONS = 1
    PRIMARY = 2
    RELATIONSHIP = 3
    VIEWS = 4


class Place(NamedTuple):
    """A part of a section."""

    section: int
    part: Part


@dataclass
class Slot:
    """One object with what stands below it in the same fence, and the constraints that it is made with."""

    key: Key
    inline: list[Key] = field(default_factory=list)
    attached: list[Key] = field(default_factory=list)


@dataclass(frozen=True)
class Layout:
    """The sections in order (numbers of groups), and what stands in each part of them."""

    sections: tuple[int, ...]
    slots: Mapping[Place, tuple[Slot, ...]]


def lay_out(catalog: Catalog, groups: list[Group]) -> Layout:
    """Return where each object of a catalog stands, but those of access control.

    Raises:
        CycleError: Objects need each other in a circle that no separate foreign key breaks.
    """
    return _Run(catalog, groups).layout()


def is_access(key: Key) -> bool:
    """Whether an object belongs to access control, which has a section of its own."""
    return key.kind in _ACCESS


class _Run:
    def __init__(self, catalog: Catalog, groups: list[Group]) -> None:
        self._catalog = catalog
        self._serial = serial_sequences(catalog)
        self._facts: dict[Key, Fact] = {
            key: fact
            for key, fact in catalog.facts.items()
            if not is_access(key) and not getattr(fact, "inherited", False) and key not in self._serial
        }
        self._group = {table: number for number, group in enumerate(groups) for table in group.tables}
        self._needs = self._all_needs()
        self._main = [key for key in self._facts if key.kind not in _ATTACHED]
        self._soft = self._soft_needs()
        self._hard = {key: self._main_needs(key) for key in self._main}
        self._add_bodies()
        self._sections = self._order_sections(groups)
        self._rank = {number: place for place, number in enumerate(self._sections)}

    # -- the graph --------------------------------------------------------------------------------------------------

    def _all_needs(self) -> dict[Key, set[Key]]:
        """Return what each object needs, in terms of what is laid out."""
        needs: dict[Key, set[Key]] = {}
        for key in self._facts:
            found = {self._present(need) for need in self._catalog.depends.get(key, ())}
            needs[key] = {need for need in found if need in self._facts} - {key}
            if key.schema not in {"", "public"}:
                needs[key] |= {Key(Kind.SCHEMA, "", key.schema)} & self._facts.keys()
        for fact in self._facts.values():
            if isinstance(fact, Sequence) and fact.owned_by is not None and fact.owned_by[0] in needs:
                needs[fact.key].discard(fact.owned_by[0])
                needs[fact.owned_by[0]].add(fact.key)
            elif isinstance(fact, Constraint | Index | Statistics) and fact.table in needs:
                needs[fact.key].add(fact.table)
        return needs

    def _present(self, key: Key) -> Key:
        """Return what stands for an object: the table that makes it."""
        if key in self._facts:
            return key
        if key in self._serial:
            return self._serial[key][0]
        fact = self._catalog.facts.get(key)
        table = getattr(fact, "table", None)
        return table if isinstance(table, Key) else key

    def _main_needs(self, key: Key) -> set[Key]:
        """Return what an object needs that has a place of its own; for an index or constraint, that is its table."""
        found: set[Key] = set()
        for need in self._needs[key]:
            found.add(self._owner(need))
        return {need for need in found if need in self._facts and need != key and need.kind not in _ATTACHED}

    def _add_bodies(self) -> None:
        """Add what the bodies of functions may mean, but where names alone make a circle: overloads call each other.

        Raises:
            CycleError: Objects need each other in a circle without that.
        """
        for component in components(self._main, self._hard):
            if len(component) > 1:
                raise CycleError(component)
        bodies = {key: found & self._hard.keys() for key, found in used_by_bodies(self._catalog).items()}
        joined = {key: needed | bodies.get(key, frozenset()) for key, needed in self._hard.items()}
        for component in components(self._main, joined):
            for key in component:
                self._hard[key] |= bodies.get(key, frozenset()) - (set(component) if len(component) > 1 else set())

    def _owner(self, key: Key) -> Key:
        fact = self._facts[key]
        if isinstance(fact, Constraint | Index | Statistics):
            return fact.table
        if key.kind in {Kind.TRIGGER, Kind.RULE}:
            names = (Key(kind, key.schema, key.name) for kind in (Kind.TABLE, *_VIEWS))
            return next((name for name in names if name in self._facts), key)
        return key

    def _soft_needs(self) -> dict[Key, set[Key]]:
        """Return what should be there before each table: what its constraints and triggers need."""
        soft: dict[Key, set[Key]] = {}
        for key in self._facts:
            if key.kind in _ATTACHED:
                owner = self._owner(key)
                found = {self._owner(need) for need in self._needs[key]} - {owner}
                soft.setdefault(owner, set()).update(need for need in found if need.kind not in _ATTACHED)
        return soft

    # -- sections ---------------------------------------------------------------------------------------------------

    def _order_sections(self, groups: list[Group]) -> tuple[int, ...]:
        """Return the sections so that the fewest foreign keys lead to a later one; the core is the first."""
        wants: dict[int, dict[int, int]] = {number: {} for number in range(len(groups))}
        for key in self._main:
            if key.kind is not Kind.TABLE:
                continue
            firm = self._reached(key)
            for need in firm | self._soft.get(key, set()):
                one, other = self._group[key], self._group.get(need)
                if other is not None and other != one:
                    wants[one][other] = wants[one].get(other, 0) + (1000 if need in firm else 1)
        left = list(range(1, len(groups)))
        found = [0]
        while left:
            best = min(left, key=lambda n: (sum(count for o, count in wants[n].items() if o in left), n))
            left.remove(best)
            found.append(best)
        return tuple(found)

    def _reached(self, key: Key) -> set[Key]:
        """Return the tables that a table cannot be made without, over functions and views."""
        seen: set[Key] = set()
        waiting = [key]
        while waiting:
            for need in self._hard[waiting.pop()]:
                if need not in seen:
                    seen.add(need)
                    if need.kind is not Kind.TABLE:
                        waiting.append(need)
        return {need for need in seen if need.kind is Kind.TABLE and need != key}

    # -- places -----------------------------------------------------------------------------------------------------

    def layout(self) -> Layout:
        """Return the layout."""
        needs = self._firm_and_soft()
        sequence = order(self._main, needs, self._wish)
        number = {key: i for i, key in enumerate(sequence)}
        place = self._places(sequence)
        final = sorted(sequence, key=lambda key: (place[key], number[key]))
        slots = self._fill(final)
        parts: dict[Place, list[Slot]] = {}
        for slot in slots:
            parts.setdefault(place[slot.key], []).append(slot)
        return Layout(self._sections, {found: tuple(members) for found, members in parts.items()})

    def _firm_and_soft(self) -> dict[Key, set[Key]]:
        """Return what each object needs, with what its constraints need where that makes no circle."""
        soft = {key: set(found) & set(self._main) for key, found in self._soft.items() if key in self._hard}
        nullable = self._nullable_references()
        for giving_up in (nullable, soft):
            joined = {key: self._hard[key] | soft.get(key, set()) for key in self._main}
            for component in components(self._main, joined):
                members = set(component)
                for key in component if len(component) > 1 else ():
                    soft[key] = soft.get(key, set()) - (members & giving_up.get(key, set()))
        return {key: self._hard[key] | soft.get(key, set()) for key in self._main}

    def _nullable_references(self) -> dict[Key, set[Key]]:
        """Return the tables that each table refers to only in columns that may be empty."""
        empty: dict[Key, set[Key]] = {}
        firm: dict[Key, set[Key]] = {}
        for fact in self._facts.values():
            if isinstance(fact, Constraint) and fact.kind == ConstraintKind.FOREIGN and fact.references is not None:
                table = self._catalog.table(fact.table)
                loose = any(not table.column(name).not_null for name in fact.columns)
                (empty if loose else firm).setdefault(fact.table, set()).add(fact.references)
        return {key: found - firm.get(key, set()) for key, found in empty.items()}

    def _wish(self, key: Key) -> tuple[int, tuple[tuple[str, str], ...]]:
        """Order by kind and name; what a table has its columns from goes right before it."""
        rank = _RANK.get(key.kind, 2 if key.kind in _TYPES else 7)
        path = [(key.schema, f"{key.name} {key.member}")]
        fact = self._facts[key]
        while isinstance(fact, Table) and (parents := (fact.partition_of, *fact.inherits)) and parents[0] is not None:
            path.append((parents[0].schema, f"{parents[0].name} "))
            fact = self._catalog.facts[parents[0]]
        return (rank, tuple(reversed(path)))

    def _places(self, sequence: list[Key]) -> dict[Key, Place]:
        own: dict[Key, Place] = {}
        referred = {need for key in self._main for need in self._hard[key] | self._soft.get(key, set())}
        users: dict[Key, set[Key]] = {}
        for key in self._main:
            for need in self._hard[key] | self._soft.get(key, set()):
                users.setdefault(need, set()).add(key)
        for key in reversed(sequence):
            if key.kind is Kind.TABLE:
                own[key] = Place(self._rank[self._group[key]], self._part_of(key, referred))
            elif key.kind in _VIEWS:
                own[key] = Place(0, Part.VIEWS)
            else:
                own[key] = self._support(key, {own[user].section for user in users.get(key, ()) if user in own})
        places: dict[Key, Place] = {}
        for key in sequence:
            places[key] = max([own[key], *(places[need] for need in self._hard[key])])
        for key in sequence:  # a function that needs a table is code that reads it, not part of them
            among_tables = key.kind in _CODE and places[key].part in {Part.PRIMARY, Part.RELATIONSHIP}
            if among_tables and not any(user.kind is Kind.TABLE for user in users.get(key, ())):
                places[key] = Place(places[key].section, Part.VIEWS)
        for key in sequence:
            places[key] = max([places[key], *(places[need] for need in self._hard[key])])
        return places

    def _support(self, key: Key, sections: Collection[int]) -> Place:
        """Return where a type, function or sequence stands: in the one section that uses it, else with the core."""
        part = Part.FUNCTIONS if key.kind in _CODE else Part.SHARED
        if key.kind in {Kind.EXTENSION, Kind.SCHEMA} or len(set(sections)) != 1:
            return Place(0, part)
        return Place(next(iter(sections)), part)

    def _part_of(self, table: Key, referred: Collection[Key]) -> Part:
        """Return RELATIONSHIP for a table whose primary key consists of foreign keys to several tables."""
        fact = self._catalog.table(table)
        own = self._catalog.constraints().get(table, [])
        key = next((set(found.columns) for found in own if found.kind == ConstraintKind.PRIMARY), set())
        foreign = [found for found in own if found.kind == ConstraintKind.FOREIGN and set(found.columns) <= key]
        covered = {name for found in foreign for name in found.columns}
        joins = len({found.references for found in foreign} - {table}) > 1 or len(foreign) > 1
        whole = key and key == covered and fact.partition_of is None and not fact.inherits
        return Part.RELATIONSHIP if whole and joins and table not in referred else Part.PRIMARY

    # -- what stands with a table -----------------------------------------------------------------------------------

    def _fill(self, final: Iterable[Key]) -> list[Slot]:
        """Choose what each table is made with, and put the rest below the first object after which it can be made."""
        done = _Done({key: self._needs[key] for key in self._facts if key.kind in _ATTACHED})
        own: dict[Key, list[Constraint]] = {}
        for fact in self._facts.values():
            if isinstance(fact, Constraint):
                own.setdefault(fact.table, []).append(fact)
        slots = []
        for key in final:
            slot = Slot(key)
            done.add(key)
            table = self._facts[key]
            if isinstance(table, Table) and table.partition_of is None:
                apart = first_of_equal_keys(own.get(key, ()))
                usable = [found for found in apart if found.validated or not found.enforced]
                together = {found.key for found in usable} | {key}
                slot.inline = [
                    found.key
                    for found in usable
                    if all(need in together or need in done.keys for need in self._needs[found.key])
                ]
                for inline in slot.inline:
                    done.add(inline)
            while ready := done.take():
                slot.attached += sorted(ready, key=lambda found: (self._owner(found) != key, self._below(found)))
                for attached in ready:
                    done.add(attached)
            slots.append(slot)
        return slots

    @staticmethod
    def _below(key: Key) -> tuple[int, Key]:
        kinds = [Kind.CONSTRAINT, Kind.INDEX, Kind.STATISTICS, Kind.RULE, Kind.TRIGGER, Kind.EVENT_TRIGGER]
        return (kinds.index(key.kind), key)


class _Done:
    """What is made by now, and which of those that wait have all that they need."""

    def __init__(self, waiting: Mapping[Key, Collection[Key]]) -> None:
        self.keys: set[Key] = set()
        self._missing = {key: len(needs) for key, needs in waiting.items()}
        self._users: dict[Key, list[Key]] = {}
        for key, needs in waiting.items():
            for need in needs:
                self._users.setdefault(need, []).append(key)
        self._ready = {key for key, missing in self._missing.items() if not missing}

    def add(self, key: Key) -> None:
        """Say that an object is made."""
        if key in self.keys:
            return
        self.keys.add(key)
        self._ready.discard(key)
        for user in self._users.get(key, ()):
            self._missing[user] -= 1
            if not self._missing[user] and user not in self.keys:
                self._ready.add(user)

    def take(self) -> list[Key]:
        """Return what can be made now; each is returned once."""
        ready = sorted(self._ready)
        self._ready.clear()
        return ready
