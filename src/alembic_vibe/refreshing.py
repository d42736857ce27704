"""``seed refresh``: compile the specification as if no data files were there, and compare them with what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ExitCode
from alembic_vibe.results import SeedResult
from alembic_vibe.seed.standards import rules

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.config import Project
    from alembic_vibe.results import Progress


def _silent(_what: str) -> None:
    """Tell nobody."""


def refresh(
    project: Project,
    spec_path: Path,
    *,
    check: bool = False,
    scratch_url: str | None = None,
    progress: Progress = _silent,
) -> SeedResult:
    """Show what changed upstream since the files of reference data were written, and write them anew.

    Args:
        project: Where they are.
        spec_path: The specification.
        check: Only show; the exit code is FINDINGS if a file would change.
        scratch_url: Where the rows are tried; a private server otherwise.
        progress: Called with what is being done.

    Raises:
        SpecError: The spec does not compile.
        ConfigurationError: A data file cannot be read.
        EnvironmentFailureError: No PostgreSQL, or a file cannot be written.
    """
    from alembic_vibe import compilation, writing
    from alembic_vibe.postgres.server import scratch_server
    from alembic_vibe.seed.refresh import compare_files

    progress("compiling the specification")
    parsed = compilation.parse(spec_path, project.shown(spec_path))  # without the project's files
    with scratch_server(scratch_url, compilation.extensions_of(parsed)) as server:
        compiled = compilation.compile_spec(parsed, server)
    found = compare_files(project.seeds, compiled.seeds)
    news = [file for file in found if file.is_news]
    files: dict[str, str | bytes | None] = {}
    for file in news:
        if not file.edited:
            if file.target != file.path:
                files[file.path.relative_to(project.root).as_posix()] = None
            files[file.target.relative_to(project.root).as_posix()] = file.text
    kept = [
        rules.KEPT.diagnostic(
            f"{project.shown(file.path)} was edited by hand and is left as it is", path=project.shown(file.path)
        )
        for file in news
        if file.edited
    ]
    if not check:
        progress("writing")
        writing.write_all(project.root, files)
    lines = [line for file in found for line in file.lines()] or ["No reference data from a library."]
    if files and not check:
        lines.append("Next: read the diff, then alembic-vibe generate and alembic-vibe seed")
    refused = [d for d in compiled.diagnostics if d.code == rules.REFUSED.code]
    return SeedResult(
        exit_code=ExitCode.FINDINGS if check and files else ExitCode.DONE,
        diagnostics=(*refused, *kept),
        lines=tuple(lines),
        changes={file.path.name: len(file.added) + file.rows_changed for file in news if not file.edited},
        more={"files": [file.as_dict() for file in found]},
    )
