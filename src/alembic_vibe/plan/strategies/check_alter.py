"""A CHECK with another condition (recipe 21).

More values in its list are looser, and come before the new release; fewer are tighter, and come after the old one. What
cannot be told is either of both until the old release is gone, and then the new one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import alter, shown, vibe_name
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.constraints import (
    build_checked,
    comments,
    constraint_change,
    drop_if_exists,
    locks_of,
    satisfied,
)
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("21",)
# A list as PostgreSQL prints it: IN (…) and = ANY (…) become ARRAY['a'::text, …].
_LIST = re.compile(r"ARRAY\[((?:'(?:[^']|'')*'(?:::[\w\s\"]+)?(?:, )?)+)\]")
_ITEM = re.compile(r"'(?:[^']|'')*'")


def applies(change: Change, situation: Situation) -> bool:
    """Both are CHECKs, and differ in more than that the rows have been checked."""
    return (
        constraint_change(change, situation, ChangeKind.ALTER, ConstraintKind.CHECK)
        and isinstance(change.before, Constraint)
        and change.before.kind == ConstraintKind.CHECK
        and bool({"expression", "enforced", "no_inherit"} & set(change.altered_fields))
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Let through what either release writes, until only the new one is there."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Constraint)
    assert isinstance(new, Constraint)
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    what, table = f"{shown(new.table)}: {new.name}", new.table
    old_catalog, new_catalog = situation.old_words, situation.new_words
    parts = {
        "mode": Mode.AUTOCOMMIT,
        "locks": locks_of(new, situation.before),
        "scans": family(table, situation.before),
    }
    first = Step(change.key, (), title=f"{new.name} loosened", **parts)  # type: ignore[arg-type]
    last = replace(first, phase=Phase.CONTRACT, title=new.name)
    kept = "Where rows do not satisfy the old condition by then, the downgrade adds it as NOT VALID."
    if not old.enforced or not new.enforced or old.expression == new.expression:
        # Nothing lies between a condition and none.
        step = replace(
            last if new.enforced else first,
            up=tuple(build_checked(new, new_catalog)),
            down=tuple(build_checked(old, old_catalog, lenient=True)),
            title=new.name,
            verify=satisfied(new) if new.enforced and new.validated else (),
            notes=(kept,) if old.enforced else (),
        )
        return Planned((step,), takes=takes, ready=step.phase)
    assert isinstance(change.before, Constraint)
    assert isinstance(change.after, Constraint)
    looser, tighter = is_looser(change.before, change.after), is_looser(change.after, change.before)
    if looser or tighter:
        step = replace(
            first if looser else last,
            up=_swap(new, new_catalog),
            down=_swap(old, old_catalog, lenient=True),
            verify=satisfied(new) if tighter and new.validated else (),
            notes=(kept,) if looser else (),
            old_sees="" if looser else f"rows that do not satisfy the new {new.name} are refused",
        )
        return Planned((step,), takes=takes, ready=step.phase)
    stand_in = vibe_name("either", new.name)
    either = _either(old, new)
    make_either = tuple(build_checked(either, new_catalog, stand_in))
    expand = replace(
        first,
        up=(*make_either, drop_if_exists(table, old.name)),
        down=(*build_checked(old, old_catalog, lenient=True), drop_if_exists(table, stand_in)),
        notes=(f"Until contract, {stand_in} lets through what satisfies the old or the new {what}.", kept),
    )
    contract = replace(
        last,
        up=(*build_checked(new, new_catalog), drop_if_exists(table, stand_in)),
        down=(*make_either, drop_if_exists(table, new.name)),
        verify=satisfied(new) if new.validated else (),
    )
    return Planned((expand, contract), takes=takes, ready=Phase.CONTRACT)


def is_looser(one: Constraint, other: Constraint) -> bool:
    """Whether the second condition is the first one with more values in its only list; ``False`` if unclear."""
    first, second = one.expression or "", other.expression or ""
    lists = [_LIST.findall(text) for text in (first, second)]
    if len(lists[0]) != 1 or len(lists[1]) != 1 or _LIST.sub("", first) != _LIST.sub("", second):
        return False
    return set(_ITEM.findall(lists[0][0])) <= set(_ITEM.findall(lists[1][0]))


def _swap(fact: Constraint, catalog: Catalog, *, lenient: bool = False) -> tuple[Operation, ...]:
    """Return what builds a CHECK beside the one of its name, and puts it in its place: one of them always holds."""
    stand_in = vibe_name("new", fact.name)
    rename = alter(fact.table, "RENAME CONSTRAINT {stand_in} TO {name}", stand_in=Name(stand_in), name=Name(fact.name))
    built = build_checked(fact, catalog, stand_in, lenient=lenient)
    return (*built, drop_if_exists(fact.table, fact.name), rename, *comments(fact))


def _either(old: Constraint, new: Constraint) -> Constraint:
    condition = f"({old.expression}) OR ({new.expression})"
    no_inherit = " NO INHERIT" if old.no_inherit or new.no_inherit else ""
    return replace(
        new,
        definition=f"CHECK ({condition}){no_inherit}",
        expression=condition,
        validated=old.validated,
        comment=None,
    )
