"""A constraint goes (recipes 20, 23, 24, 26 and 31), from a table that stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.constraints import constraint_change, drop_step
from alembic_vibe.plan.foreign_keys import locked, repointed
from alembic_vibe.plan.keys import incoming
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("20", "23", "24", "26", "31")


def applies(change: Change, situation: Situation) -> bool:
    """Any constraint; one that only gets another name goes by that, an old primary key with the new one."""
    return constraint_change(change, situation, ChangeKind.DROP) and change.key not in situation.renamed_parts


def plan(change: Change, situation: Situation) -> Planned:
    """Loosen before the next release; what ON CONFLICT needs goes when the old release is gone."""
    fact = situation.old_fact(change.key)
    assert isinstance(fact, Constraint)
    step = drop_step(fact, situation)
    bound = incoming(change.key, situation.before, situation)
    if bound:
        up = repointed(bound, step.up, situation.before)
        step = replace(step, up=up, locks=(*step.locks, *locked(bound)))
    return Planned((step,), ready=step.phase)
