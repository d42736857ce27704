"""A column's new type by a second column that takes its place (recipe 10): nothing is rewritten under a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.hazards import DATA_LOSS, OLD_RELEASE_BREAKS, Danger
from alembic_vibe.plan.around import around
from alembic_vibe.plan.blocks import shown, vibe_name
from alembic_vibe.plan.casting import Fit, fit
from alembic_vibe.plan.dual import Dual, dual_steps
from alembic_vibe.plan.model import Phase
from alembic_vibe.plan.retyping import Route, breaks_binds, conditions, is_retyping, route, way_back
from alembic_vibe.plan.situation import Planned, table_of
from alembic_vibe.plan.sync import follow
from alembic_vibe.plan.twins import find_twins
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("10", "11")


def applies(change: Change, situation: Situation) -> bool:
    """A type that would rewrite the table, of a column that another one can replace."""
    return is_retyping(change) and route(change, situation) is Route.SWAP


def plan(change: Change, situation: Situation) -> Planned:
    """Add the new column under a name of its own, fill it, and let the columns change places in contract."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    table = table_of(change.key)
    what = shown(table, new.name)
    work = vibe_name("new", new.name)
    convert = situation.intents.convert.get(change.key)
    # Without USING, an assignment refuses what does not fit; a cast would cut it.
    up = convert or str(Name(old.name))
    down = way_back(change, situation)
    dangers = []
    if breaks_binds(change):
        dangers.append(
            Danger(
                OLD_RELEASE_BREAKS,
                what,
                f"the column is {old.type.text} until contract and {new.type.text} from then on: statements that bind "
                f"the other type fail; a column of another name with `-- renamed from: {old.name}` avoids that",
            )
        )
    if not down:
        dangers.append(
            Danger(
                DATA_LOSS, what, f"nobody knows the way back from `{convert}`: going back after contract loses values"
            )
        )
    dual = Dual(
        key=change.key,
        old=old,
        new=new,
        work=work,
        up=up,
        down=down,
        exact=convert is None and fit(new.type, old.type) in {Fit.CATALOG, Fit.WIDER},
        twins=tuple(find_twins(change.key, old.name, situation)),
        trigger=follow(table, work, up, old.name),
        situation=situation,
        title=f"{what} to {new.type.text}",
        around=around([change.key], situation, last=True),
        verify=tuple(conditions(change, situation)),
        dangers=tuple(dangers),
    )
    return Planned(tuple(dual_steps(dual)), takes=dual.takes, ready=Phase.CONTRACT)
