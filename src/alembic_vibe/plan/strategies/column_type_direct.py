"""A column's new type in place (recipe 10), where no second column can take its place; or a question to the author."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint
from alembic_vibe.hazards import DATA_LOSS, OLD_RELEASE_BREAKS, TABLE_REWRITE, Danger
from alembic_vibe.plan.blocks import shown
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.retype import connected, retype_step
from alembic_vibe.plan.retyping import (
    Route,
    breaks_binds,
    conditions,
    is_retyping,
    made_up,
    question,
    reworded,
    route,
    way_back,
)
from alembic_vibe.plan.situation import Planned, node_of, table_of

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.model import Verify
    from alembic_vibe.plan.situation import Situation

RECIPES = ("10",)
_HERE = {Route.DIRECT}


def applies(change: Change, situation: Situation) -> bool:
    """A type that only a rewrite brings, or that nobody knows how to convert to."""
    return is_retyping(change) and route(change, situation) in {Route.ASK, *_HERE}


def plan(change: Change, situation: Situation) -> Planned:
    """Give all columns that foreign keys tie together their types in one transaction, before the new release."""
    if route(change, situation) is Route.ASK:
        return Planned(undecided=(question(change),))
    direct = {
        found.key: found for found in situation.changes if is_retyping(found) and route(found, situation) in _HERE
    }
    keys, foreign = connected(change.key, direct, situation)
    if keys[0] != change.key:
        return Planned()  # part of the first one's step
    using: dict[Key, tuple[str, str]] = {}
    verify: list[Verify] = []
    dangers: list[Danger] = []
    loses: list[str] = []
    for key in keys:
        found = direct[key]
        old, new = found.before, found.after
        assert isinstance(old, Column)
        assert isinstance(new, Column)
        what = shown(table_of(key), key.member)
        back = way_back(found, situation)
        using[key] = (situation.intents.convert.get(key, ""), back if key in situation.intents.convert else "")
        verify += conditions(found, situation)
        if not back:
            made = made_up(table_of(key), old, situation)
            using[key] = (using[key][0], made)
            loses.append(f"the values of {what}, which become {made}: no way back from `{using[key][0]}` is known")
        dangers.append(Danger(TABLE_REWRITE, what, f"{shown(table_of(key))} is rewritten while nobody can use it"))
        if breaks_binds(found) and not new.generated:
            dangers.append(
                Danger(
                    OLD_RELEASE_BREAKS,
                    what,
                    f"statements that bind {old.type.text} fail; a column of another name with "
                    f"`-- renamed from: {old.name}` avoids that",
                )
            )
        if new.generated and not old.generated:
            dangers.append(Danger(DATA_LOSS, what, f"the values of {what} are replaced by computed ones"))
    title = f"{shown(table_of(keys[0]), keys[0].member)} to {_type(direct[keys[0]])}"
    own = {found.key: None for found in foreign}
    remake = [*(key for key in reworded(keys, situation) if key not in own), *own]
    step, takes = retype_step(keys, situation, using=using, phase=Phase.EXPAND, title=title, remake=remake)
    tables = {table for key in keys for table in family(table_of(key), situation.before)}
    step = replace(
        step,
        verify=tuple(verify),
        dangers=tuple(dangers),
        loses="; ".join(loses),
        rewrites=tuple(sorted(tables)),
        scans=tuple(sorted(tables | {found.table for found in foreign if isinstance(found, Constraint)})),
        old_sees="the new type, and prepared statements that name the column fail once in each session",
    )
    return Planned((step,), takes=(takes | {node_of(direct[key]) for key in keys}) - {node_of(change)})


def _type(change: Change) -> str:
    assert isinstance(change.after, Column)
    return change.after.type.text
