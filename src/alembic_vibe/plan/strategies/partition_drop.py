"""A partition of a table that stays goes (recipe 48): it is detached, set aside as any table, and dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.plan.belongings import (
    belongings,
    changes_of,
    family,
    is_outgoing,
    make,
    make_code,
    remake_aside,
    set_aside,
    standalone,
    unmake_code,
    ups,
)
from alembic_vibe.plan.blocks import alter, exclusive, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.operations import DropTable
from alembic_vibe.plan.partitions import detach_steps, is_rebuilt, redivision
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("48",)


def applies(change: Change, situation: Situation) -> bool:
    """A partition of a table that stays partitioned, whose rows no other partition takes over."""
    table = change.before
    if change.kind is not ChangeKind.DROP or not isinstance(table, Table) or change.key.kind is not Kind.TABLE:
        return False
    parent = table.partition_of
    if parent is None or parent not in situation.after.facts or is_rebuilt(parent, situation):
        return False
    found = redivision(parent, situation)
    return found is None or change.key not in found.before


def plan(change: Change, situation: Situation) -> Planned:
    """Detach it, set it aside with its rows; drop it for good."""
    words = situation.old_words
    table = words.table(change.key)
    parent = table.partition_of
    assert parent is not None
    tables = [key for key in family(words, table.key) if key not in situation.after.facts]
    alone = standalone(words, table.key)
    aside = set_aside(tables, situation, alone)
    what = shown(table.key)
    outgoing = [
        key
        for key in belongings(alone, table.key)
        if is_outgoing(alone.facts[key]) and getattr(words.facts[key], "inherited", False)
    ]
    moving = Step(
        change.key,
        (
            *(alter(table.key, "DROP CONSTRAINT {name}", name=Name(key.member)) for key in outgoing),
            *(operation for key in tables for operation in unmake_code(key, words)),
            *aside.there,
        ),
        (
            *aside.back,
            *(operation for key in tables for operation in make_code(key, situation)),
            *ups(make(alone, {}, outgoing)),
        ),
        phase=Phase.CONTRACT,
        title=f"drop {what}",
        locks=exclusive(*tables, *(found for key in outgoing if (found := _target(alone.facts[key])))),
        old_sees=f"{what} does not exist any more",
        uses_vibe=True,
    )
    drop = compose("DROP TABLE {table}", table=name_of(aside.key))
    end = Step(
        change.key,
        (DropTable(aside.key, (drop,)),),
        remake_aside(aside, situation, alone),
        phase=Phase.PURGE,
        title=f"drop {what}",
        locks=exclusive(aside.key),
        loses=f"the rows of {what}",
        dangers=(Danger(DATA_LOSS, what, f"the rows of {what} are gone for good"),),
        uses_vibe=True,
    )
    first = detach_steps(table, situation, f"detach {what}")
    first = (replace(first[0], old_sees=f"the rows of {what} are no longer in {shown(parent)}"),)
    keys = [
        key
        for member in tables
        for key in (member, *belongings(words, member))
        if key not in situation.after.facts and (key in tables or not is_outgoing(words.facts[key]))
    ]
    takes = changes_of(situation, keys) - {node_of(change)}
    return Planned((*first, moving, end), takes=takes, ready=Phase.CONTRACT)


def _target(fact: Fact) -> Key | None:
    return fact.references if isinstance(fact, Constraint) else None
