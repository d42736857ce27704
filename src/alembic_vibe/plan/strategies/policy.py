"""A policy comes or changes (recipe 58): looser before the next release, tighter when the old one is gone.

PostgreSQL lets a row through when one permissive policy does (manual, CREATE POLICY). So where it cannot be said which
of two is looser, ``old OR new`` holds between both phases: as an expression, or as two policies side by side.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Policy, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import AUTHORIZATION, Danger
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive, execute, vibe_name
from alembic_vibe.plan.described import comment, described, label
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("57", "58")


def applies(change: Change, _situation: Situation) -> bool:
    """A policy that is new, or differs in more than its comment."""
    if change.key.kind is not Kind.POLICY or change.kind is ChangeKind.DROP:
        return False
    return change.kind is ChangeKind.ADD or not change.alters("comment")


def plan(change: Change, situation: Situation) -> Planned:
    """Choose the phase by what it does to the rows that can be seen and written."""
    found = _planned(change, situation)
    return replace(found, takes=changes_of(situation, [change.key]) - {node_of(change)})


def _planned(change: Change, situation: Situation) -> Planned:
    new = situation.new_fact(change.key)
    old = situation.old_fact(change.key)
    assert isinstance(new, Policy)
    if not isinstance(old, Policy):
        return _add(new, situation)
    if not _in_force(change, situation):
        return _at_once(old, new, Phase.EXPAND, situation)
    if (old.permissive, old.command) == (new.permissive, new.command):
        phase = _direction(old, new)
        if phase is not None:
            return _at_once(old, new, phase, situation)
        if set(old.roles) == set(new.roles):
            return _old_or_new(old, new, situation)
    if old.permissive and new.permissive:
        return _side_by_side(old, new, situation)
    name = label(new.key)
    message = f"policy {name} lets other rows through than before, and which of them more or fewer is not known"
    return _at_once(old, new, Phase.CONTRACT, situation, Danger(AUTHORIZATION, name, message))


def _in_force(change: Change, situation: Situation) -> bool:
    """Whether row-level security was on already; it goes on in contract only."""
    table = situation.before.facts.get(table_of(change.key))
    return isinstance(table, Table) and table.row_security


def _add(policy: Policy, situation: Situation) -> Planned:
    table = situation.before.facts.get(table_of(policy.key))
    closing = not policy.permissive and isinstance(table, Table) and table.row_security
    phase = Phase.CONTRACT if closing else Phase.EXPAND
    made = makers_by_kind()[Kind.POLICY].create(policy, situation.new)
    step = replace(made, phase=phase, title=label(policy.key), locks=exclusive(table_of(policy.key)))
    return Planned((step,), ready=phase)


def _direction(old: Policy, new: Policy) -> Phase | None:
    """Return the phase of a change that only opens or only closes; ``None`` if neither is known."""
    if (_using(old), _check(old)) != (_using(new), _check(new)):
        if set(old.roles) != set(new.roles):
            return None
        pairs = [(_using(old), _using(new)), (_check(old), _check(new))]
        differing = [(one, other) for one, other in pairs if one != other]
        if all(other == "true" for _, other in differing):
            return Phase.EXPAND
        return Phase.CONTRACT if all(one == "true" for one, _ in differing) else None
    more = "public" in new.roles or set(old.roles) <= set(new.roles)
    fewer = "public" in old.roles or set(new.roles) <= set(old.roles)
    if more and fewer:
        return Phase.EXPAND
    if not more and not fewer:
        return None
    return Phase.EXPAND if more is new.permissive else Phase.CONTRACT


def _using(policy: Policy) -> str:
    return policy.using or ("" if policy.command == "INSERT" else "true")


def _check(policy: Policy) -> str:
    """Return what new rows must satisfy: USING, where nothing else is said (manual, CREATE POLICY)."""
    if policy.command in {"SELECT", "DELETE"}:
        return ""
    return policy.check or policy.using or "true"


# -- sequences of steps ----------------------------------------------------------------------------------------------


def _at_once(old: Policy, new: Policy, phase: Phase, situation: Situation, *dangers: Danger) -> Planned:
    step = Step(
        new.key,
        _become(old, new, situation),
        _become(new, old, situation),
        phase=phase,
        title=label(new.key),
        locks=exclusive(table_of(new.key)),
        dangers=dangers,
    )
    return Planned((step,), ready=phase)


def _old_or_new(old: Policy, new: Policy, situation: Situation) -> Planned:
    """Let through what either does, as one expression."""
    with_check = old.check is not None or new.check is not None
    between = replace(
        new,
        using=_either(old.using, new.using),
        check=_either(old.check or old.using, new.check or new.using) if with_check else None,
        comment=old.comment,
    )
    name = label(new.key)
    first = Step(
        new.key,
        _become(old, between, situation),
        _become(between, old, situation),
        phase=Phase.EXPAND,
        title=name,
        locks=exclusive(table_of(new.key)),
        notes=("Until contract, rows that satisfy the old or the new condition are let through.",),
    )
    second = Step(
        new.key,
        _become(between, new, situation),
        _become(new, between, situation),
        phase=Phase.CONTRACT,
        title=name,
        locks=exclusive(table_of(new.key)),
    )
    return Planned((first, second), ready=Phase.CONTRACT)


def _either(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return None
    return one if one == other else compose("({one}) OR ({other})", one=Printed(one), other=Printed(other))


def _side_by_side(old: Policy, new: Policy, situation: Situation) -> Planned:
    """Let through what either does, as two policies; the new one takes the name when the old one goes."""
    table = name_of(table_of(new.key))
    beside = replace(new, key=new.key._replace(member=vibe_name(new.key.member)), comment=None)
    name, other = Name(new.key.member), Name(beside.key.member)
    made = makers_by_kind()[Kind.POLICY].create(beside, situation.new)
    restored = makers_by_kind()[Kind.POLICY].create(old, situation.old)
    rename = "ALTER POLICY {one} ON {table} RENAME TO {other}"
    said = () if new.comment is None else (comment(new.key, new),)
    unsaid = () if new.comment is None else (comment(new.key, replace(new, comment=None)),)
    first = Step(
        new.key,
        made.up,
        made.down,
        phase=Phase.EXPAND,
        title=label(new.key),
        locks=exclusive(table_of(new.key)),
        notes=("Until contract, what either of both policies lets through can be seen and written.",),
    )
    second = Step(
        new.key,
        (*restored.down, execute(rename, one=other, table=table, other=name), *said),
        (*unsaid, execute(rename, one=name, table=table, other=other), *restored.up),
        phase=Phase.CONTRACT,
        title=label(new.key),
        locks=exclusive(table_of(new.key)),
    )
    return Planned((first, second), ready=Phase.CONTRACT)


def _become(one: Policy, other: Policy, situation: Situation) -> tuple[Operation, ...]:
    """Return what makes one policy of another, its comment included."""
    lost = (one.using is not None and other.using is None) or (one.check is not None and other.check is None)
    if lost or (one.permissive, one.command) != (other.permissive, other.command):
        context = replace(situation.new, source={})
        makers = makers_by_kind()[Kind.POLICY]
        return (*makers.create(one, context).down, *makers.create(other, context).up)
    parts = []
    if set(one.roles) != set(other.roles):
        roles = [Printed("PUBLIC") if role == "public" else Name(role) for role in other.roles]
        parts.append(compose("TO {roles}", roles=roles))
    if one.using != other.using:
        parts.append(compose("USING ({using})", using=Printed(other.using or "")))
    if one.check != other.check:
        parts.append(compose("WITH CHECK ({check})", check=Printed(other.check or "")))
    what, target = described(other.key, other)
    said = () if one.comment == other.comment else (comment(other.key, other),)
    if not parts:
        return said
    return (execute("ALTER {what} {target} {parts}", what=what, target=target, parts=Printed(" ".join(parts))), *said)
