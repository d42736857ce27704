"""What the proof of an evolution has found so far: findings, and what the author has accepted or declared."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.prove.checks import count_of
from alembic_vibe.prove.evolution_rules import CONTENT, CRASH, DISAGREES, NEW_BREAKS, OLD_BREAKS, WORSE
from alembic_vibe.prove.staged import EVERY_RELATION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic, Rule
    from alembic_vibe.prove.battery import Battery, Failure
    from alembic_vibe.prove.concurrency import Report
    from alembic_vibe.prove.crash import Interruption
    from alembic_vibe.prove.staged import StagedRevision

_MOST_NOTES = 10
# A key comes, and an old one goes, when the old release is gone: no ON CONFLICT, and no duplicates, before that.
_KEYS_WAIT = {"42P10", "23505"}  # invalid_column_reference, unique_violation


@dataclass
class Ledger:
    """Collects what does not keep the rest from being looked at; each failure is told once, where it appears first."""

    accepted: AbstractSet[str] = frozenset()  # relations that a release may fail on
    found: list[Diagnostic] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    _told: set[tuple[str, Key, str]] = field(default_factory=set)

    def old_release(self, stage: StagedRevision, failures: Sequence[Failure]) -> None:
        """Note what the running release cannot do after a revision (and those before it)."""
        where = f"after revision {stage.id} ({stage.phase})"
        self._note("running", where, failures, OLD_BREAKS)

    def new_release(self, where: str, failures: Sequence[Failure], *, known: bool = False) -> None:
        """Note what the next release cannot do.

        Args:
            where: On which schema.
            failures: What it cannot do.
            known: The schema is the one that it runs on already: none of these revisions is the reason.
        """
        self._note("next", where, failures, NEW_BREAKS, known=known)

    def _note(self, release: str, where: str, failures: Sequence[Failure], rule: Rule, *, known: bool = False) -> None:
        broken: list[Failure] = []
        for failure in failures:
            what = (release, failure.relation, failure.what)
            if what in self._told:  # what is broken stays broken
                continue
            self._told.add(what)
            if {EVERY_RELATION, failure.relation.qualified, failure.relation.name} & self.accepted:
                self.lines.append(f"accepted: {where} the {release} release fails: {failure}")
            elif known:
                self.lines.append(f"not before these revisions: {failure}")
            elif release == "next" and failure.state in _KEYS_WAIT:
                self.lines.append(f"not before contract: {failure}")
            else:
                broken.append(failure)
        if broken:
            notes = (broken[0].statement, *(str(failure) for failure in broken[1:_MOST_NOTES]))
            self.found.append(rule.diagnostic(f"{where} the {release} release fails: {broken[0]}", notes=notes))

    def worse(self, stage: StagedRevision, excess: Sequence[tuple[str, str]]) -> None:
        """Note what a revision costs beyond what it declares, each with the statement behind it."""
        for what, statement in excess:
            self.found.append(WORSE.diagnostic(f"revision {stage.id} ({stage.phase}): {what}", notes=(statement,)))

    def interrupted(self, stage: StagedRevision, interruptions: Sequence[Interruption]) -> None:
        """Note interruptions of a revision that a second run does not make good."""
        for one in interruptions:
            self.found.append(CRASH.diagnostic(f"revision {stage.id} ({stage.phase}) {one}", notes=(one.statement,)))

    def still_works(self, battery: Battery, release: str) -> Battery:
        """Return the part of a release's battery that has not failed so far; ``running`` or ``next``."""
        failed = {(relation, what) for name, relation, what in self._told if name == release}
        return replace(battery, trials=tuple(t for t in battery.trials if (t.relation, t.what) not in failed))

    def together(self, report: Report) -> None:
        """Note what came of both releases writing at the same time."""
        for error in report.errors:
            message = f"while both releases write, {error.writer} fails: {error.message}"
            self.apart(message, error.statement)
        for message, count in report.disagreeing:
            self.apart(f"after both releases wrote there are {count} {message}")
        if not report.errors and not report.disagreeing:
            done = count_of(sum(report.rounds.values()), "transaction")
            self.lines.append(f"both releases at once: {done} beside expand and migrate, and no row came apart")

    def apart(self, message: str, *notes: str) -> None:
        """Note that the releases get in each other's way."""
        self.found.append(DISAGREES.diagnostic(message, notes=notes))

    def changed(self, what: str, differences: Sequence[str]) -> None:
        """Note values that a revision should have left alone."""
        if differences:
            message = f"{what} changes what it should leave alone: {differences[0]}"
            self.found.append(CONTENT.diagnostic(message, notes=tuple(differences[1:_MOST_NOTES])))

    def lost(self, what: str, differences: Sequence[str], declared: Sequence[StagedRevision]) -> None:
        """Note values that are gone after a downgrade; a loss that is declared is only told."""
        if differences and declared:
            losses = "; ".join(dict.fromkeys(stage.irreversible_loss for stage in declared))
            self.lines.append(f"declared: {what} loses {losses} ({', '.join(differences[:3])})")
        elif differences:
            message = f"{what} loses values: {differences[0]}"
            self.found.append(CONTENT.diagnostic(message, notes=tuple(differences[1:_MOST_NOTES])))
