"""What ALTER TYPE and ALTER DOMAIN can do to a type in place, and what they cannot (PostgreSQL manual)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Composite, Domain, Range
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.type_swap import columns_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation


def is_remade(change: Change, situation: Situation) -> bool:
    """Whether a domain, composite or range type must be made anew to be what it shall be."""
    one, other = change.before, change.after
    if change.kind is not ChangeKind.ALTER or change.alters("comment", "owner"):
        return False
    if isinstance(one, Domain) and isinstance(other, Domain):
        if (one.type, one.collation) != (other.type, other.collation):
            return True
        # PostgreSQL does not look into arrays for values that a domain forbids; it refuses then.
        return _tightens(one, other) and any(column.type.array for _, column in columns_of(situation, change.key))
    if isinstance(one, Composite) and isinstance(other, Composite):
        return not is_in_place(one, other)
    return isinstance(one, Range)


def _tightens(one: Domain, other: Domain) -> bool:
    known = {check.definition for check in one.constraints}
    new = any(check.validated and check.definition not in known for check in other.constraints)
    return new or (other.not_null and not one.not_null)


def is_in_place(one: Composite, other: Composite) -> bool:
    """Whether one begins with all attributes of the other, in order."""
    old, new = _shapes(one), _shapes(other)
    shorter = min(len(old), len(new))
    return old[:shorter] == new[:shorter]


def _shapes(fact: Composite) -> list[tuple[object, ...]]:
    return [shape(attribute) for attribute in fact.attributes]


def shape(attribute: Column) -> tuple[object, ...]:
    """Return an attribute without its comment."""
    return attribute.name, attribute.type, attribute.collation
