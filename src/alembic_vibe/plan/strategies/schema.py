"""A schema goes (recipe 59): last, when what was in it has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Schema
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.dependents import make_in_between
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("59",)


def applies(change: Change, _situation: Situation) -> bool:
    """One that is gone; ``public`` only loses what was said about it."""
    return change.kind is ChangeKind.DROP and isinstance(change.before, Schema)


def plan(change: Change, situation: Situation) -> Planned:
    """Drop it without CASCADE."""
    fact = change.before
    assert isinstance(fact, Schema)
    name = change.key.name
    if name == "public":
        made = makers_by_kind()[change.key.kind].create(fact, situation.old)
        return Planned((Step(change.key, made.down, made.up, phase=Phase.EXPAND, title="comment public"),))
    ups, downs = make_in_between(situation, [change.key], new=False)
    step = Step(change.key, downs, ups, phase=Phase.PURGE, title=f"drop schema {name}")
    return Planned((step,), ready=Phase.PURGE)
