"""The sequence of a serial column gets another name with its table or column (recipes 40 and 44)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Sequence
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.blocks import execute, locks, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("44",)


def applies(change: Change, _situation: Situation) -> bool:
    """A sequence that differs in nothing but its name."""
    return change.kind is ChangeKind.RENAME and change.key.kind is Kind.SEQUENCE


def plan(change: Change, situation: Situation) -> Planned:
    """Rename it when the old release is gone; the default of its column knows it by more than its name."""
    before = change.before
    assert isinstance(before, Sequence)
    old, new = before.key, change.key
    sql = "ALTER SEQUENCE {one} RENAME TO {other}"
    step = Step(
        new,
        (execute(sql, one=name_of(old), other=Name(new.name)),),
        (execute(sql, one=name_of(new), other=Name(old.name)),),
        phase=Phase.CONTRACT,
        title=f"{shown(old)} to {shown(new)}",
        locks=locks(LockLevel.ACCESS_EXCLUSIVE, old),
        old_sees=f"nextval('{shown(old)}') fails; the default of the column goes on",
    )
    assert situation.new_fact(new) is not None
    return Planned((step,))  # what uses it need not wait for the name
