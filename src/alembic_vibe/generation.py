"""One run of ``generate`` or ``plan``: the state that its stages share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Trigger
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.decisions import decide, refuse_unaccepted, refuse_unplanned
from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, Rule, Severity, SpecError
from alembic_vibe.history.cache import remember
from alembic_vibe.history.chain import ChainFailureError
from alembic_vibe.history.snapshot import BROKEN, NAME, Snapshot, read_snapshot
from alembic_vibe.plan.authored import authored_plan
from alembic_vibe.plan.detached import Script, detach
from alembic_vibe.plan.evolution import plan_evolution
from alembic_vibe.plan.graph import CycleError
from alembic_vibe.plan.model import Mode, Phase, Plan
from alembic_vibe.plan.pending import Pending, decode_pending, due, in_order
from alembic_vibe.plan.planner import creation_order, plan_changes
from alembic_vibe.plan.situation import table_of
from alembic_vibe.recall import Recall
from alembic_vibe.results import Phase as ResultPhase
from alembic_vibe.results import RevisionInfo
from alembic_vibe.staging import Staged, Staging

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.basis import Basis
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.compilation import Compiled
    from alembic_vibe.config import Project
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.prove.proof import Proof
    from alembic_vibe.results import GenerateOptions, Progress

CIRCLE = Rule(
    code="AV833",
    slug="circular-objects",
    severity=Severity.ERROR,
    summary="Objects need each other in a circle that cannot be broken.",
    why="Each revision makes objects one after the other. Foreign keys can be added later; a default, a view or a "
    "function with a parsed body cannot.",
    fix="Take one of the objects out of the circle, for instance with a function whose body is a string.",
    bad="CREATE FUNCTION f(t) ...;\nCREATE TABLE t (id int DEFAULT f(NULL::t));",
    good="CREATE FUNCTION f() ...;\nCREATE TABLE t (id int DEFAULT f());",
)
NOT_CARRIED = Rule(
    code="AV834",
    slug="object-not-carried",
    severity=Severity.ERROR,
    summary="An object is of a kind that can only be carried by its own statement, and there is no single one.",
    why="The facts about such an object are not modelled; only its CREATE statement says what it is.",
    fix="Say all of it in one CREATE statement, without later ALTER statements.",
    bad="CREATE PUBLICATION changes;\nALTER PUBLICATION changes ADD TABLE users;",
    good="CREATE PUBLICATION changes FOR TABLE users;",
)
RULES = (CIRCLE, NOT_CARRIED)


class Generation:
    """The project, the compiled spec, the chain and the scratch server of one run, and what was made of them."""

    def __init__(self, project: Project, compiled: Compiled, chain: Chain, server: ScratchServer) -> None:
        """Read the snapshot and the chain.

        Raises:
            DecisionNeededError: There are several heads.
            ConfigurationError: The snapshot is damaged.
            EnvironmentFailureError: The chain cannot be read.
        """
        self._project = project
        self._compiled = compiled
        self._chain = chain
        self._server = server
        self._snapshot: Snapshot | None = read_snapshot(project.script_location / NAME)
        try:
            found = decode_pending(self._snapshot.pending) if self._snapshot else ()
        except ValueError as error:
            raise ConfigurationError(BROKEN.diagnostic(str(error), path=NAME)) from error
        self.pending: tuple[Pending, ...] = in_order(found)
        self._known = [found.revision for found in self.pending]  # what was pending before this run
        self._recall = Recall(project, chain, server)
        self._before = Catalog()  # what the chain makes once all that is pending has been written and run
        self._target = compiled.catalog  # what the proof must arrive at
        self._running = self._before  # what the running release knows
        self._next = compiled.catalog  # what the next one knows
        self._foreign: tuple[str, ...] = self._snapshot.foreign if self._snapshot else ()
        self._staging: Staging | None = None
        self._staged: tuple[Staged, ...] = ()
        self._kept: tuple[Staged, ...] = ()  # those of the staged revisions that will be written
        self._renames: Mapping[Key, Key] = {}  # new key → old key
        self._detaching = False
        self._scripts: tuple[Script, ...] = ()
        self.diagnostics: list[Diagnostic] = []

    @property
    def known_files(self) -> Mapping[str, str]:
        """The digests of the files that earlier runs wrote."""
        return self._snapshot.files if self._snapshot else {}

    def model_states(self) -> tuple[Catalog, Catalog, Mapping[Key, Key]]:
        """What the models say now, what they shall say once ``plan`` is written, and the old keys of what is renamed.

        The first run of a project starts from what its chain makes; later ones from what the spec said last.
        """
        if self._snapshot is None:
            return self._before, self._target, self._renames
        return Catalog(self._snapshot.facts), self._compiled.catalog, self._renames

    # -- plan -------------------------------------------------------------------------------------------------------

    def recall(self, database_url: str | None = None) -> None:
        """Find out what the chain makes.

        Args:
            database_url: A staging copy to read that from.

        Raises:
            EnvironmentFailureError: The chain cannot be run, and no snapshot covers its head; or the copy cannot be
                used.
        """
        pending = self._known
        if database_url is not None and self._recall.head:
            from alembic_vibe.basis import from_database

            self._start_from(from_database(database_url, self._recall, self._server, self._compiled.catalog.facts))
        try:
            self._before = self._recall.state(pending)
        except ChainFailureError as failure:
            self._start_from_snapshot(failure)
            self._before = self._recall.state(pending)
        known = self._snapshot.facts if self._snapshot else {}
        facts = {key: fact for key, fact in self._before.facts.items() if key in known} if known else self._before.facts
        self._running = replace(self._before, facts=facts)

    def _start_from(self, basis: Basis) -> None:
        self._recall.start_from(basis)
        self.diagnostics += basis.notes

    def _start_from_snapshot(self, failure: ChainFailureError) -> None:
        """Take the snapshot for a chain that cannot be replayed; raises the failure where it does not cover it."""
        from alembic_vibe.basis import from_snapshot

        basis = None
        if self._snapshot is not None and self._recall.template is None:
            basis = from_snapshot(self._snapshot, self._known, self._recall, self._server, failure.error)
        if basis is None:
            raise failure
        self._start_from(basis)

    def plan(self, options: GenerateOptions, *, accept_all: bool = False) -> Plan:
        """Return the revisions of all phases that lead to the spec; ``accept_all`` for a look at them only.

        Raises:
            DecisionNeededError: The author must say more, or accept a hazard.
            SpecError: New objects cannot be ordered, or one cannot be carried.
        """
        compiled = self._compiled
        self._detaching = options.detach_backfill
        decided = decide(compiled, self._before, self._snapshot, self.pending, self._recall, options)
        self._target, self._foreign = decided.target, decided.foreign
        self._renames = decided.situation.intents.renamed
        self.diagnostics += decided.notes
        try:
            if not self._recall.head:
                plan = plan_changes(decided.situation.changes, compiled.catalog, compiled.origins, compiled.sections)
            else:
                evolution = plan_evolution(decided.situation, compiled.origins, compiled.sections)
                refuse_unplanned(evolution, compiled)
                plan = evolution.plan
        except CycleError as error:
            raise SpecError(CIRCLE.diagnostic(f"these need each other: {', '.join(map(str, error.nodes))}")) from error
        except LookupError as error:
            raise SpecError(NOT_CARRIED.diagnostic(str(error))) from error
        if not accept_all:
            refuse_unaccepted(plan.of_phases(Phase.EXPAND, Phase.MIGRATE, Phase.CONTRACT), options.accepted)
        return plan

    def planned(self, phase: Phase, options: GenerateOptions) -> Plan:
        """Return the pending revisions that a later phase writes now.

        Raises:
            DecisionNeededError: Something would be dropped for good that nobody has accepted.
        """
        chosen = [found.revision for found in due(self.pending, phase)]
        refuse_unaccepted(chosen, options.accepted if phase is Phase.PURGE else None)
        self._target = self._before
        self._next = self._running
        return Plan(tuple(chosen))

    # -- stage and prove --------------------------------------------------------------------------------------------

    def stage(self, plan: Plan, *phases: Phase) -> tuple[RevisionInfo, ...]:
        """Write all that is planned and pending into a copy of the project's scripts, as it will run.

        Args:
            plan: What ``plan`` or ``planned`` returned.
            phases: The revisions of these phases are for the project; what the plan has of others becomes pending.
        """
        from alembic_vibe.artifacts import make_account
        from alembic_vibe.render.revisions import render_revision

        now = plan.of_phases(*phases)
        waiting = [found for found in self.pending if found.revision not in now]
        if self._detaching:
            plan, self._scripts = detach(plan)
            now = plan.of_phases(*phases)
        new = [found for found in plan.revisions if found not in now]
        later = in_order([*waiting, *(Pending(found, "") for found in new)])
        account = make_account(self._compiled)
        authored = self._compiled.authored
        scripts = (script.revision for script in self._scripts)  # only to be proven
        everything = Plan((*now, *scripts, *(found.revision for found in later)))
        shown = authored_plan(everything, self._compiled.catalog, authored)
        texts = [(revision, render_revision(revision, authored, account)) for revision in shown.revisions]
        if texts:
            self._staging = Staging(self._project, self._chain, self._recall.scripts)
            self._staged = self._staging.write(texts)
        self._kept = self._staged[: len(now)]
        since = self._kept[0].id if self._kept else self._recall.head
        self.pending = tuple(found if found.since else replace(found, since=since) for found in later)
        return tuple(RevisionInfo(s.id, s.final_path, s.title, ResultPhase(s.planned.phase)) for s in self._kept)

    def prove(self, progress: Progress) -> Proof:
        """Run the staged revisions up, down and up again.

        Raises:
            FindingsError: That shows a fault.
            EnvironmentFailureError: The revisions before them cannot be run, and no snapshot covers them.
        """
        try:
            proof = self._prove(progress)
        except ChainFailureError as failure:  # the state was known from an earlier run
            from alembic_vibe.basis import from_state

            if self._recall.template is not None:
                raise
            basis = from_state(self._before, self._known, self._recall, self._server, failure.error)
            if basis is None:
                raise
            self._start_from(basis)
            proof = self._prove(progress)
        self._remember(proof)
        return proof

    def _prove(self, progress: Progress) -> Proof:
        chain, server, base = self._chain, self._server, self._recall.head
        if base:
            from alembic_vibe.prove.evolution import prove_evolution
            from alembic_vibe.prove.staged import staged

            return prove_evolution(
                chain,
                server,
                target=self._target,
                old=self._running,
                new=self._next,
                stages=[
                    staged(found.id, found.planned, changes=_filled(found.planned, self._before))
                    for found in self._staged
                ],
                base=base,
                progress=progress,
                template=self._recall.template,
            )
        from alembic_vibe.prove.proof import prove

        revisions = [found.id for found in self._staged]
        back = {found.id for found in self._staged if _reaches_back(found.planned)}
        return prove(chain, server, self._target, revisions, "base", progress, twice=back)

    def _remember(self, proof: Proof) -> None:
        """Keep what the next run starts from: the state after all that is pending."""
        pending = [found.revision for found in self.pending]
        remember(self._recall.digest([found.path for found in self._kept], pending), proof.catalog)

    # -- what to write ----------------------------------------------------------------------------------------------

    def staged_files(self) -> dict[str, str]:
        """Return the texts of the new revisions and of detached backfills by their path in the project."""
        from alembic_vibe.render.detached import render_script

        files = {found.final_path: found.path.read_text(encoding="utf-8") for found in self._kept}
        folder = (self._project.script_location / "backfills").relative_to(self._project.root).as_posix()
        first = self._kept[0].id if self._kept else self._recall.head
        for script in self._scripts:
            path = f"{folder}/{first}_{script.name}.sql"
            files[path] = render_script(script, path)
        return files

    def snapshot_file(self, digests: Mapping[str, str]) -> dict[str, str]:
        """Return the snapshot by its path, if it is not on the disk already."""
        compiled = self._compiled
        facts = compiled.catalog.facts
        words = compiled.authored.facts
        snapshot = Snapshot(
            spec=compiled.spec.source.path,
            head=self._kept[-1].id if self._kept else self._recall.head,
            server_version=compiled.catalog.server_version,
            source=compiled.parsed.digest(),
            facts={key: facts[key] for key in creation_order(compiled.catalog, compiled.origins)},
            words={key: fact for key, fact in words.items() if key in facts and fact != facts[key]},
            sources=_sources(compiled),
        )
        return self._write(replace(snapshot, files=digests, foreign=self._foreign))

    def later_snapshot_file(self) -> dict[str, str]:
        """Return the snapshot of a run that wrote a later phase: the spec is not looked at, nothing else changes."""
        old = self._snapshot
        if old is None or not self._kept:
            return {}
        return self._write(replace(old, head=self._kept[-1].id))

    def _write(self, snapshot: Snapshot) -> dict[str, str]:
        path = self._project.script_location / NAME
        snapshot = replace(snapshot, pending=tuple(found.encode() for found in self.pending))
        old = self._snapshot
        if old is not None and _same(old, snapshot):
            return {}
        return {path.relative_to(self._project.root).as_posix(): snapshot.text()}


_KEPT_SOURCES = {Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.RULE, Kind.TRIGGER, Kind.POLICY}


def _sources(compiled: Compiled) -> dict[Key, str]:
    """Return the author's statements of what PostgreSQL may print differently when it reads its own print again."""
    facts: Mapping[Key, Fact] = compiled.catalog.facts
    return {key: text for key, text in compiled.origins.source.items() if key.kind in _KEPT_SOURCES and key in facts}


def _filled(revision: PlannedRevision, catalog: Catalog) -> set[Key]:
    """Return what a revision is there to change: columns, and where rows are filled what their triggers write."""
    keys = {step.key for step in revision.steps if step.key.kind is Kind.COLUMN and step.phase is not Phase.EXPAND}
    filled = {table_of(step.key) for step in revision.steps if step.mode is Mode.BATCHED}
    triggered = {table_of(trigger.key) for trigger in catalog.of_type(Trigger) if " UPDATE" in trigger.definition}
    return keys | (filled & triggered)


def _reaches_back(revision: PlannedRevision) -> bool:
    """Whether a revision adds constraints to tables that it does not make itself."""
    here = {step.key for step in revision.steps}
    return any(
        step.key.kind is Kind.CONSTRAINT and Key(Kind.TABLE, step.key.schema, step.key.name) not in here
        for step in revision.steps
    )


def _same(old: Snapshot, new: Snapshot) -> bool:
    """Whether nothing that matters differs; another server version alone, or another order, is no reason to write."""
    if old.server_version != new.server_version and (old.source, old.head) == (new.source, new.head):
        return (old.files, old.pending) == (new.files, new.pending)
    return old == new
