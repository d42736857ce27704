"""A new foreign key on a table in use (recipe 25): for new rows first, then for those that are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import add_not_valid, shown, validate
from alembic_vibe.plan.constraints import (
    all_columns_new,
    build_checked,
    constraint_change,
    drop_if_exists,
    locks_of,
    satisfied,
)
from alembic_vibe.plan.keys import is_partitioned
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("25",)


def applies(change: Change, situation: Situation) -> bool:
    """A foreign key that is new, and not one that only gets another name."""
    kinds = (ConstraintKind.FOREIGN,)
    return constraint_change(change, situation, ChangeKind.ADD, *kinds) and change.key not in situation.renamed_parts


def plan(change: Change, situation: Situation) -> Planned:
    """Add it when the old release is gone; before, where that cannot write the columns."""
    fact = situation.new_fact(change.key)
    assert isinstance(fact, Constraint)
    phase = Phase.EXPAND if all_columns_new(fact, situation) else Phase.CONTRACT
    return Planned(add_foreign_key(fact, phase, situation), ready=phase)


def add_foreign_key(fact: Constraint, phase: Phase, situation: Situation) -> tuple[Step, ...]:
    """Return the steps that add a foreign key to a table in use.

    Args:
        fact: In words to write.
        phase: When.
        situation: Both states.
    """
    locks = locks_of(fact, situation.before)
    notes = _advice(fact, situation)
    if is_partitioned(fact.table, situation.before) or not fact.enforced:
        step = Step(
            fact.key,
            tuple(build_checked(fact, situation.new_words)),
            (drop_if_exists(fact.table, fact.name),),
            phase=phase,
            mode=Mode.AUTOCOMMIT,
            title=fact.name,
            locks=locks,
            scans=(fact.table,) if fact.enforced else (),
            verify=satisfied(fact) if fact.enforced and fact.validated else (),
            notes=notes,
        )
        return (step,)
    add = replace(add_not_valid(fact, phase), locks=locks, notes=notes)
    if not fact.validated:
        return (add,)
    verify = satisfied(fact) if phase is Phase.CONTRACT else ()  # what is checked then is not there yet
    return replace(add, verify=verify), validate(fact, phase)


def _advice(fact: Constraint, situation: Situation) -> tuple[str, ...]:
    """Return the note that no index helps to find the rows that refer to one."""
    wanted = set(fact.columns)
    keys = [[key.column for key in index.keys] for index in situation.new_indexes.get(fact.table, ())]
    keys += [list(other.columns) for other in situation.new_constraints.get(fact.table, ()) if other.kind in {"p", "u"}]
    if any(set(key[: len(wanted)]) == wanted for key in keys):
        return ()
    columns = ", ".join(fact.columns)
    parent = shown(fact.references) if fact.references is not None else ""
    return (f"No index begins with ({columns}): deleting a row of {parent} reads all of {shown(fact.table)}.",)
