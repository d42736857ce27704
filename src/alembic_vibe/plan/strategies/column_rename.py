"""A column under another name, perhaps of another type (recipe 8): both names work until the running release is gone.

A column that belongs to the table's structure (a key that others refer to, an identity, a partition key, what others
are generated from) is renamed at once, which the running release notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, Danger
from alembic_vibe.plan.blocks import shown
from alembic_vibe.plan.casting import Fit, fit
from alembic_vibe.plan.dual import Dual, dual_steps
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.renaming import can_double, first_among, followers, rename_at_once, renames_of
from alembic_vibe.plan.retyping import conditions, question, way_back
from alembic_vibe.plan.situation import Planned, column_key, node_of, table_of
from alembic_vibe.plan.sync import Pair, sync
from alembic_vibe.plan.twins import find_twins, with_old_on
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("8",)


def applies(change: Change, _situation: Situation) -> bool:
    """A column that the author says is an old one."""
    return change.kind is ChangeKind.RENAME and change.key.kind is Kind.COLUMN


def plan(change: Change, situation: Situation) -> Planned:
    """Add the new names of a table beside the old ones, and let those go in the end; or rename at once."""
    table = table_of(change.key)
    renamed = renames_of(table, situation)
    undecided = tuple(question(found.change) for found in renamed if _is_unknown(found.change, situation))
    if undecided:
        return Planned(undecided=undecided)
    if not can_double(change, situation):
        return rename_at_once(change, situation)
    together = [found.change for found in renamed if can_double(found.change, situation)]
    if together[0].key != change.key:
        return Planned(ready=Phase.MIGRATE)  # part of the first one's steps
    names = {found.before.name: found.key.member for found in renamed}
    duals = [_dual(found, situation, names) for found in together]
    takes = frozenset().union(*(dual.takes for dual in duals), map(node_of, together)) - {node_of(change)}
    steps = list(dual_steps(*duals))
    late = tuple(step for step in steps if step.phase in {Phase.CONTRACT, Phase.PURGE})
    return Planned(tuple(step for step in steps if step not in late), takes=takes, ready=Phase.MIGRATE, late=late)


def _is_unknown(change: Change, situation: Situation) -> bool:
    assert isinstance(change.before, Column)
    assert isinstance(change.after, Column)
    known = change.key in situation.intents.convert
    return not known and fit(change.before.type, change.after.type) is Fit.UNKNOWN


def _dual(change: Change, situation: Situation, names: dict[str, str]) -> Dual:
    table = table_of(change.key)
    assert isinstance(change.before, Column)
    old, new = situation.old_fact(column_key(table, change.before.name)), situation.new_fact(change.key)
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    convert = situation.intents.convert.get(change.key)
    up, down = convert or str(Name(old.name)), way_back(change, situation)
    dangers = []
    if not down:
        message = f"{shown(table, old.name)} is NULL in rows that the next release writes: no way back from `{convert}`"
        dangers.append(Danger(OLD_RELEASE_BREAKS, shown(table, new.name), message))
    same = convert is None and old.type.text == new.type.text
    if same:
        down = str(Name(new.name))
    # What is renamed at once has its new name when these columns change places.
    at_once = {
        found.before.name: found.after.name
        for found in renames_of(table, situation)
        if not can_double(found.change, situation)
    }
    twins = [
        with_old_on(twin, at_once)
        for twin in find_twins(change.key, old.name, situation, names)
        if first_among(twin.old.key, change, situation)
    ]
    return Dual(
        key=change.key,
        old=old,
        new=new,
        work=new.name,
        up=up,
        down=down,
        exact=convert is None and fit(new.type, old.type) in {Fit.CATALOG, Fit.WIDER},
        twins=tuple(twins),
        trigger=sync(table, [Pair(old.name, new.name, up, _uncut(down, old, new), old.type, new.type)]),
        situation=situation,
        title=f"{shown(table, old.name)} to {new.name}",
        around=followers(change, situation),
        verify=tuple(conditions(change, situation)),
        dangers=tuple(dangers),
        touch=not same,
    )


def _uncut(down: str, old: Column, new: Column) -> str:
    """Return the way back to a shorter text as an assignment, which refuses what does not fit; a cast would cut it.

    Source: PostgreSQL manual, 8.3.
    """
    cast = compose("{name}::{type}", name=Name(new.name), type=Printed(old.type.text))
    limited = old.type.base in {"varchar", "character varying", "bpchar", "character"} and old.type.modifiers
    if down != cast or not limited or old.type.array:
        return down
    return compose("{name}::text", name=Name(new.name))
