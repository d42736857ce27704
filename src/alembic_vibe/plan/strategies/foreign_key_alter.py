"""A foreign key with other actions or settings, or to something else (recipe 27)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import alter, exclusive, shown, vibe_name
from alembic_vibe.plan.constraints import (
    build_checked,
    comments,
    constraint_change,
    drop_if_exists,
    drop_step,
    locks_of,
    together,
)
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.strategies.foreign_key_add import add_foreign_key
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("27",)
_WHEN = ("deferrable", "initially_deferred", "definition")
_ACTIONS = (*_WHEN, "on_update", "on_delete", "on_delete_columns")


def applies(change: Change, situation: Situation) -> bool:
    """Both are foreign keys, and differ in more than that the rows have been checked."""
    return (
        constraint_change(change, situation, ChangeKind.ALTER, ConstraintKind.FOREIGN)
        and isinstance(change.before, Constraint)
        and change.before.kind == ConstraintKind.FOREIGN
        and not change.alters("comment")
        and not change.alters("clustered")
        and not (change.alters("validated", "definition") and "validated" in change.altered_fields)
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Say in place when it is checked; put another one with other actions beside it first; else drop and add."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Constraint)
    assert isinstance(new, Constraint)
    if change.alters(*_WHEN):
        up, down = _when(new), _when(old)
        step = Step(change.key, (up,), (down,), title=new.name, locks=exclusive(new.table))
        return Planned((step,))
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    if not change.alters(*_ACTIONS):
        steps = (drop_step(old, situation), *add_foreign_key(new, Phase.CONTRACT, situation))
        return Planned(steps, takes=takes, ready=Phase.CONTRACT)
    message = f"both releases get {_actions(new)} instead of {_actions(old)} at once"
    what = f"{shown(new.table)}.{new.name}"
    step = Step(
        change.key,
        tuple(_swap(new, situation.new_words)),
        tuple(_swap(old, situation.old_words, lenient=True)),
        mode=Mode.AUTOCOMMIT,
        title=new.name,
        locks=locks_of(new, situation.before),
        scans=(new.table,),
        old_sees=f"{_actions(new)} of {new.name}",
        dangers=(Danger(SHARED_BEHAVIOUR, what, message),),
    )
    return Planned((step,), takes=takes)


def _when(fact: Constraint) -> Operation:
    words = "NOT DEFERRABLE"
    if fact.deferrable:
        words = "DEFERRABLE INITIALLY DEFERRED" if fact.initially_deferred else "DEFERRABLE INITIALLY IMMEDIATE"
    return alter(fact.table, "ALTER CONSTRAINT {name} {words}", name=Name(fact.name), words=Printed(words))


def _actions(fact: Constraint) -> str:
    return f"ON DELETE {fact.on_delete} ON UPDATE {fact.on_update}"


def _swap(fact: Constraint, catalog: Catalog, *, lenient: bool = False) -> tuple[Operation, ...]:
    """Return what puts a foreign key in the place of its namesake; until then, the old one's action wins."""
    name = vibe_name("new", fact.name)
    rename = alter(fact.table, "RENAME CONSTRAINT {name} TO {own}", name=Name(name), own=Name(fact.name))
    return (
        *build_checked(fact, catalog, name, lenient=lenient),
        together([drop_if_exists(fact.table, fact.name), rename]),
        *comments(fact),
    )
