"""A function gets more arguments, which have defaults (recipe 52).

Old and new beside each other would make the calls of the running release ambiguous, so one takes the other's place in
one transaction: it answers the calls of both releases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Privileges
from alembic_vibe.hazards import BLOCKING_SCAN, SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive, shown
from alembic_vibe.plan.definitions import longer_form
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, make_in_between, recreate
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.swap import STUCK, another_name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("52",)


def applies(change: Change, situation: Situation) -> bool:
    """One that is gone, and a new one of its name answers its calls."""
    return longer_form(change, situation) is not None


def plan(change: Change, situation: Situation) -> Planned:
    """Put the new one in its place before the next release."""
    new = longer_form(change, situation)
    assert new is not None
    key, name = change.key, label(new.key)
    around = recreate(situation, [key], WITH_EXPRESSIONS)
    if around.stuck:
        others = ", ".join(str(other) for other in around.stuck)
        message = f"{name} takes the place of {label(key)}, but {others} depends on that"
        return Planned(undecided=(STUCK.diagnostic(message, help=another_name(key)),))
    made_old, unmade_old = make_in_between(situation, [key], new=False)
    made_new, unmade_new = make_in_between(situation, [new.key], new=True)
    message = f"calls of {label(key)} get {name} from then on, in both releases"
    dangers = [Danger(SHARED_BEHAVIOUR, name, message)]
    for table in around.scans:
        text = f"indexes or CHECKs of {shown(table)} that use {label(key)} are made again"
        dangers.append(Danger(BLOCKING_SCAN, shown(table), text))
    step = Step(
        new.key,
        (*around.drops, *unmade_old, *made_new, *around.creates_old),
        (*around.drops, *unmade_new, *made_old, *around.creates_old),
        phase=Phase.MIGRATE,
        title=name,
        locks=exclusive(*around.tables),
        scans=around.scans,
        old_sees=message,
        dangers=tuple(dangers),
    )
    catalogs, both = (situation.before, situation.after), {key, new.key}
    granted = {fact.key for catalog in catalogs for fact in catalog.of_type(Privileges) if fact.target in both}
    takes = changes_of(situation, [*both, *granted]) - {node_of(change)}
    return Planned((step,), takes, ready=Phase.MIGRATE)
