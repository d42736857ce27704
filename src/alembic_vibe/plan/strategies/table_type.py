"""A table is bound to a composite type, or no more (recipe 49): its columns are those of the type already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import name_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute
    from alembic_vibe.plan.situation import Situation

RECIPES = ("49",)


def applies(change: Change, _situation: Situation) -> bool:
    """A change of ``OF type``."""
    return change.alters("of_type") and isinstance(change.after, Table)


def plan(change: Change, situation: Situation) -> Planned:
    """Bind it, or let it go: a matter of the catalog only (PostgreSQL manual, ALTER TABLE, OF)."""
    old, new = situation.before.table(change.key), situation.after.table(change.key)
    step = Step(
        change.key,
        (_bind(change.key, new.of_type),),
        (_bind(change.key, old.of_type),),
        phase=Phase.EXPAND,
        title=f"{shown(change.key)} of {new.of_type.qualified}" if new.of_type else f"{shown(change.key)} of no type",
        locks=exclusive(change.key),
    )
    return Planned((step,))


def _bind(table: Key, kind: Key | None) -> Execute:
    return alter(table, "OF {kind}", kind=name_of(kind)) if kind is not None else alter(table, "NOT OF")
