"""A new UNIQUE or PRIMARY KEY on a table in use (recipes 22 and 24): its index first, beside readers and writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.constraints import blocking, constraint_change, locks_of
from alembic_vibe.plan.foreign_keys import locked, repointed
from alembic_vibe.plan.key_swap import swap_key
from alembic_vibe.plan.keys import (
    UNIQUE,
    build,
    builds_at_once,
    incoming,
    is_key,
    no_duplicates,
    phase_of_unique,
    remove,
)
from alembic_vibe.plan.model import Mode, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("22", "24")


def applies(change: Change, situation: Situation) -> bool:
    """One that can stand over an index, and is not just another name of one."""
    return (
        constraint_change(change, situation, ChangeKind.ADD, *UNIQUE)
        and is_key(change.after)
        and change.key not in situation.renamed_parts
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Build it when the old release is gone, unless that cannot write the columns; a primary key takes a place."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Constraint)
    if fact.kind == ConstraintKind.PRIMARY:
        former = _former(fact, situation)
        if former is not None:
            step = swap_key(former, fact, situation)
            return Planned((step,), takes=frozenset({(former.key, ())}), ready=step.phase)
    phase = phase_of_unique(fact, situation)
    bound = incoming(change.key, situation.after, situation)
    down = remove(fact, situation.new)
    if bound:
        down = (*repointed(bound, down[:1], situation.after), *down[1:])
    step = Step(
        fact.key,
        build(fact, situation.new),
        down,
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=fact.name,
        locks=(*locks_of(fact, situation.before), *locked(bound)),
        scans=(fact.table,),
        verify=(no_duplicates(fact),),
        dangers=(blocking(fact),) if builds_at_once(fact, situation.before) else (),
        new_sees=f"ON CONFLICT ({', '.join(fact.columns)}) needs {fact.name}, which comes in {phase}",
    )
    return Planned((step,), ready=phase)


def _former(fact: Constraint, situation: Situation) -> Constraint | None:
    """Return the primary key that goes; it has another name."""
    for old in situation.old_constraints.get(fact.table, ()):
        gone = any(found.kind is ChangeKind.DROP for found in situation.by_key.get(old.key, ()))
        if old.kind == ConstraintKind.PRIMARY and gone and is_key(old):
            return old
    return None
