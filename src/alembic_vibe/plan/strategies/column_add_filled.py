"""A new column whose rows need values of their own (recipes 3 and 4).

One value for all rows comes with ADD COLUMN. Otherwise the column comes empty and is filled by batches; meanwhile a
default, or a trigger with the author's expression, sees to the rows that the running release inserts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.plan.authored_values import problems
from alembic_vibe.plan.backfill import backfill_step
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.column_sql import (
    add_column,
    add_column_bare,
    family,
    fill_trigger,
    not_null,
)
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.new_columns import Way, forbids_null, ready, way_of
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.strategies.column_add import adding
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("3", "4")
NEEDS_VALUE = Rule(
    code="AV843",
    slug="backfill-needed",
    severity=Severity.ERROR,
    summary="A NOT NULL column without a default is new on a table that may have rows.",
    why="The rows that are there, and those that the running release still inserts, need a value. Only the author "
    "knows which one.",
    fix="Add `-- backfill: expression` at the end of the column's line; the expression may use the columns of the "
    "row. Or give the column a default.",
    bad="""\
CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    display_name text NOT NULL
);""",
    good="""\
CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    display_name text NOT NULL  -- backfill: coalesce(nickname, 'user ' || id)
);""",
)
RULES = (NEEDS_VALUE,)


def applies(change: Change, situation: Situation) -> bool:
    """A volatile default, NOT NULL without a default, or an expression of the author."""
    return way_of(change, situation) in {Way.CONSTANT, Way.FILLED}


def plan(change: Change, situation: Situation) -> Planned:
    """Add it, fill it, and then make it NOT NULL."""
    column = situation.new_fact(change.key)
    assert isinstance(column, Column)
    table = table_of(change.key)
    what = shown(table, column.name)
    expression = situation.intents.backfill.get(change.key)
    if expression is None and column.default is None:
        line = f"{Name(column.name)} {column.type.text} NOT NULL  -- backfill: <expression>"
        text = f"{what} is NOT NULL without a default, and {shown(table)} may have rows: write `{line}`"
        return Planned(undecided=(NEEDS_VALUE.diagnostic(text),))
    if expression is not None:
        found = tuple(problems(change.key, expression, situation, not_null=column.not_null))
        if found:
            return Planned(undecided=found)
        if way_of(change, situation) is Way.CONSTANT:
            return Planned(tuple(_constant(change.key, column, expression, situation)))
        if forbids_null(column, situation):
            text = f"{what} has a domain that is NOT NULL, so that every row needs the same value at first: write a "
            text += f"constant after `-- backfill:` instead of `{expression}`"
            return Planned(undecided=(NEEDS_VALUE.diagnostic(text),))
    return _filled(change.key, column, expression, situation)


def _constant(key: Key, column: Column, expression: str, situation: Situation) -> list[Step]:
    """Return the steps that give every row the same value, which PostgreSQL does without touching them."""
    table, name = table_of(key), Name(column.name)
    first = replace(column, default=f"({expression})")
    operations = list(add_column(table, first))
    if column.default is not None:
        default = Printed(column.default)
        operations.append(alter(table, "ALTER COLUMN {name} SET DEFAULT {default}", name=name, default=default))
    elif not column.not_null and not forbids_null(column, situation):
        operations.append(alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name))
    else:
        what = shown(table, column.name)
        drop = Step(
            key,
            (alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name),),
            (alter(table, "ALTER COLUMN {name} SET DEFAULT {value}", name=name, value=Printed(first.default or "")),),
            phase=Phase.CONTRACT,
            title=f"{what} without default",
            locks=exclusive(*family(table, situation.after)),
            old_sees=f"an INSERT without {what} fails",
        )
        note = "The default is for the rows that are there and for the running release; contract drops it."
        return [adding(key, column, tuple(operations), situation, note), drop]
    return [adding(key, column, tuple(operations), situation)]


def _filled(key: Key, column: Column, expression: str | None, situation: Situation) -> Planned:
    table, catalog = table_of(key), situation.after
    covered = column.default is not None or not column.not_null
    add = adding(key, column, add_column_bare(table, column), situation)
    note = ""
    if not covered:
        assert expression is not None
        make, remove = fill_trigger(table, column.name, expression, catalog)
        note = "A trigger gives rows of the running release their value; contract drops it."
        add = replace(add, up=(*add.up, *make), down=(*remove, *add.down), uses_vibe=True, notes=(note,))
    value = f"({expression})" if expression is not None else "DEFAULT"
    where = compose("{name} IS NULL", name=Name(column.name))
    if expression is not None and not column.not_null:
        where += compose(" AND {value} IS NOT NULL", value=Printed(value))
    assignments = compose("{name} = {value}", name=Name(column.name), value=Printed(value))
    steps = [add, backfill_step(key, assignments, where, situation)]
    last = Phase.MIGRATE if covered else Phase.CONTRACT
    if column.not_null:
        steps.append(not_null(table, column, last, catalog))
    if column.not_null and not covered:
        what = shown(table, column.name)
        drop = Step(key, remove, make, phase=last, title=f"{what} without trigger", uses_vibe=True)
        steps.append(replace(drop, locks=add.locks, old_sees=f"an INSERT without {what} fails"))
    return Planned(tuple(steps), ready=ready(key, last, situation))
