"""A new unique index on a table in use, or any on a materialised view (recipes 22 and 28)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.foreign_keys import locked, repointed
from alembic_vibe.plan.indexes import make_index, on_table
from alembic_vibe.plan.keys import incoming, is_partitioned, no_duplicates, phase_of_unique
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("22", "28")


def applies(change: Change, situation: Situation) -> bool:
    """Unique, or on something else than an ordinary table; not one that only gets another name."""
    fact = change.after
    if change.kind is not ChangeKind.ADD or change.key.kind is not Kind.INDEX or not isinstance(fact, Index):
        return False
    if change.key in situation.renamed_parts:
        return False
    plain = on_table(fact, situation.after) and not is_partitioned(fact.table, situation.after)
    return fact.unique or not plain


def plan(change: Change, situation: Situation) -> Planned:
    """Build it when the old release is gone, if it is unique; else before."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Index)
    phase = Phase.EXPAND
    step = make_index(fact, phase, situation)
    if fact.unique and on_table(fact, situation.after):
        phase = phase_of_unique(fact, situation)
        step = replace(step, phase=phase, verify=(no_duplicates(fact),))
        bound = incoming(change.key, situation.after, situation)
        if bound:
            down = repointed(bound, step.down, situation.after)
            step = replace(step, down=down, locks=(*step.locks, *locked(bound)))
    return Planned((step,), ready=phase)
