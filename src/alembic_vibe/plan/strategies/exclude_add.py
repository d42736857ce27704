"""A new EXCLUDE, or a key WITHOUT OVERLAPS, on a table in use (recipe 31): PostgreSQL builds it under a lock only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.constraints import all_columns_new, blocking, constraint_change, drop_if_exists, locks_of
from alembic_vibe.plan.keys import is_key, made
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("31",)
_KINDS = (ConstraintKind.EXCLUDE, ConstraintKind.UNIQUE, ConstraintKind.PRIMARY)


def applies(change: Change, situation: Situation) -> bool:
    """One that cannot stand over an index that is there, and is not just another name of one."""
    added = constraint_change(change, situation, ChangeKind.ADD, *_KINDS)
    return added and not is_key(change.after) and change.key not in situation.renamed_parts


def plan(change: Change, situation: Situation) -> Planned:
    """Build it when the old release is gone."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Constraint)
    phase = Phase.EXPAND if all_columns_new(fact, situation) else Phase.CONTRACT
    step = Step(
        fact.key,
        made(fact, situation.new),
        (drop_if_exists(fact.table, fact.name),),
        phase=phase,
        title=fact.name,
        locks=locks_of(fact, situation.before),
        scans=(fact.table,),
        dangers=(blocking(fact),),
    )
    return Planned((step,), ready=phase)
