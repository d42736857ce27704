"""A generated column becomes one that is written, or the reverse (recipe 6a).

In between, one release writes the column and the other one does not. A trigger computes it where it is left out, and
keeps it up to date with what it is computed from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.hazards import TABLE_REWRITE, Danger
from alembic_vibe.plan.blocks import alter, exclusive, execute, shown
from alembic_vibe.plan.column_replace import hanging_on
from alembic_vibe.plan.column_sql import add_column, attached, family, fill_trigger, not_null
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import DropColumn
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.strategies.column_drop import Leaving
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("6a",)
_FIELDS = ("default", "generated", "not_null", "not_null_name")


def applies(change: Change, _situation: Situation) -> bool:
    """Generated either before or after, of the same type."""
    before, after = change.before, change.after
    return (
        change.key.kind is Kind.COLUMN
        and change.alters(*_FIELDS)
        and isinstance(before, Column)
        and isinstance(after, Column)
        and bool(before.generated) != bool(after.generated)
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Let both releases have it their way until the old one is gone."""
    before, after = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    if after.generated:
        return _generated(change, before, after, situation)
    return _written(change, before, after, situation)


def _written(change: Change, before: Column, after: Column, situation: Situation) -> Planned:
    table, key = table_of(change.key), change.key
    what, name = shown(table, after.name), Name(after.name)
    tables = family(table, situation.after)
    make, remove = fill_trigger(table, after.name, before.default or "NULL", situation.after, follow=True)
    hanging = hanging_on(key, situation)
    drop = DropColumn(table, after.name, alter(table, "DROP COLUMN {name}", name=name).statements)
    empty = replace(after, default=None, not_null=before.not_null and after.not_null)
    dangers: tuple[Danger, ...] = ()
    up: list[Operation]
    if before.generated == "stored":
        up = [alter(table, "ALTER COLUMN {name} DROP EXPRESSION", name=name)]
        if before.not_null and not after.not_null:
            up.append(alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=name))
    else:  # a virtual column has no values to keep
        bare = replace(empty, not_null=False)
        value = Printed(f"({before.default})")
        fill = execute("UPDATE {table} SET {name} = {value}", table=name_of(table), name=name, value=value)
        up = [*hanging.away, drop, *add_column(table, bare), fill]
        if empty.not_null:
            up.append(alter(table, "ALTER COLUMN {name} SET NOT NULL", name=name))
        up += [*attached(table, replace(empty, comment=None)), *hanging.back]
        text = f"every row of {shown(table)} gets {what} while nobody can read or write it"
        dangers = (Danger(TABLE_REWRITE, what, text),)
    first = Step(
        key,
        (*up, *make),
        (*remove, *hanging.unmake, drop, *add_column(table, before), *hanging.remake),
        phase=Phase.EXPAND,
        title=f"{what} written",
        locks=exclusive(*tables, *hanging.locked),
        scans=tables if dangers else (),
        rewrites=tables if dangers else (),
        loses=f"what the next release wrote to {what}: it is computed again, and the table is rewritten",
        old_sees=f"{what} may be what the next release wrote",
        new_sees=f"{what} follows its old expression until somebody writes it",
        notes=("A trigger computes the column where it is left out; contract drops it.", *hanging.notes),
        dangers=dangers,
        uses_vibe=True,
    )
    end: list[Operation] = [*remove]
    back: list[Operation] = [*make]
    if after.default is not None:
        end.append(alter(table, "ALTER COLUMN {name} SET DEFAULT {value}", name=name, value=Printed(after.default)))
        back.insert(0, alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name))
    steps = [first]
    if after.not_null and not before.not_null:
        steps.append(not_null(table, after, Phase.CONTRACT, situation.after))
    steps.append(
        Step(
            key,
            tuple(end),
            tuple(back),
            phase=Phase.CONTRACT,
            title=f"{what} without trigger",
            locks=exclusive(*tables),
            old_sees=f"{what} is not computed any more",
            uses_vibe=True,
        )
    )
    return Planned(tuple(steps), takes=hanging.takes if before.generated == "virtual" else frozenset())


def _generated(change: Change, before: Column, after: Column, situation: Situation) -> Planned:
    table, key = table_of(change.key), change.key
    what = shown(table, after.name)
    tables = family(table, situation.after)
    make, remove = fill_trigger(table, after.name, after.default or "NULL", situation.after, follow=True)
    leaving = Leaving(change, before, situation)
    loosened = leaving.loosen()
    trigger = Step(
        key,
        make,
        remove,
        phase=Phase.EXPAND,
        title=f"{what} computed",
        locks=exclusive(*tables),
        old_sees=f"{what} follows {after.default} where it is not written",
        new_sees=f"{what} may be what the old release wrote",
        notes=("A trigger computes the column where it is left out; contract drops it.",),
        uses_vibe=True,
    )
    aside, gone = leaving.set_aside(), leaving.drop()
    hanging = hanging_on(key, situation)
    drop = DropColumn(table, after.name, alter(table, "DROP COLUMN {name}", name=Name(after.name)).statements)
    dangers: tuple[Danger, ...] = ()
    if after.generated == "stored":
        text = f"{what} is computed for every row, and {shown(table)} is rewritten while nobody can read or write it"
        dangers = (Danger(TABLE_REWRITE, what, text),)
    swap = replace(
        aside,
        up=(*remove, *hanging.away, *aside.up, *add_column(table, after), *hanging.back),
        down=(*hanging.unmake, drop, *aside.down, *hanging.remake, *make),
        title=f"{what} generated",
        locks=exclusive(*tables, *hanging.locked),
        scans=tables,
        rewrites=tables if dangers else (),
        old_sees=f"writing {what} fails",
        notes=hanging.notes,
        dangers=dangers,
        uses_vibe=True,
    )
    early = (trigger, loosened) if loosened is not None else (trigger,)
    takes = hanging.takes | leaving.takes
    return Planned((swap, gone), takes=takes, ready=Phase.CONTRACT, early=early)
