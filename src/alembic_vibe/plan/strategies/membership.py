"""Roles and who belongs to them (recipe 59). A role is shared by all databases of the server and never dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Membership, Role
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import AUTHORIZATION, Danger
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("59",)
_ATTRIBUTES = {
    "login": "LOGIN",
    "superuser": "SUPERUSER",
    "inherit": "INHERIT",
    "create_db": "CREATEDB",
    "create_role": "CREATEROLE",
    "replication": "REPLICATION",
    "bypass_rls": "BYPASSRLS",
}


def applies(change: Change, _situation: Situation) -> bool:
    """A role or membership that goes or differs, in more than its comment."""
    if change.kind is ChangeKind.ADD or change.key.kind not in {Kind.ROLE, Kind.MEMBERSHIP}:
        return False
    return not change.alters("comment")


def plan(change: Change, situation: Situation) -> Planned:
    """Change it for the whole server; leave a role that the spec no longer names."""
    one, other = change.before, change.after
    if isinstance(one, Membership):
        return _membership(one, other, situation)
    if not isinstance(one, Role) or not isinstance(other, Role):
        return Planned()
    name = one.key.name
    message = f"role {name} changes for all databases of the server at once"
    step = Step(
        change.key,
        tuple(_alter(one, other)),
        tuple(_alter(other, one)),
        phase=Phase.EXPAND,
        title=f"role {name}",
        old_sees=message,
        dangers=(Danger(AUTHORIZATION, name, message),),
    )
    return Planned((step,))


def _alter(one: Role, other: Role) -> Iterator[Operation]:
    role = Name(other.key.name)
    words = [
        word if getattr(other, field) else f"NO{word}"
        for field, word in _ATTRIBUTES.items()
        if getattr(other, field) != getattr(one, field)
    ]
    if other.connection_limit != one.connection_limit:
        words.append(f"CONNECTION LIMIT {other.connection_limit}")
    if words:
        yield execute("ALTER ROLE {role} {words}", role=role, words=Printed(" ".join(words)))
    old, new = (dict(setting.split("=", 1) for setting in fact.settings) for fact in (one, other))
    for parameter in sorted(old.keys() - new.keys()):
        yield execute("ALTER ROLE {role} RESET {parameter}", role=role, parameter=Name(parameter))
    for parameter, value in sorted(new.items()):
        if old.get(parameter) != value:
            sql = "ALTER ROLE {role} SET {parameter} TO {value}"
            yield execute(sql, role=role, parameter=Name(parameter), value=Literal(value))


def _membership(one: Membership, other: object, situation: Situation) -> Planned:
    makers = makers_by_kind()[Kind.MEMBERSHIP]
    made = makers.create(one, situation.old)
    title = f"{one.key.name} of {one.key.member}"
    if not isinstance(other, Membership):
        step = Step(one.key, made.down, made.up, phase=Phase.CONTRACT, title=f"revoke {title}")
        return Planned((step,), ready=Phase.CONTRACT)
    remade = makers.create(other, situation.new)
    wider = other.admin and not one.admin
    phase = Phase.EXPAND if wider else Phase.CONTRACT
    # The options of a membership only add up: it is revoked and granted anew, in one transaction.
    step = Step(one.key, (*made.down, *remade.up), (*remade.down, *made.up), phase=phase, title=f"grant {title}")
    return Planned((step,), ready=phase)
