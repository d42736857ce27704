"""``alembic-vibe lint``: what is dangerous in the revisions of any Alembic project, before it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.config import Project


@click.command(short_help="Find what is dangerous in revisions, with its Python line and its SQL.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--since", metavar="REV|GITREF", help="Lint what comes after a revision, or has changed since a commit.")
@click.option("--all", "everything", is_flag=True, help="Lint the whole chain.")
@click.option(
    "--direction", type=click.Choice(["up", "down", "both"]), help="Which functions to lint; both unless given."
)
@click.option(
    "--pg-version",
    type=click.Choice(["15", "16", "17", "18"]),
    help="The oldest PostgreSQL that the revisions must run on; 15 unless given.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    help="Exit with 1 from this severity on; error unless given.",
)
@click.option("--strict", is_flag=True, help="Treat what could not be followed as an error; ask for reasons.")
@click.option("--baseline", metavar="FILE", type=click.Path(path_type=Path), help="Hide the findings listed there.")
@click.option("--update-baseline", is_flag=True, help="Write the findings of the whole chain to the baseline.")
@click.option("--fix", is_flag=True, help="Repair what can be repaired without a doubt, and report what is left.")
@click.option("--diff", is_flag=True, help="With --fix: print the changes, and write nothing.")
@click.option("--no-cache", is_flag=True, help="Use nothing that earlier runs remember.")
@common_options
@click.pass_obj
def command(
    state: State,
    paths: tuple[Path, ...],
    since: str | None,
    everything: bool,
    direction: str | None,
    pg_version: str | None,
    fail_on: str | None,
    strict: bool,
    baseline: Path | None,
    update_baseline: bool,
    fix: bool,
    diff: bool,
    no_cache: bool,
) -> int:
    """Lint the revisions that the branch adds or changes, or those of PATH.

    Works in any Alembic project, without a specification, a server or models. PATHs are revision files or folders.
    """
    if everything and since is not None:
        raise click.UsageError("--all and --since exclude each other")
    if update_baseline and (paths or since is not None):
        raise click.UsageError("--update-baseline is of the whole chain: give it neither PATH nor --since")
    if fix and update_baseline:
        raise click.UsageError("--fix and --update-baseline exclude each other")
    if diff and (not fix or state.format != "text"):
        raise click.UsageError("--diff is for --fix, with the text format")
    project = state.project(require_environment=not paths, read_only=True)

    from alembic_vibe.cli.lint_text import lint_lines
    from alembic_vibe.diagnostics import ExitCode
    from alembic_vibe.lint.runs import Asked, lint, repository_root, shown_from

    asked = Asked(
        paths=paths,
        since=since,
        all=everything,
        baseline=baseline,
        update_baseline=update_baseline,
        pg_version=int(pg_version) if pg_version else None,
        direction=direction,
        fail_on=fail_on,
        strict=strict,
        use_cache=not no_cache,
    )
    repaired = None
    if fix:
        from alembic_vibe.cli.repairing import repair_files, repair_lines, show_repair

        if diff:
            return ExitCode.FINDINGS if show_repair(state, project, asked, Path.cwd()) else ExitCode.DONE
        repaired, asked = repair_files(project, asked, Path.cwd())
    outcome = lint(project, asked, Path.cwd(), _drift)
    # People and programs start from where they are; services that show findings, from the top of the repository.
    base = Path.cwd() if state.format in {"text", "json"} else repository_root(project.root)
    account: dict[str, object] = {"summary": outcome.summary()}
    if repaired is not None:
        account["repaired"] = {"findings": len(repaired.solved), "files": sorted(repaired.files)}
    state.report(shown_from(outcome.diagnostics, project.root, base), account)
    for line in repair_lines(repaired) if repaired is not None else ():
        state.say(line)
    for line in lint_lines(outcome):
        state.say(line)
    return ExitCode.FINDINGS if outcome.failed else ExitCode.DONE


def _drift(project: Project) -> Sequence[str]:
    from alembic_vibe.history.names import SNAPSHOT

    if not (project.script_location / SNAPSHOT).is_file():
        return ()  # made by hand: nothing was generated from a specification
    from alembic_vibe import pipeline

    return pipeline.drift(project)
