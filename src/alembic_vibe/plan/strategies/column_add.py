"""A new column that PostgreSQL adds without touching the rows (recipes 1 and 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import AddColumn, DropColumn
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import column_definition, column_settings, comment_on, name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("1",)


def applies(change: Change, _situation: Situation) -> bool:
    """A column that may be NULL and has no default."""
    column = change.after
    return (
        change.kind is ChangeKind.ADD
        and change.key.kind is Kind.COLUMN
        and isinstance(column, Column)
        and not (column.not_null or column.default or column.generated or column.identity)
        and column.type.origin != "domain"
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Add it before the new release; the running one does not name it."""
    column = situation.new_fact(change.key)
    assert isinstance(column, Column)
    table = table_of(change.key)
    name = Name(column.name)
    add = alter(table, "ADD COLUMN {definition}", definition=column_definition(column))
    drop = alter(table, "DROP COLUMN {name}", name=name)
    step = Step(
        change.key,
        (
            AddColumn(table, column, add.statements),
            *column_settings("TABLE", table, column),
            *comment_on("COLUMN", Printed(f"{name_of(table)}.{name}"), column.comment),
        ),
        (DropColumn(table, column.name, drop.statements),),
        phase=Phase.EXPAND,
        title=shown(table, column.name),
        locks=exclusive(table),
        loses=f"the values of {shown(table, column.name)}",
        old_sees="a prepared SELECT * fails once in each session",
    )
    return Planned((step,))
