"""What the head of a revision tells its reviewer: phase and class, locks, what each release sees, what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.hazards import SHARED_BEHAVIOUR
from alembic_vibe.plan.model import Phase
from alembic_vibe.render.downgrades import worked_through

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.locks import LockLevel
    from alembic_vibe.plan.model import PlannedRevision, Step

# The classes of recipes.md, section 3: E loosens, D gives two shapes at once, C tightens or removes, B is shared.
_PHASES = {
    Phase.EXPAND: "expand (class E): before the new release; the running one goes on",
    Phase.MIGRATE: "migrate (class D): beside both releases",
    Phase.CONTRACT: "contract (class C): after the old release is gone",
    Phase.PURGE: "purge (class C): when nobody wants to go back any more",
}
_SHARED = "{phase} (class B): both releases see it at once"


def header_facts(revision: PlannedRevision) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the facts about a revision as (name, lines), in the order in which they are shown."""
    facts = (
        ("Changes", _changes(revision)),
        ("Phase", (_phase(revision),)),
        ("Locks", tuple(_locks(revision.steps)) or ("none on tables",)),
        ("Reads whole", _names(key for step in revision.steps for key in step.scans)),
        ("Rewrites", _names(key for step in revision.steps for key in step.rewrites)),
        ("Waits for", _each(verify.message for step in revision.steps for verify in step.verify)),
        ("Old release", _each(step.old_sees for step in revision.steps) or _unseen(revision.phase)),
        ("New release", _each(step.new_sees for step in revision.steps) or ("nothing",)),
        *downgrade_facts(revision),
        ("Downgrade loses", _each(step.loses for step in revision.steps) or ("nothing",)),
        ("Accepted", _each(f"{d.hazard.slug}: {d.message}" for step in revision.steps for d in step.dangers)),
    )
    return tuple((name, lines) for name, lines in facts if lines)


def downgrade_facts(revision: PlannedRevision) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what whoever rolls back must know although the revision changes nothing that is in use."""
    tables = worked_through(revision.steps)
    return (("Downgrade locks", (f"{', '.join(tables)} (while rows are read or written)",)),) if tables else ()


def _changes(revision: PlannedRevision) -> tuple[str, ...]:
    """Return what the steps do, where the title does not say it all."""
    titles = _each(step.title for step in revision.steps)
    return titles if len(titles) > 1 else ()


def _phase(revision: PlannedRevision) -> str:
    shared = any(danger.hazard is SHARED_BEHAVIOUR for step in revision.steps for danger in step.dangers)
    return _SHARED.format(phase=revision.phase) if shared else _PHASES[revision.phase]


def _locks(steps: Iterable[Step]) -> Iterator[str]:
    strongest: dict[Key, LockLevel] = {}
    for step in steps:
        for lock in step.locks:
            strongest[lock.relation] = max(lock.level, strongest.get(lock.relation, lock.level))
    for relation, level in strongest.items():
        yield f"{level} on {relation.qualified}"


def _names(keys: Iterable[Key]) -> tuple[str, ...]:
    found = dict.fromkeys(key.qualified for key in keys)
    return (", ".join(found),) if found else ()


def _each(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in lines if line))


def _unseen(phase: Phase) -> tuple[str, ...]:
    return ("nothing",) if phase in {Phase.EXPAND, Phase.MIGRATE} else ("is gone",)
