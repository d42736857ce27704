"""``alembic-vibe plan``: what ``generate`` would do, without doing it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alembic_vibe.cli.options import parse_accepted, parse_renames
from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
    from alembic_vibe.results import Acceptance, Rename


@click.command(short_help="Show what generate would do: steps, locks, hazards, what each release sees.")
@click.argument("spec", required=False, type=click.Path(path_type=Path))
@click.option(
    "--rename",
    "renames",
    metavar="OLD=NEW",
    multiple=True,
    callback=parse_renames,
    help="Say that OLD is called NEW now, such as users.name=full_name.",
)
@click.option(
    "--accept",
    "accepted",
    metavar="HAZARD[:OBJECT]",
    multiple=True,
    callback=parse_accepted,
    help="Answer a question as generate would: an old column that shall go, drift that shall be undone.",
)
@click.option(
    "--database-url",
    metavar="URL",
    help="Read the current state from this staging copy, instead of replaying the chain. It is not changed.",
)
@common_options
@click.pass_obj
def command(
    state: State,
    spec: Path | None,
    renames: tuple[Rename, ...],
    accepted: tuple[Acceptance, ...],
    database_url: str | None,
) -> int:
    """Compare SPEC with the chain of revisions, and show the steps of all phases in order. Nothing is written.

    With -v the SQL of every step is shown.
    """
    project = state.project()

    from alembic_vibe import pipeline
    from alembic_vibe.cli.plan_text import plan_lines
    from alembic_vibe.cli.progress import progress
    from alembic_vibe.results import GenerateOptions

    path = Path.cwd() / spec if spec is not None else project.spec
    options = GenerateOptions(
        renames=renames, accepted=accepted, scratch_url=state.scratch_url, database_url=database_url
    )
    gc.set_threshold(100_000, 20, 100)  # as for generate: what is made here lives until the end
    with progress(state) as tell:
        result = pipeline.plan(project, path, options, tell)
    state.report(result.diagnostics, result.as_dict())
    for line in plan_lines(result, verbose=state.verbosity > 0):
        state.say(line)
    return int(result.exit_code)
