"""A revision of an evolution, as its proof needs it: what it says it does, beside the file that the chain runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import AUTHORIZATION, DRIFT, OLD_RELEASE_BREAKS, SHARED_BEHAVIOUR
from alembic_vibe.plan.model import Mode, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.plan.model import Lock, PlannedRevision, Verify

EVERY_RELATION = "*"
_BREAKING = {OLD_RELEASE_BREAKS, SHARED_BEHAVIOUR, AUTHORIZATION, DRIFT}
_OF_A_TABLE = {
    Kind.TABLE, Kind.COLUMN, Kind.CONSTRAINT, Kind.TRIGGER, Kind.POLICY, Kind.RULE, Kind.VIEW, Kind.MATERIALIZED_VIEW,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StagedRevision:
    """A revision of the staged chain and what it declares.

    ``statements``: its upgrade as SQL. ``locks``, ``scans``, ``rewrites``: what it costs, on relations that were there
    before. ``created``: relations that the run itself has made by then, which cost nothing. ``changes``: columns (keys
    of kind COLUMN) or tables whose values it is meant to change. ``subjects``: what it is about.
    ``verify``: what must hold before it runs, each with its subject.
    ``keeps``: objects that its downgrade leaves changed, such as an enum with its new value.
    ``irreversible_loss``: what its downgrade loses; empty: nothing. ``accepted``: relations, as people name them, that
    a release may fail on, because the author has accepted it; ``*`` stands for all.
    """

    id: str
    phase: Phase = Phase.EXPAND
    mode: Mode = Mode.TRANSACTION
    statements: tuple[str, ...] = ()
    locks: tuple[Lock, ...] = ()
    scans: tuple[Key, ...] = ()
    rewrites: tuple[Key, ...] = ()
    created: tuple[Key, ...] = ()
    changes: tuple[Key, ...] = ()
    subjects: tuple[Key, ...] = ()
    verify: tuple[tuple[Key, Verify], ...] = ()
    keeps: tuple[Key, ...] = ()
    irreversible_loss: str = ""
    accepted: tuple[str, ...] = ()

    @property
    def is_early(self) -> bool:
        """Whether it runs while the old release does."""
        return self.phase in {Phase.EXPAND, Phase.MIGRATE}


def staged(id_: str, revision: PlannedRevision, *, changes: Iterable[Key] = ()) -> StagedRevision:
    """Return a planned revision as the proof needs it.

    Args:
        id_: Its identifier in the chain.
        revision: What was planned.
        changes: Columns or tables whose values it is meant to change.
    """
    steps = revision.steps
    accepted: dict[str, None] = {}
    for step in steps:
        for danger in step.dangers:
            if danger.hazard in _BREAKING:
                table, _, _ = danger.object.rpartition(".")  # of "orders.amount"
                accepted.update(dict.fromkeys(filter(None, (danger.object, table, _relation(step.key)))))
    return StagedRevision(
        id=id_,
        phase=revision.phase,
        mode=revision.mode,
        statements=tuple(sql for operation in revision.up for sql in operation.statements),
        locks=tuple(lock for step in steps for lock in step.locks),
        scans=tuple(dict.fromkeys(key for step in steps for key in step.scans)),
        rewrites=tuple(dict.fromkeys(key for step in steps for key in step.rewrites)),
        changes=tuple(changes),
        subjects=tuple(dict.fromkeys(step.key for step in steps)),
        verify=tuple((step.key, verify) for step in steps for verify in step.verify),
        keeps=tuple(step.key for step in steps if step.kept),
        irreversible_loss="; ".join(dict.fromkeys(step.loses for step in steps if step.loses)),
        accepted=tuple(accepted),
    )


def _relation(key: Key) -> str:
    """Return the relation that a danger of a step is about; a type or function may be used anywhere."""
    return key.qualified if key.kind in _OF_A_TABLE else EVERY_RELATION
