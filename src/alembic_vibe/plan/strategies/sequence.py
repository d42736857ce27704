"""A sequence counts otherwise, or belongs to another column (recipe 40).

ALTER SEQUENCE keeps every ``nextval`` waiting until it commits: it stands in a revision of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Sequence
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.blocks import execute
from alembic_vibe.plan.described import label
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.situation import Planned
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.facts import SequenceOptions
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("40",)


def applies(change: Change, _situation: Situation) -> bool:
    """One that differs in more than its comment or owner."""
    known = change.kind is ChangeKind.ALTER and change.key.kind is Kind.SEQUENCE
    return known and not change.alters("comment", "owner")


def plan(change: Change, _situation: Situation) -> Planned:
    """Widen it before the next release, narrow it when the old one is gone."""
    one, other = change.before, change.after
    assert isinstance(one, Sequence)
    assert isinstance(other, Sequence)
    name = label(change.key)
    phase = Phase.CONTRACT if _narrows(one.options, other.options) or one.owned_by != other.owned_by else Phase.EXPAND
    dangers: tuple[Danger, ...] = ()
    if (one.options.increment, one.options.cycle) != (other.options.increment, other.options.cycle):
        dangers = (Danger(SHARED_BEHAVIOUR, name, f"both releases get the next numbers of {name} otherwise"),)
    step = Step(
        change.key,
        tuple(_alter(one, other)),
        tuple(_alter(other, one)),
        phase=phase,
        title=f"sequence {name}",
        notes=(f"Every nextval('{name}') waits until this commits.",),
        dangers=dangers,
    )
    return Planned((step,), ready=phase)


def _narrows(one: SequenceOptions, other: SequenceOptions) -> bool:
    return other.maximum < one.maximum or other.minimum > one.minimum


def _alter(one: Sequence, other: Sequence) -> Iterator[Operation]:
    name = name_of(other.key)
    if one.unlogged != other.unlogged:
        logged = Printed("UNLOGGED" if other.unlogged else "LOGGED")
        yield execute("ALTER SEQUENCE {name} SET {logged}", name=name, logged=logged)
    clauses = list(_clauses(one.options, other.options))
    if clauses:
        yield execute("ALTER SEQUENCE {name} {clauses}", name=name, clauses=Printed(" ".join(clauses)))
    if one.owned_by != other.owned_by:
        owner: Printed = Printed("NONE")
        if other.owned_by is not None:
            table, column = other.owned_by
            owner = Printed(f"{name_of(table)}.{Name(column)}")
        yield execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=name, owner=owner)


def _clauses(one: SequenceOptions, other: SequenceOptions) -> Iterator[str]:
    """Yield what differs; a new type brings its own limits along, unless they are said."""
    retyped = one.type != other.type
    if retyped:
        yield f"AS {other.type}"
    if one.increment != other.increment:
        yield f"INCREMENT BY {other.increment}"
    if retyped or one.minimum != other.minimum:
        yield f"MINVALUE {other.minimum}"
    if retyped or one.maximum != other.maximum:
        yield f"MAXVALUE {other.maximum}"
    if one.start != other.start:
        yield f"START WITH {other.start}"
    if one.cache != other.cache:
        yield f"CACHE {other.cache}"
    if one.cycle != other.cycle:
        yield "CYCLE" if other.cycle else "NO CYCLE"
