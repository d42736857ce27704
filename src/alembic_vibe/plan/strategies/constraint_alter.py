"""A constraint of another kind under the same name, or an EXCLUDE that is another one (recipes 21 and 31)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.constraints import (
    blocking,
    build_constraint,
    constraint_change,
    drop_step,
    locks_of,
    remove_constraint,
    satisfied,
)
from alembic_vibe.plan.keys import is_key, no_duplicates
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.situation import Planned, node_of

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("21", "31")
_CHECKED = {ConstraintKind.CHECK, ConstraintKind.FOREIGN}


def applies(change: Change, situation: Situation) -> bool:
    """Where nothing can be carried over from one to the other."""
    one, other = change.before, change.after
    if not constraint_change(change, situation, ChangeKind.ALTER) or not isinstance(one, Constraint):
        return False
    assert isinstance(other, Constraint)
    if change.alters("comment") or change.alters("clustered"):
        return False
    if one.kind in _CHECKED:
        return one.kind != other.kind
    return not (is_key(one) and is_key(other))


def plan(change: Change, situation: Situation) -> Planned:
    """Drop the old one when it may go, and add the new one when the old release is gone."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Constraint)
    assert isinstance(new, Constraint)
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    verify = satisfied(new) if new.kind in _CHECKED and new.validated and new.enforced else ()
    if is_key(new):
        verify = (no_duplicates(new),)
    add = Step(
        new.key,
        build_constraint(new, situation.new),
        remove_constraint(new, situation.new),
        phase=Phase.CONTRACT,
        mode=Mode.AUTOCOMMIT,
        title=new.name,
        locks=locks_of(new, situation.before),
        scans=(new.table,),
        verify=verify,
        dangers=() if new.kind in _CHECKED or is_key(new) else (blocking(new),),
    )
    drop = replace(drop_step(old, situation), phase=Phase.CONTRACT if old.kind in {"p", "u"} else Phase.EXPAND)
    return Planned((drop, add), takes=takes, ready=Phase.CONTRACT)
