"""A new trigger or rule on a table or view that is in use (recipe 53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Rule, Trigger
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import exclusive, locks
from alembic_vibe.plan.dependents import relation_of
from alembic_vibe.plan.described import label
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("53",)


def applies(change: Change, _situation: Situation) -> bool:
    """Any trigger or rule that is new."""
    return change.kind is ChangeKind.ADD and isinstance(change.after, Trigger | Rule)


def plan(change: Change, situation: Situation) -> Planned:
    """Make it before the next release, which may rely on it; the running one gets it as well."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Trigger | Rule)
    relation = relation_of(situation.after, change.key)
    made = makers_by_kind()[change.key.kind].create(fact, situation.new)
    weak = isinstance(fact, Trigger) and fact.enabled == "origin"
    dangers: tuple[Danger, ...] = ()
    if fact.enabled != "disabled":
        message = f"{change.key.kind} {fact.key.member} acts on what the running release does in {relation.qualified}"
        dangers = (Danger(SHARED_BEHAVIOUR, label(change.key), message),)
    step = Step(
        change.key,
        made.up,
        made.down,
        phase=Phase.EXPAND,
        title=label(change.key),
        locks=locks(LockLevel.SHARE_ROW_EXCLUSIVE, relation) if weak else exclusive(relation),
        old_sees=f"{change.key.kind} {fact.key.member} acts on its statements",
        dangers=dangers,
    )
    return Planned((step,))
