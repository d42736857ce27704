"""Keys over the same columns: PostgreSQL takes two of them in one CREATE TABLE for one (``transformIndexConstraints``).

Added by a statement of its own, the second is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.catalog.facts import Constraint


def first_of_equal_keys(constraints: Iterable[Constraint]) -> list[Constraint]:
    """Return the constraints of a table without keys that equal another: the primary key stays, else the first name."""
    found: list[Constraint] = []
    keys = set()
    for fact in sorted(constraints, key=lambda fact: (fact.kind != ConstraintKind.PRIMARY, fact.name)):
        if fact.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}:
            key = (fact.columns, fact.include, fact.nulls_not_distinct, fact.deferrable, fact.initially_deferred)
            if key in keys:
                continue
            keys.add(key)
        found.append(fact)
    return found
