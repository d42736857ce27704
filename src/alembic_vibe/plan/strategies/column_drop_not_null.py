"""A column may be NULL from now on (recipe 13), or its NOT NULL gets another name (PostgreSQL 18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.blocks import alter, exclusive, execute, shown
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.fillers import not_null_again
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute
    from alembic_vibe.plan.situation import Situation

RECIPES = ("13",)
_RENAME = """\
DO $vibe$
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        ALTER TABLE {table} RENAME CONSTRAINT {one} TO {other};
    END IF;
END
$vibe$"""


def applies(change: Change, _situation: Situation) -> bool:
    """A column that was NOT NULL before."""
    before = change.before
    return (
        change.key.kind is Kind.COLUMN
        and change.alters("not_null", "not_null_name")
        and isinstance(before, Column)
        and before.not_null
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Loosen it before the next release, whose rows may have no value."""
    before, after = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    table = table_of(change.key)
    what = shown(table, after.name)
    locked = exclusive(*family(table, situation.after))
    if after.not_null:
        step = Step(
            change.key,
            (_rename(table, before, after),),
            (_rename(table, after, before),),
            phase=Phase.EXPAND,
            title=f"{what} not null name",
            locks=locked,
        )
        return Planned((step,))
    down, loses = not_null_again(table, before, situation.old_words)
    step = Step(
        change.key,
        (alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=Name(after.name)),),
        down,
        phase=Phase.EXPAND,
        title=f"{what} nullable",
        locks=locked,
        loses=loses,
        old_sees=f"{what} may be NULL in rows of the next release",
    )
    return Planned((step,))


def _rename(table: Key, before: Column, after: Column) -> Execute:
    usual = f"{table.name}_{after.name}_not_null"
    one, other = (Name(column.not_null_name or usual) for column in (before, after))
    return execute(_RENAME, table=name_of(table), one=one, other=other)
