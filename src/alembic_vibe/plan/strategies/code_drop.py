"""What holds no rows goes (recipes 50 to 59): views, triggers, rules, policies and the like are dropped outright.

They can be made again from what is known of them, so nothing is set aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Policy, Privileges, Trigger, View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, dependents, make_in_between, relation_of
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("53", "54", "55", "56", "58")
_OTHER = {Kind.VIEW: Kind.MATERIALIZED_VIEW, Kind.MATERIALIZED_VIEW: Kind.VIEW}
_KINDS = {
    Kind.VIEW,
    Kind.MATERIALIZED_VIEW,
    Kind.RULE,
    Kind.TRIGGER,
    Kind.POLICY,
    Kind.EVENT_TRIGGER,
    Kind.OTHER,
}


def applies(change: Change, _situation: Situation) -> bool:
    """Anything of these kinds that is gone."""
    return change.kind is ChangeKind.DROP and change.key.kind in _KINDS


def plan(change: Change, situation: Situation) -> Planned:
    """Drop it when the old release is gone; what opens rows goes earlier, what closes them later."""
    fact = change.before
    relation = relation_of(situation.before, change.key) if change.key.member else change.key
    if relation != change.key and relation not in situation.after.facts and relation.kind is not Kind.TABLE:
        return Planned(ready=Phase.CONTRACT)  # it goes with its view
    keys = [change.key]
    if isinstance(fact, View) and _OTHER[change.key.kind] in {found.kind for found in _new_of_name(change, situation)}:
        return _other_kind(change, situation)
    if isinstance(fact, View):
        keys += _on_view(situation.before, change.key)
    made, unmade = make_in_between(situation, keys, new=False)
    phase = Phase.CONTRACT
    if isinstance(fact, Policy) and not fact.permissive:
        phase = Phase.EXPAND
    relations = {Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.TABLE}
    step = Step(
        change.key,
        unmade,
        made,
        phase=phase,
        title=f"drop {label(change.key)}",
        locks=exclusive(relation) if relation.kind in relations and change.key.kind is not Kind.OTHER else (),
        old_sees=f"{change.key.kind} {fact.key.member} does not act any more" if isinstance(fact, Trigger) else "",
    )
    takes = changes_of(situation, keys[1:])
    return Planned((step,), takes, ready=phase)


def _on_view(catalog: Catalog, view: Key) -> Iterator[Key]:
    """Yield the triggers, rules and indexes of a view, which go with it."""
    for key, fact in catalog.facts.items():
        part = key.kind in {Kind.TRIGGER, Kind.RULE} and relation_of(catalog, key) == view
        if part or (key.kind is Kind.INDEX and getattr(fact, "table", None) in {view, view._replace(kind=Kind.TABLE)}):
            yield key


def _new_of_name(change: Change, situation: Situation) -> list[Key]:
    """Return what is new under the name of something that goes."""
    key = change.key
    return [found for found in situation.new_keys if found.schema == key.schema and found.name == key.name]


def _other_kind(change: Change, situation: Situation) -> Planned:
    """Return the exchange of a view for a materialised one of its name, or back, with what depends on it."""
    key = change.key
    other = key._replace(kind=_OTHER[key.kind])
    users = dependents(situation.before, [key], WITH_EXPRESSIONS)[0]
    kept = [user for user in users if user.kind is not Kind.INDEX]
    made_old, unmade_old = make_in_between(situation, [key, *users], new=False)
    made_new, unmade_new = make_in_between(situation, [other, *_on_view(situation.after, other), *kept], new=True)
    granted = [fact.key for fact in situation.after.of_type(Privileges) if fact.target == other]
    step = Step(
        key,
        (*unmade_old, *made_new),
        (*unmade_new, *made_old),
        phase=Phase.CONTRACT,
        title=label(key),
        locks=exclusive(key, *(user for user in users if user.kind in _OTHER)),
        new_sees=f"{label(key)} is a {key.kind} until contract",
    )
    keys = [key, other, *users, *_on_view(situation.after, other), *granted]
    return Planned((step,), changes_of(situation, keys) - {node_of(change)}, ready=Phase.CONTRACT)
