"""Which facts change together: an object with all that hangs on it, and tables with their partitions and heirs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Privileges, Statistics, Table
from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact

_RELATIONS = (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)
PARTS = frozenset({Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE, Kind.PRIVILEGES})  # named by another's name
RELATIONS = frozenset({*_RELATIONS, Kind.SEQUENCE, Kind.INDEX, Kind.STATISTICS})
TYPES = frozenset({Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE})
GLOBAL = frozenset({Kind.ROLE, Kind.MEMBERSHIP, Kind.EXTENSION, Kind.DEFAULT_PRIVILEGES, Kind.EVENT_TRIGGER})


class Units:
    """The units of a catalog, each by the key of one of its objects."""

    def __init__(self, catalog: Catalog) -> None:
        """Sort the facts of a catalog."""
        self._facts = catalog.facts
        self._root: dict[Key, Key] = {}
        for table in catalog.of_type(Table):
            for parent in (table.partition_of, *table.inherits):
                if parent is not None:
                    self._join(table.key, parent)
        self._members: dict[Key, list[Key]] = defaultdict(list)
        for key in self._facts:
            self._members[self.of(key)].append(key)

    def _join(self, one: Key, other: Key) -> None:
        self._root[self._top(one)] = self._top(other)

    def _top(self, key: Key) -> Key:
        while (above := self._root.get(key, key)) != key:
            key = above
        return key

    def main(self, key: Key) -> Key:
        """Return the object that a key hangs on: the table of a constraint, the target of privileges."""
        fact = self._facts.get(key)
        if isinstance(fact, Index | Statistics):
            return fact.table
        if isinstance(fact, Privileges):
            return fact.target
        if key.kind in PARTS:
            owners = (Key(kind, key.schema, key.name) for kind in _RELATIONS)
            return next((owner for owner in owners if owner in self._facts), key)
        return key

    def of(self, key: Key) -> Key:
        """Return the unit that an object belongs to."""
        return self._top(self.main(key))

    def members(self, unit: Key) -> list[Key]:
        """Return the objects of a unit."""
        return self._members.get(unit, [])

    def family(self, unit: Key) -> Iterator[Key]:
        """Yield the objects of a unit that are no parts of others: what statements elsewhere can name."""
        return (key for key in self.members(unit) if self.main(key) == key)


def same_to_foreign_keys(table: Key, before: Mapping[Key, Fact], after: Mapping[Key, Fact]) -> bool:
    """Whether a table is the same for those that refer to it by foreign keys: what is unique, and of which types."""
    old, new = before.get(table), after.get(table)
    if not isinstance(old, Table) or not isinstance(new, Table) or _frame(old) != _frame(new):
        return False
    unique = _unique(table, before)
    if unique != _unique(table, after):
        return False
    columns = {column for fact in unique.values() for column in _columns(fact)}
    return {c.name: c for c in old.columns if c.name in columns} == {
        c.name: c for c in new.columns if c.name in columns
    }


def _frame(table: Table) -> Table:
    return replace(table, columns=(), comment=None, options=(), row_security=False, force_row_security=False)


def _unique(table: Key, facts: Mapping[Key, Fact]) -> dict[Key, Constraint | Index]:
    kinds = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE}
    return {
        key: fact
        for key, fact in facts.items()
        if (isinstance(fact, Constraint) and fact.table == table and fact.kind in kinds)
        or (isinstance(fact, Index) and fact.table == table and fact.unique)
    }


def _columns(fact: Constraint | Index) -> set[str]:
    columns = set(fact.columns) if isinstance(fact, Constraint) else set()
    return columns | {key.column for key in fact.keys if key.column} | set(fact.include)
