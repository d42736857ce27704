"""A column becomes NOT NULL (recipe 12).

With a default, or with the author's ``-- backfill:``, rows without a value are filled, those of the running release
by a trigger as they are written. Without either, contract runs only when no such row is left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.authored_values import problems
from alembic_vibe.plan.backfill import backfill_step
from alembic_vibe.plan.blocks import locks, shown
from alembic_vibe.plan.column_sql import family, fill_trigger, not_null
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("12",)


def applies(change: Change, _situation: Situation) -> bool:
    """A column that may be NULL, and shall not."""
    before, after = change.before, change.after
    return (
        change.key.kind is Kind.COLUMN
        and change.alters("not_null", "not_null_name")
        and isinstance(before, Column)
        and isinstance(after, Column)
        and after.not_null
        and not before.not_null
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Fill what is empty, keep it filled until the old release is gone, and then make it NOT NULL."""
    column = situation.new_fact(change.key)
    assert isinstance(column, Column)
    table = table_of(change.key)
    what = shown(table, column.name)
    expression = situation.intents.backfill.get(change.key)
    last = not_null(table, column, Phase.CONTRACT, situation.after)
    last = replace(last, old_sees=f"writing NULL to {what} fails")
    if expression is not None:
        found = tuple(problems(change.key, expression, situation, not_null=True))
        if found:
            return Planned(undecided=found)
    elif column.default is not None and not column.generated:
        expression = column.default
    if expression is None or column.generated:
        note = f"Rows of {shown(table)} without {column.name} keep contract from running: fill them before."
        return Planned((replace(last, notes=(note,) if not column.generated else ()),), ready=Phase.CONTRACT)
    make, remove = fill_trigger(table, column.name, expression, situation.after)
    taken = locks(LockLevel.SHARE_ROW_EXCLUSIVE, *family(table, situation.after))
    first = Step(
        change.key,
        make,
        remove,
        phase=Phase.EXPAND,
        title=f"{what} filled",
        locks=taken,
        old_sees=f"NULL that is written to {what} becomes {expression}",
        notes=("A trigger gives rows without a value one; contract drops it.",),
        uses_vibe=True,
    )
    where = compose("{name} IS NULL", name=Name(column.name))
    assignments = compose("{name} = ({value})", name=Name(column.name), value=Printed(expression))
    fill = replace(backfill_step(change.key, assignments, where, situation), loses=f"which rows had no {what} before")
    drop = Step(
        change.key,
        remove,
        make,
        phase=Phase.CONTRACT,
        title=f"{what} without trigger",
        locks=tuple(replace(lock, level=LockLevel.ACCESS_EXCLUSIVE) for lock in taken),
        uses_vibe=True,
    )
    return Planned((first, fill, last, drop), ready=Phase.CONTRACT)
