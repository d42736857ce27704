"""A new generated column (recipe 6).

PostgreSQL computes a stored one for every row when it is added, and there is no other way to one: the table is
rewritten. A virtual one (PostgreSQL 18) is computed when it is read, and costs nothing to add. NOT NULL would restrict
what the running release may write to the other columns, so it comes when that is gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.hazards import TABLE_REWRITE, Danger
from alembic_vibe.plan.blocks import shown
from alembic_vibe.plan.column_sql import PREPARED, add_column, not_null
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.new_columns import Way, ready, way_of
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.strategies.column_add import adding

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("6",)


def applies(change: Change, situation: Situation) -> bool:
    """Stored or virtual."""
    return way_of(change, situation) is Way.GENERATED


def plan(change: Change, situation: Situation) -> Planned:
    """Add it before the new release; nobody writes it."""
    column = situation.new_fact(change.key)
    assert isinstance(column, Column)
    table = table_of(change.key)
    what = shown(table, column.name)
    nullable = replace(column, not_null=False, not_null_name=None)
    step = replace(
        adding(change.key, column, add_column(table, nullable), situation),
        loses="",
        old_sees=f"{PREPARED}; it must not write {what}",
    )
    if column.generated == "stored":
        text = f"adding {what} computes it for every row and rewrites {shown(table)} while nobody can read or write it"
        tables = tuple(lock.relation for lock in step.locks)
        step = replace(step, rewrites=tables, dangers=(Danger(TABLE_REWRITE, what, text),))
    if not column.not_null:
        return Planned((step,))
    # Its rows are in the application's hands: nothing of the plan fills them.
    last = replace(not_null(table, column, Phase.CONTRACT, situation.after), key=table)
    return Planned((step, last), ready=ready(change.key, Phase.CONTRACT, situation))
