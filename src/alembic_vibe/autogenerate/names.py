"""Constraints that differ from the database's by name alone, in models that people wrote.

Alembic compares neither the names of primary keys nor those of foreign keys, so old databases have others than the
naming convention would give. To change them is work under a lock for nothing that a query could tell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.catalog.tables import ConstraintKind
from alembic_vibe.plan.situation import table_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key

_NAMELESS = {ConstraintKind.PRIMARY, ConstraintKind.FOREIGN, ConstraintKind.CHECK}


def named_as(present: Catalog, declared: Catalog) -> Catalog:
    """Return what the models declare, with the database's names for constraints that it has under others.

    Args:
        present: What the database holds.
        declared: What the models make.
    """
    free: dict[Key, list[Constraint]] = {}
    for found in present.of_type(Constraint):
        if found.key not in declared.facts and found.kind in _NAMELESS:
            free.setdefault(table_of(found.key), []).append(found)
    names: dict[Key, Constraint] = {}
    for wanted in declared.of_type(Constraint):
        if wanted.key in present.facts:
            continue
        candidates = free.get(table_of(wanted.key), [])
        same = next((found for found in candidates if _anonymous(found) == _anonymous(wanted)), None)
        if same is not None:
            candidates.remove(same)
            names[wanted.key] = replace(wanted, key=same.key)
    if not names:
        return declared
    renamed = {key: names[key].key for key in names}
    facts = {renamed.get(key, key): names.get(key, fact) for key, fact in declared.facts.items()}
    depends = {
        renamed.get(key, key): frozenset(renamed.get(other, other) for other in others)
        for key, others in declared.depends.items()
    }
    return Catalog(facts, depends, declared.server_version, declared.column_users)


def _anonymous(constraint: Constraint) -> Constraint:
    return replace(constraint, key=table_of(constraint.key), comment=None, clustered=False)
