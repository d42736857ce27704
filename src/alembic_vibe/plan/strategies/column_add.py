"""A new column that PostgreSQL adds without touching the rows (recipes 1, 1a and 2).

It may be NULL, or has a default that is the same for all rows of a statement: PostgreSQL keeps that once, for every
row that is there. Only a domain with constraints makes it rewrite the table, whatever the values are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.hazards import TABLE_REWRITE, Danger
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.column_sql import PREPARED, add_column, family
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.new_columns import Way, rewrites, way_of
from alembic_vibe.plan.operations import DropColumn
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("1", "1a", "2")


def applies(change: Change, situation: Situation) -> bool:
    """A column that may be NULL, or whose default is no other one for each row."""
    return way_of(change, situation) is Way.AT_ONCE


def plan(change: Change, situation: Situation) -> Planned:
    """Add it before the new release; the running one does not name it."""
    column = situation.new_fact(change.key)
    assert isinstance(column, Column)
    return Planned((adding(change.key, column, add_column(table_of(change.key), column), situation),))


def adding(key: Key, column: Column, up: tuple[Operation, ...], situation: Situation, notes: str = "") -> Step:
    """Return the step that adds a column by some operations, with what it costs.

    Args:
        key: The column's.
        column: What it shall be.
        up: What adds it.
        situation: Both states.
        notes: What a reviewer should know.
    """
    table = table_of(key)
    what, tables = shown(table, column.name), family(table, situation.after)
    tables = tuple(one for one in tables if one in situation.before.facts)
    drop = alter(table, "DROP COLUMN {name}", name=Name(column.name))
    dangers: tuple[Danger, ...] = ()
    if rewrites(column, situation):
        text = f"adding {what} rewrites {shown(table)} while nobody can read or write it: its domain has constraints"
        dangers = (Danger(TABLE_REWRITE, what, text),)
    return Step(
        key,
        up,
        (DropColumn(table, column.name, drop.statements),),
        phase=Phase.EXPAND,
        title=what,
        locks=exclusive(*tables),
        rewrites=tables if dangers else (),
        loses=f"the values of {what}",
        old_sees=PREPARED,
        notes=(notes,) if notes else (),
        dangers=dangers,
    )
