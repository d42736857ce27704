"""The whole run, one line a stage. Read this file first.

read      spec/      Markdown → Spec
parse     sql/       SQL → statements
load      postgres/  statements → scratch database → Catalog
recall    history/   the Alembic chain → Catalog at its head
compare   diff/      Catalog × Catalog → changes
plan      plan/      changes → steps, grouped into revisions
render    render/    plan and catalog → models, revisions, seeds, tests
prove     prove/     the rendered revisions, on a scratch database
write     writing    all files, or none
"""  # noqa: RUF002

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, ExitCode, Rule, Severity, SpecError
from alembic_vibe.results import (
    CheckResult,
    Counts,
    GenerateOptions,
    GenerateResult,
    Phase,
    PlannedInfo,
    PlanResult,
    SeedResult,
    StepInfo,
    VerifyResult,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.compilation import Compiled
    from alembic_vibe.config import Project
    from alembic_vibe.constraint_tests import TestDataResult
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.generation import Generation
    from alembic_vibe.history.snapshot import Snapshot
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.results import Progress
    from alembic_vibe.subset.run import SubsetResult

DRIFT = Rule(
    code="AV871",
    slug="project-behind-specification",
    severity=Severity.WARNING,
    summary="The specification has changed since the project was generated, or a generated file is missing.",
    why="Models, revisions, seeds and tests are compiled from the specification; they no longer say the same.",
    fix="Run `alembic-vibe generate`.",
    bad="-- a column added to the specification only\nCREATE TABLE users (id uuid PRIMARY KEY, name text);",
    good="$ alembic-vibe generate",
)
RULES = (DRIFT,)


def _silent(_what: str) -> None:
    """Tell nobody."""


def generate(
    project: Project, spec_path: Path, options: GenerateOptions, progress: Progress = _silent
) -> GenerateResult:
    """Compile a spec into models, revisions, seeds and tests, prove them, and write them.

    ``expand`` plans what changed, and writes the revisions of expand and migrate; the later phases write what waits.

    Raises:
        SpecError: The spec does not compile.
        DecisionNeededError: The chain has several heads, the author must say more, or a hazard is not accepted.
        FindingsError: The proof failed.
        EnvironmentFailureError: No PostgreSQL, a chain that cannot be run, or a file that cannot be written.
    """
    from alembic_vibe import artifacts, writing
    from alembic_vibe.plan.model import Phase as Stage

    with _generation(project, spec_path, options, progress) as (run, compiled):
        progress("planning")
        files = artifacts.Sorted({}, ())
        if options.phase is Phase.EXPAND:
            plan = run.plan(options)
            progress("writing")
            change = artifacts.model_change(compiled, *run.model_states())
            files = artifacts.sort_out(project, artifacts.render_artifacts(project, compiled), run.known_files, change)
            revisions = run.stage(plan, Stage.EXPAND, Stage.MIGRATE)
        else:
            plan = run.planned(Stage(options.phase), options)
            revisions = run.stage(plan, Stage(options.phase)) if plan.revisions else ()
        proof = run.prove(progress) if options.prove and plan.revisions else None
        expanding = options.phase is Phase.EXPAND
        snapshot = run.snapshot_file(files.digests) if expanding else run.later_snapshot_file()
        written = {**files.write, **run.staged_files(), **snapshot}
    diff = writing.unified_diff(project.root, written) if options.dry_run else ""
    if not options.dry_run and not options.check:
        writing.write_all(project.root, written)
    repairs = compiled.loaded.repairs
    return GenerateResult(
        exit_code=ExitCode.FINDINGS if options.check and written else ExitCode.DONE,
        diagnostics=(*compiled.diagnostics, *run.diagnostics, *files.diagnostics),
        counts=count(compiled.catalog, len(set(compiled.origins.section.values()))),
        revisions=revisions,
        pending=tuple(found.revision.title for found in run.pending),
        repairs=tuple(f"{repair.shown_path}:{repair.line}: {repair.message}" for repair in repairs),
        coverage=compiled.parsed.coverage(),
        written=tuple(sorted(written)),
        unchanged=files.same,
        diff=diff,
        proof=(*proof.lines, *(f"left empty: {line}" for line in proof.unfilled)) if proof else (),
    )


def plan(project: Project, spec_path: Path, options: GenerateOptions, progress: Progress = _silent) -> PlanResult:
    """Say what ``generate`` would do: the steps of all phases, and what is already pending. Writes nothing.

    Raises:
        SpecError: The spec does not compile.
        DecisionNeededError: The chain has several heads, or the author must say more.
        EnvironmentFailureError: No PostgreSQL, or a chain that cannot be run.
    """
    with _generation(project, spec_path, options, progress) as (run, compiled):
        progress("planning")
        found = run.plan(replace(options, prove=False), accept_all=True)
        pending = run.pending
    return PlanResult(
        diagnostics=(*compiled.diagnostics, *run.diagnostics),
        counts=count(compiled.catalog, len(set(compiled.origins.section.values()))),
        revisions=tuple(_planned_info(revision) for revision in found.revisions),
        pending=tuple(_planned_info(waiting.revision) for waiting in pending),
        repairs=tuple(f"{repair.shown_path}:{repair.line}: {repair.message}" for repair in compiled.loaded.repairs),
        coverage=compiled.parsed.coverage(),
    )


def _planned_info(revision: PlannedRevision) -> PlannedInfo:
    """Return a planned revision as plain values, for people and JSON."""
    return PlannedInfo(
        title=revision.title,
        phase=Phase(revision.phase),
        section=revision.section,
        mode=revision.mode.value,
        steps=tuple(
            StepInfo(
                object=str(step.key),
                sql=tuple(sql for operation in step.up for sql in operation.statements),
                locks=tuple((lock.relation.qualified, str(lock.level)) for lock in step.locks),
                scans=tuple(key.qualified for key in step.scans),
                rewrites=tuple(key.qualified for key in step.rewrites),
                verify=tuple(verify.message for verify in step.verify),
                old_sees=step.old_sees,
                new_sees=step.new_sees,
                loses=step.loses,
                notes=step.notes,
                hazards=tuple((d.hazard.slug, d.object, d.message) for d in step.dangers),
            )
            for step in revision.steps
        ),
        notes=revision.notes,
    )


@contextmanager
def _generation(
    project: Project, spec_path: Path, options: GenerateOptions, progress: Progress
) -> Iterator[tuple[Generation, Compiled]]:
    """Compile the spec, and find out what the chain makes."""
    from alembic_vibe import compilation
    from alembic_vibe.generation import Generation
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import scratch_server

    progress("reading the specification")
    with Chain(project.home or project.root, project.section, project.search) as chain:
        chain.begin(project.ini, project.pyproject)  # Alembic is read in by another process meanwhile
        parsed = compilation.parse(spec_path, project.shown(spec_path), project.seeds)
        with scratch_server(options.scratch_url, compilation.extensions_of(parsed)) as server:
            progress("compiling the specification")
            compiled = compilation.compile_spec(parsed, server)
            progress("reading the chain")
            run = Generation(project, compiled, chain, server)
            run.recall(options.database_url)
            yield run, compiled


def verify(project: Project, url: str | None, progress: Progress = _silent) -> VerifyResult:
    """Prove the whole chain of a project on a scratch server, or on databases made beside the one that ``url`` names.

    Raises:
        DecisionNeededError: The chain has several heads.
        EnvironmentFailureError: No PostgreSQL, or a chain that cannot be run.
    """
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import scratch_server
    from alembic_vibe.recall import Recall
    from alembic_vibe.verification import prove_stretch, stretches

    lines: list[str] = []
    found: list[Diagnostic] = []
    with (
        Chain(project.home or project.root, project.section, project.search) as chain,
        scratch_server(url) as server,
    ):
        progress("reading the chain")
        recall = Recall(project, chain, server)
        for stretch in stretches(recall.scripts.scripts):
            proven, problems = prove_stretch(stretch, chain, server, recall, progress)
            first, last = stretch.scripts[0].revision, stretch.scripts[-1].revision
            name = first if first == last else f"{first} to {last}"
            lines += [f"{name}: {line}" for line in proven]
            found += problems
    return VerifyResult(ExitCode.FINDINGS if found else ExitCode.DONE, tuple(found), tuple(lines))


def check(project: Project, spec_path: Path, scratch_url: str | None = None) -> CheckResult:
    """Report the mistakes of a spec, and whether the project is behind it. Needs no server unless one is named.

    Raises:
        SpecError: There is no Section 5 to check.
    """
    from alembic_vibe import compilation
    from alembic_vibe.history.snapshot import NAME, read_snapshot

    parsed = compilation.parse(spec_path, project.shown(spec_path), project.seeds)
    diagnostics = parsed.diagnostics
    counts = Counts()
    if scratch_url is not None:
        from alembic_vibe.postgres.server import scratch_server

        with scratch_server(scratch_url) as server:
            compiled = compilation.compile_spec(parsed, server)
        diagnostics, counts = compiled.diagnostics, count(compiled.catalog, len(compiled.sections))
    snapshot = read_snapshot(project.script_location / NAME) if project.has_environment else None
    found = (DRIFT.diagnostic(message) for message in _drift(project, parsed.digest(), snapshot))
    return CheckResult((*diagnostics, *found), counts, parsed.coverage())


def drift(project: Project) -> list[str]:
    """Return how the project is behind its spec, a line each; empty where it has no snapshot or no spec.

    A spec that cannot be read is `check`'s to report.
    """
    from alembic_vibe import compilation
    from alembic_vibe.history.snapshot import NAME, read_snapshot

    if not project.has_environment or not project.spec.is_file():
        return []
    snapshot = read_snapshot(project.script_location / NAME)
    if snapshot is None:
        return []
    try:
        parsed = compilation.parse(project.spec, project.shown(project.spec))
    except SpecError:
        return []
    return _drift(project, parsed.digest(), snapshot)


def _drift(project: Project, digest: str, snapshot: Snapshot | None) -> list[str]:
    if snapshot is None:
        return []
    missing = [path for path in snapshot.files if not (project.root / path).exists()]
    messages = [f"{path} is missing" for path in missing]
    if snapshot.source and snapshot.source != digest:
        messages.append(f"{snapshot.spec} has changed since the project was generated from it")
    return messages


def seed(
    project: Project,
    url: str,
    *,
    what: str | None = None,
    check: bool = False,
    force: Sequence[tuple[str, str]] = (),
    progress: Progress = _silent,
) -> SeedResult:
    """Bring the project's seed rows into a database; ``force`` names rows that take what the seeds say.

    Raises:
        EnvironmentFailureError: The database cannot be reached or refuses.
        ConfigurationError: A data file is damaged.
        FindingsError: The database refuses rows.
    """
    from alembic_vibe.seed.command import seed_database

    return seed_database(project.seeds, url, what=what, check=check, force=force, tell=progress)


def seed_as_migration(
    project: Project,
    *,
    what: str | None = None,
    check: bool = False,
    scratch_url: str | None = None,
    progress: Progress = _silent,
) -> SeedResult:
    """Write the seed rows that the chain lacks as a revision.

    Raises:
        DecisionNeededError: The chain has several heads.
        ConfigurationError: A data file is damaged, or there is no chain.
        EnvironmentFailureError: No PostgreSQL, or a chain that cannot be run.
        FindingsError: The proof of the revision failed.
    """
    from alembic_vibe.seed.command import chosen_seeds
    from alembic_vibe.seed_revision.run import write_revision

    tables = chosen_seeds(project.seeds, what)
    return write_revision(project, tables, check=check, scratch_url=scratch_url, tell=progress)


def seed_development(
    project: Project, url: str, *, rows: int, seed: int, accept: bool = False, progress: Progress = _silent
) -> SeedResult:
    """Fill the empty tables of a database with made-up rows.

    Raises:
        DecisionNeededError: People's rows seem to be in it, and nobody said that it is the right one.
        EnvironmentFailureError: The database cannot be reached or refuses.
    """
    from alembic_vibe.seed.development import fill_database

    return fill_database(project.seeds, url, rows=rows, seed=seed, accept=accept, tell=progress)


def seed_refresh(
    project: Project, *, check: bool = False, scratch_url: str | None = None, progress: Progress = _silent
) -> SeedResult:
    """Write reference data anew from the libraries that gave them, and show what changed.

    Raises:
        SpecError: The spec does not compile.
        ConfigurationError: A data file is damaged.
        EnvironmentFailureError: No PostgreSQL, or a file that cannot be written.
    """
    from alembic_vibe.refreshing import refresh

    return refresh(project, project.spec, check=check, scratch_url=scratch_url, progress=progress)


def seed_test(
    project: Project,
    url: str | None,
    *,
    check: bool = False,
    scratch_url: str | None = None,
    progress: Progress = _silent,
) -> TestDataResult:
    """Write the rows at the edges of every constraint, and the tests that run them.

    Raises:
        SpecError: The spec does not compile.
        EnvironmentFailureError: No PostgreSQL, or the database cannot be reached.
    """
    from alembic_vibe.constraint_tests import write_test_data

    return write_test_data(
        project, project.spec, check=check, scratch_url=scratch_url, database_url=url, progress=progress
    )


def subset(
    source_url: str,
    target: str | None,
    *,
    rows: int | None,
    fraction: float | None,
    classification: Path,
    write: bool = False,
    progress: Progress = _silent,
) -> SubsetResult:
    """Copy a masked share of a database; without a target, check its classification, or write suggestions into it.

    Raises:
        ConfigurationError: The target or the classification cannot be used.
        EnvironmentFailureError: A database cannot be reached or read, or a file cannot be written.
        FindingsError: The target holds rows or refuses one, or an original would have got into it.
    """
    from alembic_vibe import writing
    from alembic_vibe.subset import run

    if target is None:
        result = run.classify(source_url, classification, suggest=write, tell=progress)
        if result.suggested is not None:
            writing.write_all(classification.parent, {classification.name: result.suggested})
        return result
    return run.make_subset(
        source_url, target, rows=rows, fraction=fraction, classification=classification, tell=progress
    )


def differences(project: Project, spec_path: Path, server: ScratchServer, database: str) -> tuple[str, ...]:
    """Compare a migrated database with a fresh load of the spec; return a line for each object that differs."""
    from alembic_vibe import compilation
    from alembic_vibe.catalog.bookkeeping import without_version_table
    from alembic_vibe.diff.compare import compare
    from alembic_vibe.postgres.introspect import read_catalog
    from alembic_vibe.postgres.server import scratch_server

    parsed = compilation.parse(spec_path, project.shown(spec_path))
    with scratch_server(extensions=compilation.extensions_of(parsed), bin_dir=server.bin_dir) as fresh:
        compiled = compilation.compile_spec(parsed, fresh)  # elsewhere: roles belong to the whole server
    with server.connect(database, autocommit=True) as connection:
        found = without_version_table(read_catalog(connection).catalog)
    changes: tuple[Change, ...] = compare(compiled.catalog, found)
    return tuple(change.describe() for change in changes)


def count(catalog: Catalog, sections: int) -> Counts:
    """Return how much a catalog holds, without what PostgreSQL derives for partitions."""
    from collections import Counter

    from alembic_vibe.catalog.keys import Kind
    from alembic_vibe.diff.compare import compared

    kinds = Counter(key.kind for key in compared(catalog))
    named = {Kind.TABLE, Kind.INDEX, Kind.CONSTRAINT}
    return Counts(
        sections=sections,
        tables=kinds[Kind.TABLE],
        indexes=kinds[Kind.INDEX],
        constraints=kinds[Kind.CONSTRAINT],
        other=sum(number for kind, number in kinds.items() if kind not in named),
    )
