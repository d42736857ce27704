"""``alembic-vibe demo``: the whole way on a sample project, with nothing to set up."""

from __future__ import annotations

from pathlib import Path

import click

from alembic_vibe.cli.state import State, common_options


@click.command(short_help="Compile, migrate and prove a sample project in a new folder.")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False))
@common_options
@click.pass_obj
def command(state: State, directory: Path | None) -> int:
    """Compile the sample specification in DIR, a new temporary folder unless given, and try everything out.

    Writes models, revisions, seeds and tests; migrates an embedded PostgreSQL up; compares it with the
    specification; migrates it down to nothing. The folder is kept, to look around in.
    """
    import tempfile
    import time

    from alembic_vibe.cli.demonstration import demonstrate
    from alembic_vibe.cli.failures import DEMO_FAILED
    from alembic_vibe.cli.progress import progress
    from alembic_vibe.cli.summary import generate_lines
    from alembic_vibe.diagnostics import ExitCode
    from alembic_vibe.results import GenerateOptions

    begun = time.monotonic()
    folder = directory.resolve() if directory else Path(tempfile.mkdtemp(prefix="alembic-vibe-demo-"))
    with progress(state) as tell:
        result = demonstrate(folder, state.scratch_url, tell)
    seconds = time.monotonic() - begun

    findings = [*result.generated.diagnostics, *(DEMO_FAILED.diagnostic(text) for text in result.differences)]
    extra = {**result.generated.as_dict(), "folder": str(folder), "steps": list(result.steps), "seconds": seconds}
    state.report(findings, extra)
    for line in generate_lines(result.generated, GenerateOptions(), verbose=state.verbosity > 0):
        state.say(line if not line.startswith("Next:") else "")
    state.say("Tried out on a real PostgreSQL:")
    for step in result.steps:
        state.say(f"  {step}")
    state.say()
    state.say(f"Done in {seconds:.1f} s. Everything is in {folder}")
    return ExitCode.FINDINGS if result.differences else ExitCode.DONE
