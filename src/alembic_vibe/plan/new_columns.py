"""What it takes to add a column to a table in use: the choice between the strategies of recipes 1 to 6."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, Domain, Sequence
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.authored_values import is_constant
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.moving import is_moved
from alembic_vibe.plan.situation import table_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation


class Way(Enum):
    """How a new column comes."""

    AT_ONCE = auto()  # one ADD COLUMN that leaves the rows alone
    CONSTANT = auto()  # one that gives every row the author's value as well
    FILLED = auto()  # empty, then filled by batches
    COUNTED = auto()  # so, and numbered by a sequence of its own
    GENERATED = auto()  # computed from other columns


def way_of(change: Change, situation: Situation) -> Way | None:
    """Return how a new column comes; ``None`` if the change is none."""
    column = change.after
    if change.kind is not ChangeKind.ADD or change.key.kind is not Kind.COLUMN or not isinstance(column, Column):
        return None
    if is_moved(change, situation):
        return None
    if column.generated:
        return Way.GENERATED
    if column.identity or own_sequence(change.key, situation) is not None:
        return Way.COUNTED
    expression = situation.intents.backfill.get(change.key)
    if expression is not None:
        return Way.CONSTANT if is_constant(expression) else Way.FILLED
    missing = column.default is None and (column.not_null or forbids_null(column, situation))
    return Way.FILLED if missing or column.volatile_default else Way.AT_ONCE


def own_sequence(column: Key, situation: Situation) -> Sequence | None:
    """Return the new sequence that a new column takes its numbers from and owns, as ``serial`` makes it."""
    for change in situation.changes:
        fact = change.after
        new = change.kind is ChangeKind.ADD and isinstance(fact, Sequence)
        if new and isinstance(fact, Sequence) and fact.owned_by == (table_of(column), column.member):
            return fact
    return None


def domain_of(column: Column, situation: Situation) -> Domain | None:
    """Return the domain that a column's type is, if it is one."""
    fact = situation.after.facts.get(column.type.key) if column.type.key is not None else None
    return fact if isinstance(fact, Domain) and not column.type.array else None


def forbids_null(column: Column, situation: Situation) -> bool:
    """Whether the column's domain takes no NULL and has no default."""
    domain = domain_of(column, situation)
    return domain is not None and domain.not_null and domain.default is None


def rewrites(column: Column, situation: Situation) -> bool:
    """Whether ADD COLUMN rewrites the table for the type's sake: domains with constraints (recipe 1a)."""
    domain = domain_of(column, situation)
    if domain is None:
        return False
    volatile = column.default is None and domain.default is not None and not is_constant(domain.default)
    return bool(domain.constraints) or domain.not_null or volatile


def ready(column: Key, filled: Phase, situation: Situation) -> Phase:
    """Return when others can rely on a column that is filled by batches: new constraints want it filled."""
    for change in situation.changes:
        fact = change.after
        if isinstance(fact, Constraint) and fact.table == table_of(column) and column.member in fact.columns:
            return filled
    return Phase.EXPAND
