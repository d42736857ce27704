"""Triggers and event triggers (recipe 53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import EventTrigger, Fact, Trigger
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import comment_on, name_of, owner_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.plan.context import Context

KINDS = (Kind.TRIGGER, Kind.EVENT_TRIGGER)
_ENABLE = {"disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}


def create(fact: Fact, context: Context) -> Step:
    """Return the step that makes a trigger."""
    if isinstance(fact, EventTrigger):
        return _event_trigger(fact)
    assert isinstance(fact, Trigger)
    table = name_of(Key(Kind.TABLE, fact.key.schema, fact.key.name))
    name = Name(fact.key.member)
    up = [Execute(context.source.get(fact.key, fact.definition))]
    if fact.enabled in _ENABLE:
        sql = "ALTER TABLE {table} {verb} TRIGGER {name}"
        up.append(Execute(compose(sql, table=table, verb=Printed(_ENABLE[fact.enabled]), name=name)))
    up.extend(comment_on("TRIGGER", Printed(f"{name} ON {table}"), fact.comment))
    return Step(fact.key, tuple(up), (Execute(compose("DROP TRIGGER {name} ON {table}", name=name, table=table)),))


def _event_trigger(fact: EventTrigger) -> Step:
    name = Name(fact.key.name)
    tags = compose(" WHEN TAG IN ({tags})", tags=[Literal(tag) for tag in fact.tags]) if fact.tags else ""
    sql = compose(
        "CREATE EVENT TRIGGER {name} ON {event}{tags} EXECUTE FUNCTION {function}()",
        name=name,
        event=Name(fact.event),
        tags=Printed(tags),
        function=Printed(fact.function),
    )
    up = [Execute(sql)]
    if fact.enabled in _ENABLE:
        verb = Printed(_ENABLE[fact.enabled])
        up.append(Execute(compose("ALTER EVENT TRIGGER {name} {verb}", name=name, verb=verb)))
    up.extend(comment_on("EVENT TRIGGER", name, fact.comment))
    up.extend(owner_of("EVENT TRIGGER", name, fact.owner))
    return Step(fact.key, tuple(up), (Execute(compose("DROP EVENT TRIGGER {name}", name=name)),))
