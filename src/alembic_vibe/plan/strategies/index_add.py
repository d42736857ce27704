"""A new index on a table that is in use (recipe 28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import create_index
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("28",)


def applies(change: Change, situation: Situation) -> bool:
    """An index that is not unique, on a table that is not partitioned."""
    if change.kind is not ChangeKind.ADD or change.key.kind is not Kind.INDEX or not isinstance(change.after, Index):
        return False
    table = situation.after.facts.get(change.after.table)
    return (
        isinstance(table, Table)
        and table.partition_key is None
        and not change.after.unique
        and (change.key not in situation.renamed_parts)
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Build it beside readers and writers, before the new release."""
    index = situation.new_fact(change.key)
    assert isinstance(index, Index)
    return Planned((create_index(index, Phase.EXPAND),))
