"""Which tables and columns a proof looks at: those that a change may be felt on, and those that both releases have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Index, Privileges, Statistics, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import compare
from alembic_vibe.plan.situation import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.prove.staged import StagedRevision

_SMALL = 40  # schemas with so few tables are tried whole
_RELATIONS = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}
_PARTS = {Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}


def affected(old: Catalog, new: Catalog, subjects: Iterable[Key] = ()) -> frozenset[Key]:
    """Return the tables and views that differ, or use what differs, or are tied to such a table by a foreign key.

    Args:
        old: What the running release knows.
        new: What the next one knows. Small schemas are returned whole.
        subjects: What the revisions are about besides: after a contract both releases know the same.
    """
    relations = [key for catalog in (old, new) for key in catalog.facts if key.kind in _RELATIONS]
    if len(set(relations)) <= _SMALL:
        return frozenset(relations)
    reached = {change.key for change in compare(old, new)}
    reached |= {table_of(key) if key.kind in {*_PARTS, Kind.COLUMN} else key for key in subjects}
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


def shared_columns(old: Catalog, new: Catalog, columns: Mapping[Key, Sequence[str]]) -> dict[Key, tuple[str, ...]]:
    """Return the columns that both releases have under their name, with the same type.

    Tables whose partitions or heirs differ are left out: they show the rows of others.
    """
    members_before, members_after = _members(old), _members(new)
    shared: dict[Key, tuple[str, ...]] = {}
    for key, names in columns.items():
        other = new.facts.get(key)
        if isinstance(other, Table) and members_before.get(key) == members_after.get(key):
            after = {column.name: column for column in other.columns}
            before = {column.name: column for column in old.table(key).columns}
            shared[key] = tuple(
                name for name in names if name in after and _shows_the_same(before[name], after[name], old, new)
            )
    return shared


def _shows_the_same(before: Column, after: Column, old: Catalog, new: Catalog) -> bool:
    """Whether a column's values look the same in both releases: of one type, and not derived from others."""
    if before.generated or after.generated or before.type != after.type:
        return False
    key = before.type.key
    return key is None or key.kind is Kind.ENUM or old.facts.get(key) == new.facts.get(key)


def accepted_on(stages: Iterable[StagedRevision], old: Catalog, new: Catalog) -> frozenset[str]:
    """Return the relations that a release may fail on; what a new name is accepted for holds for the old name too."""
    names = {name for stage in stages for name in stage.accepted}
    known = {name for key in old.facts if key.kind in _RELATIONS for name in (key.qualified, key.name)}
    coming = {key for key in new.facts if key.kind in _RELATIONS and key not in old.facts}
    if any(name in names and name not in known for key in coming for name in (key.qualified, key.name)):
        names |= {key.qualified for key in old.facts if key.kind in _RELATIONS and key not in new.facts}
    return frozenset(names)


def _members(catalog: Catalog) -> dict[Key, frozenset[Key]]:
    """Return the partitions and heirs of each table, direct or not."""
    above: dict[Key, set[Key]] = {}
    for table in catalog.of_type(Table):
        parents = {*table.inherits, *([table.partition_of] if table.partition_of else [])}
        above[table.key] = parents
    members: dict[Key, set[Key]] = {}
    for key in above:
        waiting, seen = list(above[key]), set[Key]()
        while waiting:
            parent = waiting.pop()
            if parent not in seen:
                seen.add(parent)
                members.setdefault(parent, set()).add(key)
                waiting.extend(above.get(parent, ()))
    return {key: frozenset(found) for key, found in members.items()}


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
