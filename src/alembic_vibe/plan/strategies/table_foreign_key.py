"""A foreign key of a new table to one that is in use (recipe 42): in a transaction of its own for each parent.

Inside CREATE TABLE it would hold writers of the parent until all new tables of the revision are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import locks, shown
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, table_of

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("42",)


def applies(change: Change, situation: Situation) -> bool:
    """A foreign key of a table that the run makes, to one that it does not make."""
    fact = change.after
    if change.kind is not ChangeKind.ADD or not isinstance(fact, Constraint) or fact.references is None:
        return False
    return table_of(change.key) in situation.new_keys and fact.references not in situation.new_keys


def plan(change: Change, situation: Situation) -> Planned:
    """Add it when the table is there: it is empty, so nothing is read, and the parent is held for a moment only."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Constraint)
    assert fact.references is not None
    made = makers_by_kind()[change.key.kind].create(fact, situation.new)
    step = Step(
        fact.references,  # what it locks: the foreign keys to one parent stand together
        made.up,
        made.down,
        phase=Phase.EXPAND,
        title=f"{fact.name} to {shown(fact.references)}",
        locks=locks(LockLevel.SHARE_ROW_EXCLUSIVE, fact.references),
        apart=True,
    )
    return Planned((step,))
