"""A wider type of the same bytes (recipe 9): only the catalog changes; what would be read or built is kept apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, Index, Table
from alembic_vibe.hazards import BLOCKING_SCAN, Danger
from alembic_vibe.plan.blocks import alter, create_index, drop_index, shown, validate
from alembic_vibe.plan.casting import Fit, fit
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.retype import retype_step
from alembic_vibe.plan.retyping import Route, fitted, is_retyping, reworded, route
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import comment_on, name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("9",)


def applies(change: Change, situation: Situation) -> bool:
    """A type that holds the same values and more, in the same bytes."""
    return is_retyping(change) and route(change, situation) is Route.WIDEN


def plan(change: Change, situation: Situation) -> Planned:
    """Alter it before the new release; indexes over expressions are built, and CHECKs validated, beside writers."""
    table, name = table_of(change.key), change.key.member
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    what = shown(table, name)
    title = f"{what} to {new.type.text}"
    indexes, checks = fitted(table, name, situation)
    fact = situation.before.facts.get(table)
    simple = isinstance(fact, Table) and fact.partition_key is None and fact.partition_of is None
    apart = [index for index in indexes if simple and not index.unique]
    built = [index for index in indexes if index not in apart]
    kept = {index.key for index in apart} | {check.key for check in checks}
    remake = [key for key in reworded([change.key], situation) if key not in kept]
    step, takes = retype_step([change.key], situation, using={}, phase=Phase.EXPAND, title=title, remake=remake)
    takes |= {node_of(found) for found in situation.changes if found.key in kept}
    step = replace(
        step,
        up=(*_without(checks), *step.up, *_again(checks, situation, new=True)),
        down=(*_without(_now(checks, situation)), *step.down, *_again(checks, situation, new=False)),
        scans=(table,) if built else (),
        dangers=tuple(
            Danger(BLOCKING_SCAN, what, f"{index.key.name} is built while nobody can write") for index in built
        ),
        loses=f"what of {what} does not fit into {old.type.text}" if _is_cut(old, new) else "",
        old_sees="longer values, once the new release writes them; prepared statements fail once in each session",
    )
    steps: list[Step] = [drop_index(index, Phase.EXPAND) for index in apart]
    steps.append(step)
    for index in apart:
        wanted = situation.new_fact(index.key)
        if isinstance(wanted, Index):
            steps.append(create_index(wanted, Phase.EXPAND))
    steps += [validate(check, Phase.EXPAND) for check in _now(checks, situation) if check.validated]
    return Planned(tuple(steps), takes=takes - {node_of(change)})


def _is_cut(old: Column, new: Column) -> bool:
    """Whether the downgrade cuts or rounds values of the new type."""
    return fit(new.type, old.type) is Fit.NARROWER


def _now(checks: list[Constraint], situation: Situation) -> list[Constraint]:
    found = [situation.new_fact(check.key) for check in checks]
    return [check for check in found if isinstance(check, Constraint)]


def _without(checks: list[Constraint]) -> list[Operation]:
    return [alter(check.table, "DROP CONSTRAINT {name}", name=Name(check.name)) for check in checks]


def _again(checks: list[Constraint], situation: Situation, *, new: bool) -> list[Operation]:
    """Add the CHECKs for new rows; the downgrade adds them for all rows, as they were."""
    result: list[Operation] = []
    for check in _now(checks, situation) if new else checks:
        definition = Printed(check.definition.removesuffix(" NOT VALID") + " NOT VALID" if new else check.definition)
        result.append(
            alter(check.table, "ADD CONSTRAINT {name} {definition}", name=Name(check.name), definition=definition)
        )
        target = Printed(f"{Name(check.name)} ON {name_of(check.table)}")
        result.extend(comment_on("CONSTRAINT", target, check.comment))
    return result
