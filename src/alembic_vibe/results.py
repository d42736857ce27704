"""What a run takes and gives: the contract between the pipeline and whoever calls it, the command line above all.

Imports nothing heavy, so that a command can be described before anything is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Diagnostic, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alembic_vibe.spec.coverage import CoverageEntry


class Phase(StrEnum):
    """Which part of a change to write."""

    EXPAND = "expand"
    MIGRATE = "migrate"  # written together with expand
    CONTRACT = "contract"
    PURGE = "purge"


@dataclass(frozen=True)
class Rename:
    """``--rename old=new``: an object that is called otherwise now. ``old`` may be ``table`` or ``table.column``."""

    old: str
    new: str


@dataclass(frozen=True)
class Acceptance:
    """``--accept HAZARD[:OBJECT]``: a danger that somebody has looked at, on one object or on all."""

    hazard: str
    object: str | None = None


@dataclass(frozen=True)
class GenerateOptions:
    """What ``generate`` was asked for. ``dry_run`` and ``check`` write nothing; ``prove`` runs the plan first.

    ``detach_backfill`` writes backfills as scripts that an operator runs. ``database_url`` is a staging copy that the
    current state is read from.
    """

    phase: Phase = Phase.EXPAND
    renames: tuple[Rename, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    dry_run: bool = False
    check: bool = False
    prove: bool = True
    detach_backfill: bool = False
    scratch_url: str | None = None
    database_url: str | None = None


@dataclass(frozen=True)
class RevisionInfo:
    """A revision that was written, or would be."""

    revision: str
    path: str
    title: str
    phase: Phase = Phase.EXPAND


@dataclass(frozen=True)
class Counts:
    """How much the spec holds."""

    sections: int = 0
    tables: int = 0
    indexes: int = 0
    constraints: int = 0
    other: int = 0


@dataclass(frozen=True)
class GenerateResult:
    """What ``generate`` did, or would do.

    ``diagnostics`` are findings that did not stop it. ``written`` and ``unchanged`` are paths relative to the root.
    ``diff`` is a unified diff of what would be written, for ``--dry-run``. ``proof`` are lines for people, such as
    "upgrade head equals the spec (312 objects)"; empty where nothing was proven.
    """

    exit_code: ExitCode = ExitCode.DONE
    diagnostics: tuple[Diagnostic, ...] = ()
    counts: Counts = field(default_factory=Counts)
    revisions: tuple[RevisionInfo, ...] = ()
    pending: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    coverage: tuple[CoverageEntry, ...] = ()
    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    diff: str = ""
    proof: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        from dataclasses import asdict

        return {
            "counts": asdict(self.counts),
            "revisions": [asdict(revision) for revision in self.revisions],
            "pending": list(self.pending),
            "repairs": list(self.repairs),
            "coverage": [entry.as_dict() for entry in self.coverage],
            "written": list(self.written),
            "unchanged": list(self.unchanged),
            "diff": self.diff,
            "proof": list(self.proof),
        }


@dataclass(frozen=True)
class StepInfo:
    """One step of a plan: the object, the SQL, the locks as (relation, level), and what there is to know about it."""

    object: str
    sql: tuple[str, ...] = ()
    locks: tuple[tuple[str, str], ...] = ()
    scans: tuple[str, ...] = ()
    rewrites: tuple[str, ...] = ()
    verify: tuple[str, ...] = ()
    old_sees: str = ""
    new_sees: str = ""
    loses: str = ""
    notes: tuple[str, ...] = ()
    hazards: tuple[tuple[str, str, str], ...] = ()  # (hazard, object, message)


@dataclass(frozen=True)
class PlannedInfo:
    """A revision that would be written; ``mode`` is ``transaction``, ``autocommit`` or ``batched``."""

    title: str
    phase: Phase
    section: str
    mode: str
    steps: tuple[StepInfo, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanResult:
    """What ``plan`` found: the revisions of all phases, and those that wait already."""

    exit_code: ExitCode = ExitCode.DONE
    diagnostics: tuple[Diagnostic, ...] = ()
    counts: Counts = field(default_factory=Counts)
    revisions: tuple[PlannedInfo, ...] = ()
    pending: tuple[PlannedInfo, ...] = ()
    repairs: tuple[str, ...] = ()
    coverage: tuple[CoverageEntry, ...] = ()

    def of_phase(self, *phases: Phase) -> list[PlannedInfo]:
        """Return the revisions of some phases, in order."""
        return [revision for revision in self.revisions if revision.phase in phases]

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        from dataclasses import asdict

        return {
            "counts": asdict(self.counts),
            "revisions": [asdict(revision) for revision in self.revisions],
            "pending": [asdict(revision) for revision in self.pending],
            "repairs": list(self.repairs),
            "coverage": [entry.as_dict() for entry in self.coverage],
        }


@dataclass(frozen=True)
class Waiting:
    """A revision that waits: since which revision and date, what it will do, and what is set aside until then."""

    title: str
    phase: Phase
    since: str  # the first revision of the change
    created: str  # its Create Date, ISO 8601; empty if its file does not say
    days: int | None  # since then
    reason: str  # why it waits
    set_aside: tuple[str, ...] = ()  # objects that the contract has moved out of the way


@dataclass(frozen=True)
class StatusResult:
    """What ``status`` found: all that is pending, in the order in which it may be written."""

    head: str = ""
    pending: tuple[Waiting, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        from dataclasses import asdict

        return {"head": self.head, "pending": [asdict(found) for found in self.pending]}


@dataclass(frozen=True)
class VerifyResult:
    """What ``verify`` proved of the chain, in lines for people, and what it found."""

    exit_code: ExitCode = ExitCode.DONE
    diagnostics: tuple[Diagnostic, ...] = ()
    proof: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        return {"proof": list(self.proof)}


@dataclass(frozen=True)
class CheckResult:
    """What ``check`` found. ``counts`` and ``coverage`` are for the summary and ``-v``."""

    diagnostics: tuple[Diagnostic, ...] = ()
    counts: Counts = field(default_factory=Counts)
    coverage: tuple[CoverageEntry, ...] = ()


@dataclass(frozen=True)
class SeedResult:
    """What ``seed`` did, or with ``check`` what the database lacks (``FINDINGS``). ``lines`` are for people.

    ``tables`` have the counts of each table: insert, same, update, edited, conflict, deleted, gone.
    """

    exit_code: ExitCode = ExitCode.DONE
    diagnostics: tuple[Diagnostic, ...] = ()
    lines: tuple[str, ...] = ()
    changes: dict[str, int] = field(default_factory=dict)  # rows that were (or would be) written, by table or role
    tables: tuple[dict[str, Any], ...] = ()
    more: dict[str, Any] = field(default_factory=dict)  # keys of a kind of seeds of its own

    def as_dict(self) -> dict[str, Any]:
        """The keys that ``--format json`` adds to ``diagnostics``."""
        return {"changes": dict(self.changes), "tables": [dict(table) for table in self.tables], **self.more}


@dataclass(frozen=True)
class DemoResult:
    """What ``demo`` did: the folder it worked in, the account of ``generate``, and what was done with the files.

    ``differences`` between the migrated database and the specification are empty, or the demonstration failed.
    """

    folder: Path
    generated: GenerateResult
    steps: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


if TYPE_CHECKING:
    Progress = Callable[[str], None]
    """Called with what is being done, such as "proving 12 revisions"; shown on a terminal only."""
