"""Puts what a part of a specification made into the catalog of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.history.units import GLOBAL, RELATIONS, TYPES, Units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.sql.statement import Statement

_LONGEST = 60  # bytes: from here on PostgreSQL may shorten a name to make room for a number

Found = dict[Key, tuple[int, ...]]


@dataclass(frozen=True)
class Part:
    """What some statements made.

    ``ran`` are all of them, ``wanted`` those whose objects may have changed, without grants: these say something of
    objects that are there for other reasons. ``units_before`` are the objects of the earlier catalog that are replaced.
    """

    catalog: Catalog
    found: Mapping[Key, tuple[int, ...]]
    ran: frozenset[int]
    wanted: frozenset[int]
    units_before: frozenset[Key]

    @cached_property
    def units(self) -> Units:
        """The units of its catalog."""
        return Units(self.catalog)

    @cached_property
    def changed(self) -> tuple[Key, ...]:
        """The facts of all units that are replaced, or that the wanted statements are about, in catalog order."""
        about = {self.units.of(key) for key, numbers in self.found.items() if not self.wanted.isdisjoint(numbers)}
        about |= {self.units.of(key) for key in self.units_before}
        return tuple(key for key in self.catalog.facts if self.units.of(key) in about)


def merge(
    before: Catalog,
    found: Mapping[Key, tuple[int, ...]],
    units: Units,
    dirty: Collection[Key],
    part: Part,
    statements: Sequence[Statement],
) -> tuple[Catalog, Found] | None:
    """Return the catalog of the whole, and the statements behind its objects; ``None`` where they do not fit.

    Args:
        before: The catalog that is known.
        found: The statements behind its objects, without those that were removed.
        units: Its units.
        dirty: Those that are replaced.
        part: What replaces them.
        statements: All statements, by number.
    """
    new = {key for key in part.changed if key.kind not in GLOBAL}
    gone = {key for unit in dirty for key in units.members(unit) if key.kind not in GLOBAL}
    rest = before.facts.keys() - gone
    if not new.isdisjoint(rest) or not _agree(before, found, part, new, rest):
        return None
    if not _names_are_free(gone, new, rest, before.facts, part, found, statements):
        return None
    facts = {key: before.facts[key] for key in rest} | {key: part.catalog.facts[key] for key in new}
    depends = {key: needed for key, needed in before.depends.items() if key not in gone}
    depends |= {key: needed for key, needed in part.catalog.depends.items() if key in new}
    users: dict[tuple[Key, str], set[Key]] = {}
    for catalog, own in ((before, rest), (part.catalog, new)):
        for column, keys in catalog.column_users.items():
            kept = keys & own
            if kept:
                users.setdefault(column, set()).update(kept)
    catalog = Catalog(
        facts={key: facts[key] for key in sorted(facts)},
        depends=depends,
        server_version=part.catalog.server_version,
        column_users={column: frozenset(keys) for column, keys in users.items()},
    )
    return catalog, _found(before, found, part, gone, new)


def _found(
    before: Catalog, found: Mapping[Key, tuple[int, ...]], part: Part, gone: Collection[Key], new: Collection[Key]
) -> Found:
    merged: Found = {}
    for key, numbers in found.items():
        if key not in gone and (key in before.facts or part.wanted.isdisjoint(numbers)):
            merged[key] = numbers
    for key, numbers in part.found.items():
        if key in new or (key not in part.catalog.facts and not part.wanted.isdisjoint(numbers)):
            merged[key] = numbers
    return merged


def _agree(
    before: Catalog, found: Mapping[Key, tuple[int, ...]], part: Part, new: Collection[Key], rest: Collection[Key]
) -> bool:
    """Whether what was made again besides came out as it was; a difference means that something was overlooked."""
    after = part.catalog.facts
    for catalog, other in ((before.facts, after), (after, before.facts)):
        if any(key.kind in GLOBAL and other.get(key) != fact for key, fact in catalog.items()):
            return False
    for key, fact in after.items():
        if key in new or key.kind in GLOBAL:
            continue
        if key in rest:
            numbers = found.get(key, ())
            if numbers and part.ran.issuperset(numbers) and before.facts[key] != fact:
                return False
        elif key.kind is not Kind.PRIVILEGES:
            return False  # it is there, nobody said so, and it was not there before
    return True


def _names_are_free(
    gone: Collection[Key],
    new: Collection[Key],
    rest: Iterable[Key],
    before: Mapping[Key, Fact],
    part: Part,
    found: Mapping[Key, tuple[int, ...]],
    statements: Sequence[Statement],
) -> bool:
    """Whether every name would have been given in the whole as well.

    Relations, types and constraints that nobody named get a name that is free in their schema (``ChooseRelationName``,
    ``ChooseConstraintName``): ``t_a_idx``, then ``t_a_idx1``. Who comes first has the better one.
    """
    pool: dict[tuple[str, str], list[Key]] = {}
    for key in rest:
        for place in _names(key):
            pool.setdefault(place, []).append(key)
    for key in set(new) - set(gone):
        for place in _names(key):
            others = pool.get(place, ())
            if any(_has_relation(part.catalog.facts[key]) or _has_relation(before[other]) for other in others):
                return False
            if others and not _is_written(place[1], part.found.get(key, ()), statements):
                return False
    vanished = {name for key in gone for name in _names(key)} - {name for key in new for name in _names(key)}
    if any(len(name.encode()) >= _LONGEST for _, name in vanished):
        return False
    bases = {(schema, name.rstrip("0123456789")) for schema, name in vanished}
    return all(
        _is_written(name, found.get(key, ()), statements)
        for (schema, name), keys in pool.items()
        if (schema, base := name.rstrip("0123456789")) in bases and base != name
        for key in keys
    )


def _has_relation(fact: Fact) -> bool:
    """Whether a fact takes its name from those of relations: everything but a CHECK and a foreign key."""
    return not isinstance(fact, Constraint) or fact.kind not in {ConstraintKind.CHECK, ConstraintKind.FOREIGN}


def _names(key: Key) -> list[tuple[str, str]]:
    if key.kind is Kind.CONSTRAINT:
        return [(key.schema, key.member)]
    return [(key.schema, key.name)] if key.kind in RELATIONS or key.kind in TYPES else []


def _is_written(name: str, numbers: Iterable[int], statements: Sequence[Statement]) -> bool:
    """Whether a statement gives a name itself."""
    return any(name.lower() in statements[number].text.lower() for number in numbers)
