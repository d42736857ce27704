"""Partitions whose rows must be divided anew (recipe 48): other bounds, or new ones where others, or DEFAULT, had rows.

The partitions are made anew, and their rows go back through the parent, which knows where each belongs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.hazards import TABLE_REWRITE, Danger
from alembic_vibe.plan.belongings import changes_of, family, household
from alembic_vibe.plan.blocks import exclusive, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.partitions import redivision, referred, referring
from alembic_vibe.plan.rebuild import Form, dependents, rebuild, unmovable, without
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.strategies.table_rebuild import IN_TWO

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.partitions import Redivision
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("48",)


def applies(change: Change, situation: Situation) -> bool:
    """A partition that is new, goes or has other bounds, together with others of its parent."""
    return _found(change, situation) is not None


def plan(change: Change, situation: Situation) -> Planned:
    """Divide the rows anew, before the next release: neither release knows which partition a row is in."""
    found = _found(change, situation)
    assert found is not None
    if change.key != found.first:
        return Planned()  # carried out with the first of them
    words, wanted = situation.old_words, situation.new_words
    former = tuple(key for root in found.before for key in family(words, root))
    latter = tuple(key for root in found.after for key in family(wanted, root))
    around = [*dependents(words, former), *(fact.key for fact in referring(words, found.parent))]
    around = [key for key in dict.fromkeys(around) if _lasts(key, situation)]
    what = ", ".join(shown(key) for key in found.before)
    if stuck := unmovable(around):
        question = IN_TWO.diagnostic(f"the rows of {what} are divided anew, and {stuck[0]} depends on them")
        return Planned(takes=_takes(found, former, latter, situation) - {node_of(change)}, undecided=(question,))
    facts = _facts(found, former, latter, situation)
    middle = without(words, household(words, former), facts, situation.after)
    here = Form(words, former, situation.old_source, tuple(around))
    there = Form(middle, latter, situation.old_source, tuple(around))
    title = f"divide {shown(found.parent)} anew"
    step = Step(
        change.key,
        rebuild(here, there, found.parent),
        rebuild(there, here, found.parent),
        phase=Phase.EXPAND,
        title=title,
        locks=exclusive(
            found.parent,
            *former,
            *(fact.table for fact in referring(words, found.parent)),
            *(key for table in former for key in referred(words, table)),
        ),
        scans=tuple(fact.table for fact in referring(words, found.parent)),
        rewrites=former,
        old_sees=f"{shown(found.parent)} cannot be read or written while rows are copied",
        dangers=tuple(
            Danger(TABLE_REWRITE, shown(key), f"the rows of {shown(key)} are copied while nobody can use its parent")
            for key in found.before
        ),
    )
    return Planned((step,), takes=_takes(found, former, latter, situation) - {node_of(change)})


def _found(change: Change, situation: Situation) -> Redivision | None:
    """Return the redivision that a change is part of."""
    for fact in (change.before, change.after):
        if change.key.kind is not Kind.TABLE or not isinstance(fact, Table) or fact.partition_of is None:
            continue
        if change.only and not set(change.only) & {"partition_of", "partition_bound"}:
            return None
        found = redivision(fact.partition_of, situation)
        if found is None or change.key not in {*found.before, *found.after}:
            continue
        return found
    return None


def _lasts(key: Key, situation: Situation) -> bool:
    """Whether an object that depends on a partition is there whenever the partition is: it does not go for good."""
    return key in situation.after.facts or key.kind is not Kind.CONSTRAINT


def _facts(
    found: Redivision, former: tuple[Key, ...], latter: tuple[Key, ...], situation: Situation
) -> dict[Key, Fact]:
    """Return the facts of the partitions when their rows have been divided: the old ones, with the new bounds."""
    words, wanted = situation.old_words, situation.new_words
    facts: dict[Key, Fact] = {
        key: words.facts[key] for key in household(words, [key for key in latter if key in former])
    }
    top, new_top = words.table(found.parent), wanted.table(found.parent)
    like = {column.name: column for column in new_top.columns}
    for key in latter:
        new = wanted.table(key)
        if key in former:
            facts[key] = replace(words.table(key), partition_bound=new.partition_bound, partition_of=new.partition_of)
            continue
        own = {column.name: column for column in new.columns}
        columns = [
            own[column.name] if column.name in own and own[column.name] != like.get(column.name) else column
            for column in top.columns
        ]
        facts[key] = replace(new, columns=tuple(columns))
    return facts


def _takes(
    found: Redivision, former: tuple[Key, ...], latter: tuple[Key, ...], situation: Situation
) -> frozenset[Node]:
    words = situation.old_words
    bounds = {"partition_of", "partition_bound"}
    tables = changes_of(situation, {*former, *latter})
    taken = {node for node in tables if node[0].kind is Kind.TABLE and (not node[1] or set(node[1]) <= bounds)}
    gone = [key for key in household(words, former) if key not in situation.after.facts and key not in former]
    gone = [key for key in gone if (key.schema, key.name) not in {(kept.schema, kept.name) for kept in found.after}]
    return frozenset(taken) | changes_of(situation, [key for key in gone if not _stays_behind(key, latter, situation)])


def _stays_behind(key: Key, latter: tuple[Key, ...], situation: Situation) -> bool:
    """Whether something belongs to a partition that is made again: it goes by its own change."""
    return any(key in household(situation.old_words, [table]) for table in latter if table in situation.before.facts)
