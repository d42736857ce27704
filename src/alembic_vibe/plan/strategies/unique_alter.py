"""A UNIQUE or PRIMARY KEY under its old name, but otherwise another one (recipes 22 and 24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.constraints import constraint_change
from alembic_vibe.plan.key_swap import swap_key
from alembic_vibe.plan.keys import UNIQUE, is_key
from alembic_vibe.plan.situation import Planned, node_of

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("22", "24")


def applies(change: Change, situation: Situation) -> bool:
    """Other columns, included columns, NULLs, settings, or when it is checked."""
    return (
        constraint_change(change, situation, ChangeKind.ALTER, *UNIQUE)
        and is_key(change.before)
        and is_key(change.after)
        and not change.alters("comment")
        and not change.alters("clustered")
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Build the new one, and let it take the place of the old one when the old release is gone."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Constraint)
    assert isinstance(new, Constraint)
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    step = swap_key(old, new, situation)
    return Planned((step,), takes=takes, ready=step.phase)
