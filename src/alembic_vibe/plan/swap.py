"""Views and functions in another shape, which CREATE OR REPLACE cannot give them (recipes 51, 52, 55 and 56).

In one transaction everything that depends on them goes, and comes back in its new form. What shares dependents is
changed together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.hazards import BLOCKING_SCAN, Danger
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import exclusive, shown
from alembic_vibe.plan.definitions import must_be_remade
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, dependents, recreate
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned, node_of

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.situation import Situation

STUCK = Rule(
    code="AV857",
    slug="cannot-be-made-again",
    severity=Severity.ERROR,
    summary="Something that cannot be dropped and made again depends on what has to be.",
    why="PostgreSQL changes the result or the columns of a function or view only by dropping it. Generated columns, "
    "types and operators that use it would have to go as well, and rows with them.",
    fix="Give the new form another name beside the old one, let the others use it, and drop the old one later.",
    bad="CREATE FUNCTION net(gross numeric) RETURNS bigint ...  -- was: RETURNS numeric; a generated column uses it",
    good="CREATE FUNCTION net_cents(gross numeric) RETURNS bigint ...  -- beside net(numeric)",
)


def group_of(change: Change, situation: Situation) -> list[Key]:
    """Return the objects that must be remade together with that of a change, it included, in the order of keys."""
    roots = {found.key for found in situation.changes if must_be_remade(found)}
    reach = {root: {root, *dependents(situation.before, [root], WITH_EXPRESSIONS)[0]} for root in roots}
    group, grew = {change.key}, True
    while grew:
        covered = set().union(*(reach[key] for key in group))
        more = {root for root in roots - group if reach[root] & covered}
        group |= more
        grew = bool(more)
    return sorted(group)


def swap(change: Change, situation: Situation, phase: Phase = Phase.CONTRACT) -> Planned:
    """Return the step that drops and creates an object with all that depends on it; the first of a group takes all."""
    roots = group_of(change, situation)
    if change.key != roots[0]:
        return Planned(ready=phase)
    found = recreate(situation, [*roots, *_new_indexes(roots, situation)], WITH_EXPRESSIONS, with_roots=True)
    name = label(change.key)
    if found.stuck:
        others = ", ".join(str(key) for key in found.stuck)
        message = f"{change.key} has to be dropped and created, but {others} depends on it"
        return Planned(undecided=(STUCK.diagnostic(message, help=another_name(change.key)),))
    dangers = tuple(
        Danger(BLOCKING_SCAN, shown(table), f"indexes or CHECKs of {shown(table)} that use {name} are made again")
        for table in found.scans
        if table.kind is Kind.TABLE and table in situation.before.facts
    )
    relations = {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW}
    step = Step(
        change.key,
        (*found.drops, *found.creates_new),
        (*found.drops_new, *found.creates_old),
        phase=phase,
        title=name,
        locks=exclusive(*(key for key in found.tables if key.kind in relations)),
        scans=found.scans,
        new_sees=f"{name} has its old form until contract" if phase is Phase.CONTRACT else "",
        dangers=dangers,
    )
    takes = found.takes | changes_of(situation, roots)
    return Planned((step,), takes - {node_of(change)}, ready=phase)


def another_name(key: Key) -> str:
    """Return what to do instead of changing something that cannot be made again."""
    return f"leave {key} as it is, write its new form under another name, and use that; drop the old one later"


def _new_indexes(roots: list[Key], situation: Situation) -> list[Key]:
    """Return the indexes that materialised views get, but do not have."""
    views = {key for key in roots if key.kind is Kind.MATERIALIZED_VIEW}
    views |= {key._replace(kind=Kind.TABLE) for key in views}
    return [
        fact.key for fact in situation.after.of_type(Index) if fact.table in views and fact.key in situation.new_keys
    ]


RULES = (STUCK,)
