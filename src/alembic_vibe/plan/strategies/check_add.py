"""A new CHECK on a table in use (recipe 19): for new rows first, then for those that are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import add_not_valid, validate
from alembic_vibe.plan.constraints import all_columns_new, build_constraint, constraint_change, locks_of, satisfied
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("19",)


def applies(change: Change, situation: Situation) -> bool:
    """A CHECK that is new, and not one that only gets another name."""
    kinds = (ConstraintKind.CHECK,)
    return constraint_change(change, situation, ChangeKind.ADD, *kinds) and change.key not in situation.renamed_parts


def plan(change: Change, situation: Situation) -> Planned:
    """Add it when the old release is gone; before, where that cannot write the columns."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Constraint)
    phase = Phase.EXPAND if all_columns_new(fact, situation) else Phase.CONTRACT
    locks = locks_of(fact, situation.before)
    if not fact.enforced:
        up, down = build_constraint(fact, situation.new)[1:], build_constraint(fact, situation.new)[:1]
        return Planned((Step(fact.key, up, down, title=fact.name, locks=locks),))
    if not fact.validated:
        return Planned((replace(add_not_valid(fact, phase), locks=locks),), ready=phase)
    verify = satisfied(fact) if phase is Phase.CONTRACT else ()  # what is checked then is not there yet
    add = replace(add_not_valid(fact, phase), locks=locks, verify=verify)
    return Planned((add, validate(fact, phase)), ready=phase)
