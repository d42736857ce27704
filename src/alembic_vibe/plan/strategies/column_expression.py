"""A generated column is computed in another way, or kept instead of computed when it is read (recipe 6a).

PostgreSQL 17 can set another expression; 15 and 16 only drop the column and add it. So does the plan, everywhere: the
cost is the same, the table is rewritten once. Both releases see the new values at the same moment,
which is when rows are brought over to the next release.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, TABLE_REWRITE, Danger
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.column_replace import hanging_on
from alembic_vibe.plan.column_sql import add_column, family, named_not_null, not_null
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import DropColumn
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("6a",)
_FIELDS = ("default", "generated", "not_null", "not_null_name")


def applies(change: Change, _situation: Situation) -> bool:
    """Generated before and after, of the same type."""
    before, after = change.before, change.after
    return (
        change.key.kind is Kind.COLUMN
        and change.alters(*_FIELDS)
        and bool({"default", "generated"} & set(change.altered_fields))
        and isinstance(before, Column)
        and isinstance(after, Column)
        and bool(before.generated and after.generated)
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Drop it and add it with the new expression, with all that hangs on it."""
    before, after = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    table = table_of(change.key)
    what = shown(table, after.name)
    hanging = hanging_on(change.key, situation)
    drop = DropColumn(table, after.name, alter(table, "DROP COLUMN {name}", name=Name(after.name)).statements)
    tables = family(table, situation.after)
    dangers = [Danger(SHARED_BEHAVIOUR, what, f"both releases read {what} = {after.default} at once")]
    if after.generated == "stored":
        text = f"{what} is computed for every row, and {shown(table)} is rewritten while nobody can read or write it"
        dangers.append(Danger(TABLE_REWRITE, what, text))
    both = before.not_null and after.not_null
    first, then = (
        column if both else replace(column, not_null=False, not_null_name=None) for column in (before, after)
    )
    step = Step(
        change.key,
        (*hanging.away, drop, *add_column(table, then), *hanging.back),
        (*hanging.unmake, drop, *add_column(table, first), *hanging.remake),
        phase=Phase.MIGRATE,
        title=f"{what} expression",
        locks=exclusive(*tables, *hanging.locked),
        scans=tables,
        rewrites=tables if after.generated == "stored" else (),
        old_sees=f"{what} is {after.default}",
        notes=(*hanging.notes, f"{what} is now the last column of its table."),
        dangers=tuple(dangers),
    )
    steps = [step]
    if after.not_null and not both:
        steps.append(replace(not_null(table, after, Phase.CONTRACT, situation.after), key=table))
    early = (_loosened(change.key, before, situation),) if before.not_null and not both else ()
    return Planned(tuple(steps), takes=hanging.takes, ready=Phase.MIGRATE, early=early)


def _loosened(key: Key, column: Column, situation: Situation) -> Step:
    """Return the step after which the column may be NULL, as the next release's rows may have it."""
    table, name = table_of(key), Name(column.name)
    again = alter(table, "ALTER COLUMN {name} SET NOT NULL", name=name)
    return Step(
        key,
        (alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=name),),
        (again, *named_not_null(table, column, situation.before)),
        phase=Phase.EXPAND,
        title=f"{shown(table, column.name)} nullable",
        locks=exclusive(*family(table, situation.after)),
        old_sees=f"{shown(table, column.name)} may be NULL in rows of the next release",
    )
