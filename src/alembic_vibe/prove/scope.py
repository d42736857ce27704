"""Which tables a change may be felt on: those that the proof fills and tries the releases' statements on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Privileges, Statistics, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.catalog import Catalog

_SMALL = 40  # schemas with so few tables are tried whole
_RELATIONS = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}
_PARTS = {Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}


def affected(old: Catalog, new: Catalog) -> frozenset[Key]:
    """Return the tables and views that differ, or use what differs, or are tied to such a table by a foreign key.

    Args:
        old: What the running release knows.
        new: What the next one knows. Small schemas are returned whole.
    """
    relations = [key for catalog in (old, new) for key in catalog.facts if key.kind in _RELATIONS]
    if len(set(relations)) <= _SMALL:
        return frozenset(relations)
    reached = {change.key for change in compare(old, new)}
    while True:
        more = {owner for key in reached for owner in _relations_of(key, old, new)} - reached
        for catalog in (old, new):
            more |= {user for user, needed in catalog.depends.items() if user not in reached and needed & reached}
        if not more:
            break
        reached |= more
    found = {key for key in reached if key.kind in _RELATIONS}
    return frozenset(found | _neighbours(found, old, new))


def with_parents(tables: Iterable[Key], catalog: Catalog) -> frozenset[Key]:
    """Return tables and what they refer to, directly or not: rows need rows to refer to."""
    found = set(tables)
    constraints = catalog.constraints()
    waiting = list(found)
    while waiting:
        for constraint in constraints.get(waiting.pop(), ()):
            parent = constraint.references
            if constraint.kind == ConstraintKind.FOREIGN and parent is not None and parent not in found:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)


def _relations_of(key: Key, *catalogs: Catalog) -> set[Key]:
    """Return the table or view that something is a part of."""
    if key.kind in _PARTS:
        return {
            Key(kind, key.schema, key.name)
            for kind in _RELATIONS
            if any(Key(kind, key.schema, key.name) in catalog.facts for catalog in catalogs)
        }
    found = set()
    for catalog in catalogs:
        fact = catalog.facts.get(key)
        if isinstance(fact, Index | Statistics):
            found.add(fact.table)
        elif isinstance(fact, Privileges) and fact.target.kind in _RELATIONS:
            found.add(fact.target)
        elif isinstance(fact, Table) and fact.partition_of is not None:
            found.add(fact.partition_of)
    return found


def _neighbours(tables: set[Key], *catalogs: Catalog) -> set[Key]:
    found = set()
    for catalog in catalogs:
        for constraint in catalog.of_type(Constraint):
            if constraint.kind == ConstraintKind.FOREIGN and constraint.references is not None:
                if constraint.table in tables:
                    found.add(constraint.references)
                if constraint.references in tables:
                    found.add(constraint.table)
    return found
