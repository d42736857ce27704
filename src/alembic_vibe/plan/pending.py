"""Revisions that wait for their time, as JSON: what the snapshot keeps of contract and purge.

Their statements are kept as they were planned and proven; when their time comes they are written as they are, and
proven again on the chain as it is then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import HAZARDS, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.model import Lock, Mode, Phase, PlannedRevision, Step, Verify
from alembic_vibe.plan.operations import Excuse, Execute

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from alembic_vibe.plan.operations import Operation


@dataclass(frozen=True)
class Pending:
    """A planned revision, and the first revision of the run that planned it (``since``)."""

    revision: PlannedRevision
    since: str

    def encode(self) -> dict[str, Any]:
        """Return it as a JSON object; what is empty is left out."""
        found = self.revision
        document = {
            "title": found.title,
            "phase": found.phase.value,
            "since": self.since,
            "section": found.section,
            "notes": list(found.notes),
            "steps": [_encode_step(step) for step in found.steps],
        }
        return {name: value for name, value in document.items() if value != []}


def decode_pending(documents: Sequence[Mapping[str, Any]]) -> tuple[Pending, ...]:
    """Return the revisions of a snapshot.

    Raises:
        ValueError: A document is not one that ``encode`` made.
    """
    try:
        return tuple(_decode(document) for document in documents)
    except (KeyError, TypeError, IndexError) as error:
        msg = f"a pending revision cannot be read: {error}"
        raise ValueError(msg) from error


def due(pending: Sequence[Pending], phase: Phase) -> tuple[Pending, ...]:
    """Return what a phase may write: a purge only where the contract of the same run has been written."""
    waiting = {found.since for found in pending if found.revision.phase is Phase.CONTRACT}
    return tuple(
        found
        for found in pending
        if found.revision.phase is phase and (phase is Phase.CONTRACT or found.since not in waiting)
    )


def in_order(pending: Collection[Pending]) -> tuple[Pending, ...]:
    """Return them as they would run: every contract, then every purge, each in the order in which it was planned."""
    return tuple(sorted(pending, key=lambda found: found.revision.phase.rank))


def _decode(document: Mapping[str, Any]) -> Pending:
    phase = Phase(document["phase"])
    steps = tuple(_decode_step(step, phase) for step in document["steps"])
    revision = PlannedRevision(document["section"], document["title"], phase, steps, tuple(document.get("notes", ())))
    return Pending(revision, str(document["since"]))


def _encode_step(step: Step) -> dict[str, Any]:
    document: dict[str, Any] = {
        "key": list(step.key),
        "title": step.title,
        "mode": "" if step.mode is Mode.TRANSACTION else step.mode.value,
        "up": _statements(step.up),
        "down": _statements(step.down),
        "verify": [[verify.query, verify.message] for verify in step.verify],
        "locks": [[list(lock.relation), lock.level.name] for lock in step.locks],
        "scans": [list(key) for key in step.scans],
        "rewrites": [list(key) for key in step.rewrites],
        "kept": step.kept,
        "loses": step.loses,
        "old_sees": step.old_sees,
        "new_sees": step.new_sees,
        "notes": list(step.notes),
        "dangers": [[danger.hazard.slug, danger.object, danger.message] for danger in step.dangers],
        "uses_vibe": step.uses_vibe,
    }
    return {name: value for name, value in document.items() if value not in ("", [], False)}


def _decode_step(document: Mapping[str, Any], phase: Phase) -> Step:
    hazards = {hazard.slug: hazard for hazard in HAZARDS}
    return Step(
        key=_key(document["key"]),
        up=tuple(map(_operation, document.get("up", ()))),
        down=tuple(map(_operation, document.get("down", ()))),
        kept=document.get("kept", ""),
        phase=phase,
        mode=Mode(document.get("mode", Mode.TRANSACTION)),
        title=document.get("title", ""),
        locks=tuple(Lock(_key(key), LockLevel[level]) for key, level in document.get("locks", ())),
        scans=tuple(map(_key, document.get("scans", ()))),
        rewrites=tuple(map(_key, document.get("rewrites", ()))),
        verify=tuple(Verify(query, message) for query, message in document.get("verify", ())),
        loses=document.get("loses", ""),
        old_sees=document.get("old_sees", ""),
        new_sees=document.get("new_sees", ""),
        notes=tuple(document.get("notes", ())),
        dangers=tuple(Danger(hazards[slug], name, text) for slug, name, text in document.get("dangers", ())),
        uses_vibe=bool(document.get("uses_vibe", False)),
    )


def _statements(operations: Sequence[Operation]) -> list[Any]:
    """Return the statements, each as a text, or as a text and its excuses."""
    found: list[Any] = []
    for operation in operations:
        excuses = [list(excuse) for excuse in getattr(operation, "excuses", ())]
        found += [[sql, excuses] if excuses else sql for sql in operation.statements]
    return found


def _operation(statement: str | list[Any]) -> Execute:
    if isinstance(statement, str):
        return Execute(statement)
    sql, excuses = statement
    return Execute(str(sql), tuple(Excuse(rule, reason) for rule, reason in excuses))


def _key(parts: Sequence[str]) -> Key:
    return Key(Kind(parts[0]), *map(str, parts[1:]))
