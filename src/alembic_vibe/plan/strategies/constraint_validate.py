"""A constraint whose rows shall be checked, or need not be any more (recipes 19 and 25)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint
from alembic_vibe.diff.compare import ChangeKind, is_validation
from alembic_vibe.plan.blocks import alter, validate
from alembic_vibe.plan.constraints import add_new_rows, build_checked, comments, constraint_change, locks_of, satisfied
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("19", "25")


def applies(change: Change, situation: Situation) -> bool:
    """Nothing else differs."""
    return (
        constraint_change(change, situation, ChangeKind.ALTER)
        and change.alters("validated", "definition")
        and ("validated" in change.altered_fields)
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Check the rows beside readers and writers; or add it anew, for new rows only."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Constraint)
    assert isinstance(new, Constraint)
    if new.validated:
        assert is_validation(change) or new.definition
        step = replace(validate(new, Phase.EXPAND), verify=satisfied(new))
        return Planned((replace(step, kept="That the rows have been checked does no harm, and cannot be undone."),))
    step = Step(
        change.key,
        (
            alter(new.table, "DROP CONSTRAINT {name}", name=Name(new.name)),
            add_new_rows(new),
            *comments(new),
        ),
        tuple(build_checked(old, situation.old_words, lenient=True)),
        title=f"{new.name} not valid",
        locks=locks_of(new, situation.before),
    )
    return Planned((replace(step, mode=Mode.TRANSACTION),))
