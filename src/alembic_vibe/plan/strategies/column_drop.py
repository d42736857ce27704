"""A column goes (recipe 7): it is set aside when the old release is gone, and dropped when nobody wants it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.plan.blocks import alter, away, exclusive, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import DropColumn, Operation
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("7",)


def applies(change: Change, situation: Situation) -> bool:
    """Any column that is not part of a table that goes as a whole."""
    return (
        change.kind is ChangeKind.DROP
        and change.key.kind is Kind.COLUMN
        and table_of(change.key) in situation.after.facts
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Let new rows leave it out; set it aside under another name; drop it for good."""
    column = situation.old_fact(change.key)
    assert isinstance(column, Column)
    table = table_of(change.key)
    what = shown(table, column.name)
    steps = []
    if column.not_null and column.default is None and not column.identity and not column.generated:
        steps.append(
            Step(
                change.key,
                (alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=Name(column.name)),),
                (alter(table, "ALTER COLUMN {name} SET NOT NULL", name=Name(column.name)),),
                phase=Phase.EXPAND,
                title=f"{what} nullable",
                locks=exclusive(table),
                notes=("The next release no longer fills this column.",),
            )
        )
    steps.append(_set_aside(change, column, what))
    steps.append(_drop(change, column, what))
    return Planned(tuple(steps), ready=Phase.CONTRACT)


def _set_aside(change: Change, column: Column, what: str) -> Step:
    """Rename it, without a default and nullable: rows that come and go do not need it any more."""
    table = table_of(change.key)
    name, hidden = Name(column.name), Name(away(column.name))
    up: list[Operation] = []
    down: list[Operation] = [alter(table, "RENAME COLUMN {hidden} TO {name}", hidden=hidden, name=name)]
    if column.identity == "" and column.default is not None and not column.generated:
        up.append(alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name))
        restore = alter(table, "ALTER COLUMN {name} SET DEFAULT {default}", name=name, default=Printed(column.default))
        down.append(restore)
        if column.not_null:
            up.append(alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=name))
    up.append(alter(table, "RENAME COLUMN {name} TO {hidden}", name=name, hidden=hidden))
    return Step(
        change.key,
        tuple(up),
        tuple(down),
        phase=Phase.CONTRACT,
        title=f"drop {what}",
        locks=exclusive(table),
        old_sees=f"{what} does not exist any more",
    )


def _drop(change: Change, column: Column, what: str) -> Step:
    table = table_of(change.key)
    hidden = Name(away(column.name))
    drop = alter(table, "DROP COLUMN {hidden}", hidden=hidden)
    bare = Printed(f"{hidden} {column.type.text}")
    return Step(
        change.key,
        (DropColumn(table, away(column.name), drop.statements),),
        (alter(table, "ADD COLUMN {bare}", bare=bare),),
        phase=Phase.PURGE,
        title=f"drop {what}",
        locks=exclusive(table),
        loses=f"the values of {what}",
        dangers=(Danger(DATA_LOSS, what, f"the values of {what} are gone for good"),),
    )
