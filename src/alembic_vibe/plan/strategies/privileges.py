"""Other privileges (recipe 59): given before the next release, taken away when the old one is gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import DefaultPrivileges, Privileges
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.described import label
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.situation import Planned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("59",)
_Fact = Privileges | DefaultPrivileges


def applies(change: Change, _situation: Situation) -> bool:
    """Any change of privileges that is not a plain GRANT on a new object."""
    return change.key.kind in {Kind.PRIVILEGES, Kind.DEFAULT_PRIVILEGES}


def plan(change: Change, situation: Situation) -> Planned:
    """Grant first, revoke last; what goes takes its privileges with it, and who becomes the owner needs none."""
    old, new = change.before, change.after
    fact = new or old
    assert isinstance(fact, Privileges | DefaultPrivileges)
    if isinstance(fact, Privileges) and new is None:
        column_gone = fact.column and fact.target.kind is Kind.TABLE and not _has_column(fact, situation)
        owner = getattr(situation.after.facts.get(fact.target), "owner", None)
        if fact.target not in situation.after.facts or column_gone or owner == fact.grantee:
            return Planned()
    bare = replace(fact, granted=(), grantable=(), revoked=())
    one = old if isinstance(old, Privileges | DefaultPrivileges) else bare
    other = new if isinstance(new, Privileges | DefaultPrivileges) else bare
    name = _title(fact)
    given = tuple(_given(one, other, situation))
    taken = tuple(_given(other, one, situation))
    back = tuple(_taken(one, other, situation))
    away = tuple(_taken(other, one, situation))
    steps = []
    if given:
        steps.append(Step(fact.key, given, back, phase=Phase.EXPAND, title=f"grant {name}"))
    if away:
        seen = f"{fact.grantee} may no longer do what only the old release does"
        steps.append(Step(fact.key, away, taken, phase=Phase.CONTRACT, title=f"revoke {name}", old_sees=seen))
    return Planned(tuple(steps), ready=Phase.CONTRACT if away else Phase.EXPAND)


def _given(one: _Fact, other: _Fact, situation: Situation) -> Iterator[Operation]:
    """Yield what grants all that ``other`` allows and ``one`` does not."""
    granted = tuple(sorted({*other.granted, *one.revoked} - {*one.granted} - {*other.revoked}))
    option = tuple(sorted({*other.grantable} - {*one.grantable}))
    if granted or option:
        yield from _made(
            replace(other, granted=tuple(sorted({*granted, *option})), grantable=option, revoked=()), situation
        )


def _taken(one: _Fact, other: _Fact, situation: Situation) -> Iterator[Operation]:
    """Yield what takes away again what ``_given`` gives."""
    revoked = tuple(sorted({*other.granted, *one.revoked} - {*one.granted} - {*other.revoked}))
    if revoked:
        yield from _made(replace(other, granted=(), grantable=(), revoked=revoked), situation)
        yield from _columns_again(other, set(revoked), situation)
    option = tuple(sorted({*other.grantable} - {*one.grantable} - {*revoked}))
    if option:
        for operation in _made(replace(other, granted=(), grantable=(), revoked=option), situation):
            for sql in operation.statements:
                yield Execute(sql.replace("REVOKE ", "REVOKE GRANT OPTION FOR ", 1))


def _columns_again(fact: _Fact, names: set[str], situation: Situation) -> Iterator[Operation]:
    """Yield what grants on columns again: REVOKE on a table takes it from its columns too (manual, REVOKE)."""
    if not isinstance(fact, Privileges) or fact.column:
        return
    for found in situation.after.of_type(Privileges):
        if found.target != fact.target or found.grantee != fact.grantee or not found.column:
            continue
        again = replace(
            found,
            granted=tuple(name for name in found.granted if name in names),
            grantable=tuple(name for name in found.grantable if name in names),
            revoked=(),
        )
        if again.granted:
            yield from _made(again, situation)


def _made(fact: _Fact, situation: Situation) -> tuple[Operation, ...]:
    return makers_by_kind()[fact.key.kind].create(fact, situation.new).up


def _has_column(fact: Privileges, situation: Situation) -> bool:
    table = situation.after.facts.get(fact.target)
    return any(column.name == fact.column for column in getattr(table, "columns", ()))


def _title(fact: _Fact) -> str:
    if isinstance(fact, DefaultPrivileges):
        return f"defaults for {fact.grantee}"
    on = f"{label(fact.target)}.{fact.column}" if fact.column else label(fact.target)
    return f"{on} to {fact.grantee}"
