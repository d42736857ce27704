"""Another comment on anything that can have one (recipe 60)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import locks
from alembic_vibe.plan.dependents import relation_of
from alembic_vibe.plan.described import comment, label
from alembic_vibe.plan.model import Lock, Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Fact
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("60",)
_PARTS = {Kind.COLUMN, Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}


def applies(change: Change, _situation: Situation) -> bool:
    """Where nothing but the comment differs; a refined change of it always stands alone."""
    return change.alters("comment")


def plan(change: Change, situation: Situation) -> Planned:
    """Say the new one; readers and writers do not wait for it."""
    assert change.before is not None
    assert change.after is not None
    step = Step(
        change.key,
        (comment(change.key, change.after),),
        (comment(change.key, change.before),),
        phase=Phase.EXPAND,
        title=f"comment {label(change.key)}",
        locks=_locks(change.key, change.after, situation),
    )
    return Planned((step,))


def _locks(key: Key, fact: Fact | Column, situation: Situation) -> tuple[Lock, ...]:
    if key.kind in _PARTS:
        return locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, relation_of(situation.before, key))
    if isinstance(fact, Index):
        return ()
    if key.kind in {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}:
        return locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, key)
    return ()
