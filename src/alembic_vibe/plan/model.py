"""A plan: steps in order, grouped into the revisions that will hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from alembic_vibe.locks import LockLevel

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.hazards import Danger
    from alembic_vibe.plan.operations import Operation


class Phase(StrEnum):
    """When a revision may run, seen from a deployment of the application."""

    EXPAND = "expand"  # before the new release
    MIGRATE = "migrate"  # beside both releases
    CONTRACT = "contract"  # after the old release is gone
    PURGE = "purge"  # when nobody wants to go back any more

    @property
    def rank(self) -> int:
        """Its place in the order of phases, from 0."""
        return list(Phase).index(self)


class Mode(StrEnum):
    """How the statements of a step commit."""

    TRANSACTION = "transaction"  # with the others of their revision
    AUTOCOMMIT = "autocommit"  # each by itself, outside a transaction; run again after a crash, they end the same
    BATCHED = "batched"  # one statement that commits batch after batch, and goes on where it stopped


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that a step takes on a relation, as declared; the proof measures that it is no stronger."""

    relation: Key
    level: LockLevel = LockLevel.ACCESS_EXCLUSIVE


@dataclass(frozen=True, slots=True)
class Verify:
    """What must hold before a step may run: ``query`` counts the rows (one bigint) that are in the way; 0 is needed.

    ``message`` says in a few words what such rows are: ``rows of orders without amount_cents``.
    """

    query: str
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done to one object, and how it is undone.

    ``down`` is empty where dropping something else of the same revision takes it along; ``kept`` says why the
    downgrade leaves the object in place, where it does. The rest is for changes of what is in use:

    * ``title``: a few words for the revision's name, without the phase: ``add orders.note``.
    * ``locks``, ``scans`` (read whole while locked), ``rewrites``: what it costs, on relations that were there before.
    * ``verify``: checked by the revision itself, before ``up``; ``done``: what holds once a backfill is complete.
    * ``loses``: what the downgrade loses; empty: nothing.
    * ``old_sees``, ``new_sees``: what the running and the next release notice; empty: nothing.
    """

    key: Key
    up: tuple[Operation, ...]
    down: tuple[Operation, ...] = ()
    kept: str = ""
    phase: Phase = Phase.EXPAND
    mode: Mode = Mode.TRANSACTION
    title: str = ""
    locks: tuple[Lock, ...] = ()
    scans: tuple[Key, ...] = ()
    rewrites: tuple[Key, ...] = ()
    verify: tuple[Verify, ...] = ()
    done: tuple[Verify, ...] = ()
    loses: str = ""
    old_sees: str = ""
    new_sees: str = ""
    notes: tuple[str, ...] = ()  # what a reviewer should know, a sentence each
    dangers: tuple[Danger, ...] = ()
    uses_vibe: bool = False  # it needs the schema ``vibe``
    apart: bool = False  # it shares a revision only with others of its kind: they lock two tables at once


@dataclass(frozen=True, slots=True)
class PlannedRevision:
    """The steps that one Alembic revision will hold, for one section of the spec."""

    section: str  # number, such as "5.3"
    title: str
    phase: Phase
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()  # what a reviewer should know, a sentence each

    @property
    def mode(self) -> Mode:
        """How it commits: steps of different modes never share a revision."""
        return self.steps[0].mode if self.steps else Mode.TRANSACTION

    @property
    def up(self) -> tuple[Operation, ...]:
        """What the upgrade does, in order."""
        return tuple(operation for step in self.steps for operation in step.up)

    @property
    def down(self) -> tuple[Operation, ...]:
        """What the downgrade does, in order."""
        return tuple(operation for step in reversed(self.steps) for operation in step.down)


@dataclass(frozen=True)
class Plan:
    """What a run would do: revisions in the order of their phases, and the changes that it cannot plan."""

    revisions: tuple[PlannedRevision, ...] = ()
    unplanned: tuple[Change, ...] = field(default=())

    @property
    def statements(self) -> tuple[str, ...]:
        """The whole upgrade as SQL."""
        return tuple(sql for revision in self.revisions for operation in revision.up for sql in operation.statements)

    @property
    def dangers(self) -> tuple[Danger, ...]:
        """The hazards of all steps, each once, in order."""
        found = (danger for revision in self.revisions for step in revision.steps for danger in step.dangers)
        return tuple(dict.fromkeys(found))

    def of_phases(self, *phases: Phase) -> tuple[PlannedRevision, ...]:
        """Return the revisions of some phases, in order."""
        return tuple(revision for revision in self.revisions if revision.phase in phases)
