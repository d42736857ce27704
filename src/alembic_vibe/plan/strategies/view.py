"""A view gets another query, other columns or other settings (recipes 54 and 55)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import AUTHORIZATION, SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive, execute
from alembic_vibe.plan.definitions import must_be_remade, only_appends, or_replace, outline, union_query
from alembic_vibe.plan.dependents import recreate, stable_sources
from alembic_vibe.plan.described import comment, label, owner
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import comment_on, name_of, storage_parameters
from alembic_vibe.plan.swap import group_of, swap
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.columns import Options
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("54", "55")


def applies(change: Change, _situation: Situation) -> bool:
    """One that differs in more than its comment or owner."""
    known = change.kind is ChangeKind.ALTER and change.key.kind is Kind.VIEW
    return known and not change.alters("comment", "owner")


def plan(change: Change, situation: Situation) -> Planned:
    """Replace it where it keeps its columns; else give it both releases' columns, and the new ones alone in the end."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, View)
    assert isinstance(new, View)
    if must_be_remade(change):
        return _remade(change, old, new, situation)
    same = old.query == new.query
    phase = Phase.EXPAND if same else Phase.MIGRATE
    step = Step(
        change.key,
        tuple(_replaced(old, new, situation.new, same=same)),
        _undone(old, new, situation, same=same),
        phase=phase,
        title=label(change.key),
        locks=exclusive(change.key),
        dangers=tuple(_dangers(old, new)),
    )
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    return Planned((step,), takes, ready=phase)


def _dangers(old: View, new: View) -> Iterator[Danger]:
    name = label(new.key)
    if old.query != new.query and not only_appends(old, new):
        message = f"both releases get the new rows and values of {name} at once"
        yield Danger(SHARED_BEHAVIOUR, name, message)
    if dict(old.options).get("security_invoker") != dict(new.options).get("security_invoker"):
        whose = "the caller" if dict(new.options).get("security_invoker") == "true" else "its owner"
        yield Danger(AUTHORIZATION, name, f"{name} reads its tables with the rights of {whose}")


def _undone(old: View, new: View, situation: Situation, *, same: bool) -> tuple[Operation, ...]:
    """Return what restores the old view: by dropping it, where it has fewer columns."""
    if outline(old) == outline(new):
        return tuple(_replaced(new, old, situation.old, same=same))
    found = recreate(situation, [old.key], with_roots=True)
    return (*found.drops, *found.creates_old)


def _replaced(one: View, other: View, context: Context, *, same: bool) -> Iterator[Operation]:
    """Yield what makes one view of another that keeps its columns."""
    if same:
        yield from _options(other.key, one.options, other.options)
    else:
        source = stable_sources(context.source).get(other.key)
        yield execute("{sql}", sql=Printed(or_replace(source) if source else replaced(other, other.query)))
    yield from _columns(one, other)
    if one.comment != other.comment:
        yield comment(other.key, other)
    if one.owner != other.owner:
        yield owner(other.key, other)


def replaced(view: View, query: str) -> str:
    """Return CREATE OR REPLACE VIEW with some query."""
    options = compose(" WITH {options}", options=storage_parameters(view.options)) if view.options else ""
    sql = "CREATE OR REPLACE VIEW {name}{options} AS\n{query}"
    return compose(sql, name=name_of(view.key), options=Printed(options), query=Printed(query))


def _options(view: Key, one: Options, other: Options) -> Iterator[Operation]:
    old, new = dict(one), dict(other)
    changed = tuple((name, value) for name, value in other if old.get(name) != value)
    gone = [Name(name) for name in old if name not in new]
    if changed:
        yield execute("ALTER VIEW {view} SET {options}", view=name_of(view), options=storage_parameters(changed))
    if gone:
        yield execute("ALTER VIEW {view} RESET ({gone})", view=name_of(view), gone=Printed(", ".join(map(str, gone))))


def _columns(one: View, other: View) -> Iterator[Operation]:
    """Yield other defaults and comments of columns."""
    old = {column.name: column for column in one.columns}
    view = name_of(other.key)
    for column in other.columns:
        was = old.get(column.name)
        name = Name(column.name)
        if column.default is not None and (was is None or was.default != column.default):
            sql = "ALTER VIEW {view} ALTER COLUMN {name} SET DEFAULT {default}"
            yield execute(sql, view=view, name=name, default=Printed(column.default))
        if was is not None and was.default is not None and column.default is None:
            yield execute("ALTER VIEW {view} ALTER COLUMN {name} DROP DEFAULT", view=view, name=name)
        target = Printed(f"{view}.{name}")
        if was is None:
            yield from comment_on("COLUMN", target, column.comment)
        elif was.comment != column.comment:
            text = Literal(column.comment) if column.comment is not None else Printed("NULL")
            yield execute("COMMENT ON COLUMN {target} IS {text}", target=target, text=text)


def _remade(change: Change, old: View, new: View, situation: Situation) -> Planned:
    planned = swap(change, situation)
    if group_of(change, situation) != [change.key] or not planned.steps:
        return planned
    final = planned.steps[0]
    query = union_query(old, new)
    if query is None:
        fits = {column[0] for column in outline(new)} <= {column[0] for column in outline(old)}
        return replace(planned, steps=(replace(final, new_sees=final.new_sees if not fits else ""),))
    both = execute("{sql}", sql=Printed(replaced(old, query)))
    found = recreate(situation, [old.key], with_roots=True)
    first = Step(
        change.key,
        (both,),
        (*found.drops, *found.creates_old),
        phase=Phase.MIGRATE,
        title=label(change.key),
        locks=exclusive(change.key),
        notes=("Until contract, the view has the columns of both releases.",),
    )
    final = replace(final, down=(*final.down, both), new_sees="")
    return replace(planned, steps=(first, final))
