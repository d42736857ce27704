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

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, ExitCode, Rule, Severity
from alembic_vibe.results import CheckResult, Counts, GenerateOptions, GenerateResult, Phase, SeedResult

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.config import Project
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.history.snapshot import Snapshot
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.results import Progress

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
NO_EFFECT = Rule(
    code="AV872",
    slug="option-without-effect",
    severity=Severity.WARNING,
    summary="An option names a change that this version does not plan.",
    why="--rename and --accept decide about changes of existing objects; this version plans new objects only.",
    fix="Leave the option out.",
    bad="$ alembic-vibe generate --rename users.name=full_name",
    good="$ alembic-vibe generate",
)
RULES = (DRIFT, NO_EFFECT)


def _silent(_what: str) -> None:
    """Tell nobody."""


def generate(
    project: Project, spec_path: Path, options: GenerateOptions, progress: Progress = _silent
) -> GenerateResult:
    """Compile a spec into models, revisions, seeds and tests, prove them, and write them.

    Raises:
        SpecError: The spec does not compile.
        DecisionNeededError: The chain has several heads, or the spec changes something that exists.
        FindingsError: The proof failed.
        EnvironmentFailureError: No PostgreSQL, a chain that cannot be run, or a file that cannot be written.
    """
    if options.phase is not Phase.EXPAND:  # nothing is ever pending as long as only new objects are planned
        return GenerateResult()
    from alembic_vibe import artifacts, compilation, writing
    from alembic_vibe.diff.compare import compare
    from alembic_vibe.generation import Generation
    from alembic_vibe.history.chain import Chain
    from alembic_vibe.postgres.server import scratch_server

    progress("reading the specification")
    parsed = compilation.parse(spec_path, project.shown(spec_path))
    with (
        Chain(project.root) as chain,
        scratch_server(options.scratch_url, compilation.extensions_of(parsed)) as server,
    ):
        progress("compiling the specification")
        compiled = compilation.compile_spec(parsed, server)
        run = Generation(project, compiled, chain, server)
        progress("reading the chain")
        before = run.recall()
        changes = run.decide(compare(before, compiled.catalog))
        progress("planning")
        plan = run.plan(changes)
        progress("writing")
        files = artifacts.sort_out(project, artifacts.render_artifacts(project, compiled), run.known_files)
        revisions = run.stage(plan)
        proof = run.prove(progress) if options.prove and revisions else None
        written = {**files.write, **run.staged_files(), **run.snapshot_file(files.digests)}
    diff = writing.unified_diff(project.root, written) if options.dry_run else ""
    if not options.dry_run and not options.check:
        writing.write_all(project.root, written)
    return GenerateResult(
        exit_code=ExitCode.FINDINGS if options.check and written else ExitCode.DONE,
        diagnostics=(*compiled.diagnostics, *run.diagnostics, *files.diagnostics, *_without_effect(options)),
        counts=count(compiled.catalog, len(set(compiled.origins.section.values()))),
        revisions=revisions,
        repairs=tuple(f"{repair.shown_path}:{repair.line}: {repair.message}" for repair in compiled.loaded.repairs),
        coverage=parsed.coverage(),
        written=tuple(sorted(written)),
        unchanged=files.same,
        diff=diff,
        proof=(*proof.lines, *(f"left empty: {line}" for line in proof.unfilled)) if proof else (),
    )


def _without_effect(options: GenerateOptions) -> list[Diagnostic]:
    given = {"--rename": options.renames, "--accept": options.accepted}
    return [NO_EFFECT.diagnostic(f"{name} has no effect here") for name, values in given.items() if values]


def check(project: Project, spec_path: Path, scratch_url: str | None = None) -> CheckResult:
    """Report the mistakes of a spec, and whether the project is behind it. Needs no server unless one is named.

    Raises:
        SpecError: There is no Section 5 to check.
    """
    from alembic_vibe import compilation
    from alembic_vibe.history.snapshot import NAME, read_snapshot

    parsed = compilation.parse(spec_path, project.shown(spec_path))
    diagnostics = parsed.diagnostics
    counts = Counts()
    if scratch_url is not None:
        from alembic_vibe.postgres.server import scratch_server

        with scratch_server(scratch_url) as server:
            compiled = compilation.compile_spec(parsed, server)
        diagnostics, counts = compiled.diagnostics, count(compiled.catalog, len(compiled.sections))
    snapshot = read_snapshot(project.script_location / NAME) if project.has_environment else None
    return CheckResult((*diagnostics, *_drift(project, parsed.digest(), snapshot)), counts, parsed.coverage())


def _drift(project: Project, digest: str, snapshot: Snapshot | None) -> list[Diagnostic]:
    if snapshot is None:
        return []
    missing = [path for path in snapshot.files if not (project.root / path).exists()]
    messages = [f"{path} is missing" for path in missing]
    if snapshot.source and snapshot.source != digest:
        messages.append(f"{snapshot.spec} has changed since the project was generated from it")
    return [DRIFT.diagnostic(message) for message in messages]


def seed(project: Project, url: str, *, what: str | None = None, check: bool = False) -> SeedResult:
    """Bring the project's seed rows into a database.

    Raises:
        EnvironmentFailureError: The database cannot be reached or refuses.
        ConfigurationError: A data file is damaged.
    """
    from alembic_vibe.seed.command import seed_database

    return seed_database(project.seeds, url, what=what, check=check)


def differences(project: Project, spec_path: Path, server: ScratchServer, database: str) -> tuple[str, ...]:
    """Compare a migrated database with a fresh load of the spec; return a line for each object that differs."""
    from alembic_vibe import compilation
    from alembic_vibe.diff.compare import compare
    from alembic_vibe.postgres.introspect import read_catalog
    from alembic_vibe.postgres.server import scratch_server
    from alembic_vibe.prove.proof import without_version_table

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
