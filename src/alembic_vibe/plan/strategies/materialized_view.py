"""A materialised view gets another query or other settings (recipe 56)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import View
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.blocks import exclusive
from alembic_vibe.plan.definitions import only_appends, outline
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.swap import STUCK, another_name, group_of, swap
from alembic_vibe.plan.view_build import exchange

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("56",)


def applies(change: Change, _situation: Situation) -> bool:
    """One that differs in more than its comment or owner."""
    known = change.kind is ChangeKind.ALTER and change.key.kind is Kind.MATERIALIZED_VIEW
    return known and not change.alters("comment", "owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Build it anew: before the next release where it keeps all its columns, else when the old release is gone."""
    old, new = change.before, change.after
    assert isinstance(old, View)
    assert isinstance(new, View)
    if group_of(change, situation) != [change.key]:
        return swap(change, situation)
    keeps = set(outline(old)) <= set(outline(new))
    found = exchange(situation, change.key)
    name = label(change.key)
    if found.stuck:
        others = ", ".join(str(key) for key in found.stuck)
        message = f"{change.key} has to be made anew, but {others} depends on it"
        return Planned(undecided=(STUCK.diagnostic(message, help=another_name(change.key)),))
    dangers: tuple[Danger, ...] = ()
    if keeps and old.query != new.query and not only_appends(old, new):
        message = f"both releases get the new rows and values of {name} at once"
        dangers = (Danger(SHARED_BEHAVIOUR, name, message),)
    phase = Phase.MIGRATE if keeps else Phase.CONTRACT
    kinds = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}
    step = Step(
        change.key,
        found.up,
        found.down,
        phase=phase,
        title=name,
        locks=exclusive(*(key for key in found.locked if key.kind in kinds)),
        new_sees="" if keeps else f"{name} has its old form until contract",
        notes=(f"{name} is built beside the old one; its readers wait for the change of names only.",),
        dangers=dangers,
    )
    return Planned((step,), found.takes - {node_of(change)}, ready=phase)
