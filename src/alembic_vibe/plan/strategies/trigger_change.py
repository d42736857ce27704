"""A trigger, rule or event trigger does something else, or acts at other times (recipe 53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import EventTrigger, Rule, Trigger
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive, execute, locks
from alembic_vibe.plan.definitions import or_replace
from alembic_vibe.plan.dependents import relation_of
from alembic_vibe.plan.described import comment, described, label, owner
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Lock, Phase, Step
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("53",)
_Fact = Trigger | Rule | EventTrigger
_ENABLE = {"origin": "ENABLE", "disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}


def applies(change: Change, _situation: Situation) -> bool:
    """One that differs in more than its comment or owner."""
    known = change.kind is ChangeKind.ALTER and isinstance(change.after, Trigger | Rule | EventTrigger)
    return known and not change.alters("comment", "owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Replace it before the next release, which may rely on it; both get it at once."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Trigger | Rule | EventTrigger)
    assert isinstance(new, Trigger | Rule | EventTrigger)
    name = label(change.key)
    dangers: tuple[Danger, ...] = ()
    taken: tuple[Lock, ...] = ()
    if not isinstance(new, EventTrigger):
        relation = relation_of(situation.after, change.key)
        message = f"both releases get the new {change.key.kind} {new.key.member} on {relation.qualified} at once"
        dangers = (Danger(SHARED_BEHAVIOUR, name, message),)
        weak = isinstance(new, Trigger) and not new.constraint and not _constraint(old) and new.enabled == old.enabled
        taken = locks(LockLevel.SHARE_ROW_EXCLUSIVE, relation) if weak else exclusive(relation)
    step = Step(
        change.key,
        tuple(_become(old, new, situation.old, situation.new)),
        tuple(_become(new, old, situation.new, situation.old)),
        phase=Phase.EXPAND,
        title=name,
        locks=taken,
        dangers=dangers,
    )
    return Planned((step,), changes_of(situation, [change.key]) - {node_of(change)})


def _constraint(fact: _Fact) -> bool:
    return isinstance(fact, Trigger) and fact.constraint


def _become(one: _Fact, other: _Fact, before: Context, after: Context) -> Iterator[Operation]:
    if isinstance(one, EventTrigger) and isinstance(other, EventTrigger):
        same = (one.event, one.function, one.tags) == (other.event, other.function, other.tags)
    else:
        same = getattr(one, "definition", None) == getattr(other, "definition", None)
    if not same and (isinstance(other, EventTrigger) or _constraint(one) or _constraint(other)):
        makers = makers_by_kind()[other.key.kind]
        yield from makers.create(one, before).down
        yield from makers.create(other, after).up
        return
    if not same and isinstance(other, Trigger | Rule):
        yield execute("{sql}", sql=Printed(or_replace(after.source.get(other.key, other.definition))))
    # CREATE OR REPLACE TRIGGER enables it; a rule stays as it was.
    now = "origin" if not same and isinstance(other, Trigger) else one.enabled
    if now != other.enabled:
        yield _enable(other)
    if one.comment != other.comment:
        yield comment(other.key, other)
    if isinstance(one, EventTrigger) and isinstance(other, EventTrigger) and one.owner != other.owner:
        yield owner(other.key, other)


def _enable(fact: _Fact) -> Operation:
    verb = Printed(_ENABLE[fact.enabled])
    what, target = described(fact.key, fact)
    if isinstance(fact, EventTrigger):
        return execute("ALTER {what} {target} {verb}", what=what, target=target, verb=verb)
    table, name = name_of(table_of(fact.key)), Name(fact.key.member)
    return execute("ALTER TABLE {table} {verb} {what} {name}", table=table, verb=verb, what=what, name=name)
