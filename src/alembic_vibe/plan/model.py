"""A plan: steps in order, grouped into the revisions that will hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation


class Phase(StrEnum):
    """When a revision may run, seen from a deployment of the application."""

    EXPAND = "expand"  # before the new release
    MIGRATE = "migrate"  # beside both releases
    CONTRACT = "contract"  # after the old release is gone
    PURGE = "purge"  # when nobody wants to go back any more


@dataclass(frozen=True, slots=True)
class Step:
    """One object made, and how it is unmade.

    ``down`` is empty where dropping something else of the same revision takes it along; ``kept`` says why the
    downgrade leaves the object in place, where it does.
    """

    key: Key
    up: tuple[Operation, ...]
    down: tuple[Operation, ...] = ()
    kept: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRevision:
    """The steps that one Alembic revision will hold, for one section of the spec."""

    section: str  # number, such as "5.3"
    title: str
    phase: Phase
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()  # what a reviewer should know, a sentence each

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
    """What a run would do: revisions in order, and the changes that it cannot plan."""

    revisions: tuple[PlannedRevision, ...] = ()
    unplanned: tuple[Change, ...] = field(default=())

    @property
    def statements(self) -> tuple[str, ...]:
        """The whole upgrade as SQL."""
        return tuple(sql for revision in self.revisions for operation in revision.up for sql in operation.statements)
