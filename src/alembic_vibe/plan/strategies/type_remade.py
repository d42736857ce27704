"""Another base type of a domain, other attributes, another range: the type is made anew (recipes 38 and 39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Composite, Domain
from alembic_vibe.hazards import DATA_LOSS, TABLE_REWRITE, Danger
from alembic_vibe.plan.attributes import is_remade
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive, shown
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.swap import another_name
from alembic_vibe.plan.type_swap import STUCK, swap_type
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("38", "39")


def applies(change: Change, situation: Situation) -> bool:
    """What ALTER DOMAIN and ALTER TYPE cannot do."""
    return is_remade(change, situation)


def plan(change: Change, situation: Situation) -> Planned:
    """Convert the columns when the old release is gone; it reads and writes the old type until then."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    name = label(change.key)
    swap = swap_type(situation, change.key, _using(old, new), _using(new, old))
    if swap.stuck:
        message = f"{change.key} has to be made anew, but {swap.stuck[0]} is built on it"
        return Planned(undecided=(STUCK.diagnostic(message, help=another_name(change.key)),))
    tables = ", ".join(shown(table) for table in swap.tables)
    dangers = []
    if swap.tables:
        dangers.append(Danger(TABLE_REWRITE, name, f"{tables} is rewritten while nobody can read or write it"))
    gone = _gone(old, new)
    if gone and swap.tables:
        dangers.append(Danger(DATA_LOSS, name, f"the values of {', '.join(gone)} in {tables} are gone for good"))
    added = _gone(new, old)
    lost = ", ".join(f"the values of {name}.{found}" for found in added) if swap.tables else ""
    step = Step(
        change.key,
        swap.up,
        swap.down,
        phase=Phase.CONTRACT,
        title=name,
        locks=exclusive(*swap.locked),
        rewrites=swap.tables,
        loses=lost,
        new_sees=f"{name} has its old form until contract",
        dangers=tuple(dangers),
    )
    takes = (changes_of(situation, [change.key]) | swap.takes) - {node_of(change)}
    return Planned((step,), takes, ready=Phase.CONTRACT)


def _gone(old: object, new: object) -> list[str]:
    if not isinstance(old, Composite) or not isinstance(new, Composite):
        return []
    kept = {attribute.name for attribute in new.attributes}
    return [attribute.name for attribute in old.attributes if attribute.name not in kept]


def _using(one: object, other: object) -> Callable[[Name, Column], str]:
    """Return what makes a value of one form of the type a value of the other."""

    def using(name: Name, column: Column) -> str:
        brackets = "[]" if column.type.array else ""
        if isinstance(other, Domain):
            return f"{name}::{other.type.text}{brackets}::{column.type.text}"
        if isinstance(one, Composite) and isinstance(other, Composite):
            return _row(name, column, one, other)
        return f"{name}::text{brackets}::{column.type.text}"

    return using


def _row(name: Name, column: Column, one: Composite, other: Composite) -> str:
    known = {attribute.name for attribute in one.attributes}
    parts = [
        compose("({name}).{attribute}::{type}", name=name, attribute=Name(found.name), type=Printed(found.type.text))
        if found.name in known
        else "NULL"
        for found in other.attributes
    ]
    return compose(
        "CASE WHEN {name} IS DISTINCT FROM NULL THEN ROW({parts})::{type} END",
        name=name,
        parts=Printed(", ".join(parts)),
        type=Printed(column.type.text),
    )
