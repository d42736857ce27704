"""``alembic-vibe check``: the mistakes of a specification, each with its line."""

from __future__ import annotations

from pathlib import Path

import click

from alembic_vibe.cli.state import State, common_options


@click.command(short_help="Report the mistakes of the specification.")
@click.argument("spec", required=False, type=click.Path(path_type=Path))
@common_options
@click.pass_obj
def command(state: State, spec: Path | None) -> int:
    """Check SPEC, with the place of each mistake and what to write instead."""
    project = state.project(require_environment=False)

    from alembic_vibe import pipeline
    from alembic_vibe.cli.progress import progress
    from alembic_vibe.cli.summary import check_lines
    from alembic_vibe.diagnostics import ExitCode, Severity

    path = Path.cwd() / spec if spec is not None else project.spec
    with progress(state):
        result = pipeline.check(project, path, state.scratch_url)
    state.report(result.diagnostics, {})
    for line in check_lines(result, verbose=state.verbosity > 0):
        state.say(line)
    severities = {d.severity for d in result.diagnostics}
    if Severity.ERROR in severities:
        return ExitCode.USAGE
    return ExitCode.FINDINGS if Severity.WARNING in severities else ExitCode.DONE
