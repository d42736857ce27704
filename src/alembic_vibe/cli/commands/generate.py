"""``alembic-vibe generate``: the specification compiled into models, revisions, seeds and tests."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alembic_vibe.cli.options import parse_accepted, parse_renames
from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
    from alembic_vibe.results import Acceptance, Rename


@click.command(short_help="Write models, revisions, seeds and rollback tests for the specification.")
@click.argument("spec", required=False, type=click.Path(path_type=Path))
@click.option(
    "--phase",
    type=click.Choice(["expand", "contract", "purge"]),
    default="expand",
    show_default=True,
    help="Which part of the change to write: what the running release bears, what follows it, or the final clean-up.",
)
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
    help="Accept a hazard, on one object or on all.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be written, as a diff; write nothing.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would be written.")
@click.option(
    "--detach-backfill",
    is_flag=True,
    help="Write backfills as scripts to be run beside the application; the contract then checks that they were.",
)
@click.option("--no-prove", is_flag=True, help="Write without running the plan on a scratch database first.")
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
    phase: str,
    renames: tuple[Rename, ...],
    accepted: tuple[Acceptance, ...],
    dry_run: bool,
    check: bool,
    detach_backfill: bool,
    no_prove: bool,
    database_url: str | None,
) -> int:
    """Compile SPEC and write the SQLAlchemy models, Alembic revisions, seeds and rollback tests that it asks for.

    All files of a run are written or none is. A run without changes writes nothing.
    """
    project = state.project()

    from alembic_vibe import pipeline
    from alembic_vibe.cli.progress import progress
    from alembic_vibe.cli.summary import generate_lines
    from alembic_vibe.results import GenerateOptions, Phase

    options = GenerateOptions(
        phase=Phase(phase),
        renames=renames,
        accepted=accepted,
        dry_run=dry_run,
        check=check,
        prove=not no_prove,
        detach_backfill=detach_backfill,
        scratch_url=state.scratch_url,
        database_url=database_url,
    )
    gc.set_threshold(100_000, 20, 100)  # facts and texts live until the end: collecting costs time and frees little
    with progress(state) as tell:
        result = pipeline.generate(project, _spec_path(spec, project.spec), options, tell)
    state.report(result.diagnostics, result.as_dict())
    if dry_run and result.diff and state.format == "text":
        click.echo(result.diff, nl=not result.diff.endswith("\n"))
    for line in generate_lines(result, options, verbose=state.verbosity > 0):
        state.say(line)
    return int(result.exit_code)


def _spec_path(given: Path | None, default: Path) -> Path:
    return Path.cwd() / given if given is not None else default
