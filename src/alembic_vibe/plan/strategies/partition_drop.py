"""A partition of a table that stays goes (recipe 48): it is detached, set aside as any table, and dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, Index, Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import DATA_LOSS, Danger
from alembic_vibe.plan.belongings import (
    belongings,
    changes_of,
    family,
    household,
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
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

RECIPES = ("48",)
IN_TWO = Rule(
    code="AV866",
    slug="partition-and-parent-at-once",
    severity=Severity.ERROR,
    summary="A partition goes, and the columns, constraints or indexes of its parent change at once.",
    why="The partition waits in schema vibe in the shape that it had, so that it can come back. Its parent would have "
    "another shape by then.",
    fix="Make two changes of it: first take the partition out of the specification and generate its revisions, then "
    "change the parent.",
    bad="-- both events_2020 and the column events.note are gone at once\n"
    "CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at);",
    good="-- events_2020 is gone, events.note is still there\n"
    "CREATE TABLE events (id bigint, at date, note text) PARTITION BY RANGE (at);",
)
RULES = (IN_TWO,)
_APART = {"comment", "statistics"}  # what partitions have each for itself


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
    if above := next(_of_parents(table, situation), None):
        message = f"{shown(table.key)} goes, and {above.describe()} at once"
        takes = changes_of(situation, household(words, family(words, table.key))) - {node_of(change)}
        return Planned(takes=takes, undecided=(IN_TWO.diagnostic(message),))
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


def _of_parents(table: Table, situation: Situation) -> Iterator[Change]:
    """Yield the changes of what the partition has from its parents."""
    above: set[Key] = set()
    upper = table.partition_of
    while upper is not None:
        above.add(upper)
        upper = situation.before.table(upper).partition_of
    for change in situation.changes:
        fact = change.before if change.after is None else change.after
        owner = fact.table if isinstance(fact, Index) else table_of(change.key)
        shape = change.key.kind in {Kind.COLUMN, Kind.CONSTRAINT, Kind.INDEX} and not change.alters(*_APART)
        if shape and owner in above:
            yield change


def _target(fact: Fact) -> Key | None:
    return fact.references if isinstance(fact, Constraint) else None
