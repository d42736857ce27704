"""A materialised view gets another query or other settings (recipe 56)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import View
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.definitions import only_appends, outline
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.swap import group_of, swap

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Planned, Situation

RECIPES = ("56",)


def applies(change: Change, _situation: Situation) -> bool:
    """One that differs in more than its comment or owner."""
    known = change.kind is ChangeKind.ALTER and change.key.kind is Kind.MATERIALIZED_VIEW
    return known and not change.alters("comment", "owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Make it anew: before the next release where it keeps all its columns, else when the old release is gone."""
    old, new = change.before, change.after
    assert isinstance(old, View)
    assert isinstance(new, View)
    alone = group_of(change, situation) == [change.key]
    keeps = alone and set(outline(old)) <= set(outline(new))
    planned = swap(change, situation, Phase.MIGRATE if keeps else Phase.CONTRACT)
    if not planned.steps:
        return planned
    name = label(change.key)
    note = f"{name} is computed while its readers wait: PostgreSQL keeps its lock until the query has run."
    dangers = planned.steps[0].dangers
    if keeps and old.query != new.query and not only_appends(old, new):
        message = f"both releases get the new rows and values of {name} at once"
        dangers = (Danger(SHARED_BEHAVIOUR, name, message), *dangers)
    return replace(planned, steps=(replace(planned.steps[0], notes=(note,), dangers=dangers),))
