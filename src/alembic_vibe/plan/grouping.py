"""Steps → revisions: one table, one phase and one transaction each; what runs outside a transaction stays alone."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index, Statistics
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.model import Mode, Phase, PlannedRevision
from alembic_vibe.plan.situation import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.planner import Origins
    from alembic_vibe.plan.situation import Situation

_PARTS = {Kind.COLUMN, Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE}
_LONGEST_TITLE = 40
_MORE = " and {} more"


def group_steps(
    steps: Sequence[Step], situation: Situation, origins: Origins, _number: int = 0
) -> Iterator[PlannedRevision]:
    """Yield the revisions that hold some steps, phase by phase, the steps of a phase in their order.

    Args:
        steps: In the order in which they may run within their phase.
        situation: Where the tables of indexes are looked up.
        origins: For the section of each object.
    """
    for phase in Phase:
        chosen = [step for step in steps if step.phase is phase]
        numbers = iter(range(len(chosen)))

        def together(step: Step, numbers: Iterator[int] = numbers) -> object:
            number = next(numbers)
            if step.mode is not Mode.TRANSACTION:
                return number, step.mode
            return subject(step.key, situation), step.apart

        for _, members in groupby(chosen, key=together):
            found = tuple(members)
            yield PlannedRevision(_section(found, situation, origins), title_of(phase, found), phase, found)


def subject(key: Key, situation: Situation) -> Key:
    """Return what a step is about, for grouping and headings: the table of a part, else the object itself."""
    if key.kind in _PARTS:
        return table_of(key)
    fact = situation.after.facts.get(key) or situation.before.facts.get(key)
    return fact.table if isinstance(fact, Index | Statistics) else key


def title_of(phase: Phase, steps: Sequence[Step]) -> str:
    """Return the revision's title: ``expand orders: note, status``; what happens first comes first.

    It is short, because Alembic makes the file's name of it and cuts that at 40 characters.
    """
    titles = list(dict.fromkeys(step.title for step in steps if step.title)) or [words_for(steps[0].key)]
    prefix = f"{titles[0].partition('.')[0]}."
    if len(titles) > 1 and all(title.startswith(prefix) for title in titles):
        titles = [f"{prefix[:-1]}: {titles[0].removeprefix(prefix)}", *(t.removeprefix(prefix) for t in titles[1:])]
    text = f"{phase} {titles[0]}"
    for i, title in enumerate(titles[1:], start=1):
        longer, rest = f"{text}, {title}", len(titles) - i
        if len(longer) > _LONGEST_TITLE - (len(_MORE) if rest > 1 else 0):
            more = f"{text}{_MORE.format(rest)}"
            return more if len(more) <= _LONGEST_TITLE else text
        text = longer
    return text


def words_for(key: Key) -> str:
    """Return what a step without a title is about: ``view open_orders``, ``grants on orders``."""
    if key.kind is Kind.PRIVILEGES:
        return f"grants on {key.qualified}"
    if key.kind is Kind.DEFAULT_PRIVILEGES:
        return f"default privileges of {key.name}"
    return str(key)


def _section(steps: Sequence[Step], situation: Situation, origins: Origins) -> str:
    for step in steps:
        for key in (step.key, subject(step.key, situation)):
            if key in origins.section:
                return origins.section[key]
    return ""
