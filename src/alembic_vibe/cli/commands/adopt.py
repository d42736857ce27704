"""``alembic-vibe adopt``: into an existing Alembic project."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.adopt.model import Findings
    from alembic_vibe.adopt.run import Adopted


@click.command(short_help="Into an existing Alembic project; shows what it would change.")
@click.option("--write", is_flag=True, help="Make the changes, instead of showing them: all of them, or none.")
@click.option(
    "--spec-from-database",
    "url",
    metavar="URL",
    help="Write the specification from what this database has. It is only read.",
)
@click.option(
    "--spec-from-chain", "from_chain", is_flag=True, help="Write the specification from what the revisions make."
)
@common_options
@click.pass_obj
def command(state: State, write: bool, url: str | None, from_chain: bool) -> int:
    """Find out what an existing Alembic project has, and show what would change in it, as a diff.

    Nothing is changed without --write. Files that are there keep every line that is not meant; a specification that is
    there is never overwritten.
    """
    from alembic_vibe.adopt import run
    from alembic_vibe.adopt.report import describe as describe_findings

    if url and from_chain:
        message = "--spec-from-database and --spec-from-chain are two sources for one document; give one of them."
        raise click.UsageError(message)
    describe = None
    if url:
        describe = partial(run.describe_database, url=url, scratch_url=state.scratch_url)
    elif from_chain:
        describe = partial(run.describe_chain, scratch_url=state.scratch_url)

    def tell(findings: Findings) -> None:
        for line in describe_findings(findings):
            state.say(line)

    adopted = run.adopt(state.config, Path.cwd(), write=write, describe=describe, found=tell)
    if state.format == "text":
        _tell(state, adopted, write=write)
    state.report(adopted.diagnostics, _plain(adopted))
    undecided = adopted.environment is None
    if not undecided and state.format == "text":
        _tell_next(state, adopted, write=write)
    return 3 if undecided else 0


def _tell(state: State, adopted: Adopted, *, write: bool) -> None:
    if adopted.environment is None:
        return
    state.say()
    if not adopted.edits:
        state.say("Nothing to change: the project has been adopted.")
        return
    state.say("Changed:" if write else "Would change:")
    for edit in adopted.edits:
        state.say(f"  {adopted.shown(edit.path)}" + (" (new)" if edit.before is None else ""))
        for why in edit.why:
            state.say(f"      {why}")
    if not write:
        sys.stdout.write(adopted.diff)
        sys.stdout.flush()


def _tell_next(state: State, adopted: Adopted, *, write: bool) -> None:
    state.say()
    if adopted.edits and not write:
        state.say("Nothing was changed. `alembic-vibe adopt --write` makes these changes.")
        return
    state.say("Next:")
    steps = list(_steps(state, adopted))
    width = max(len(step) for step, _ in steps)
    for step, what in steps:
        state.say(f"  {step:<{width}}   {what}")


def _steps(state: State, adopted: Adopted) -> Iterator[tuple[str, str]]:
    """Yield the commands that come now, with what they do."""
    from alembic_vibe.adopt.request import nested

    environment = adopted.environment
    config = str(state.config or "") or (nested(environment, adopted.findings.root) if environment else "")
    option = f" -c {config}" if config else ""
    if environment is not None and len(environment.heads) > 1:
        section = f" -n {environment.section}" if environment.section != "alembic" else ""
        yield f"alembic{option}{section} merge heads -m 'merge'", "one head for the next revision"
    baseline = "--all --baseline lint-baseline.json --update-baseline"
    yield f"alembic-vibe{option} lint {baseline}", "accepts what is old"
    yield f"alembic-vibe{option} plan", "what the specification would change"
    yield f"alembic-vibe{option} generate", "writes it"


def _plain(adopted: Adopted) -> dict[str, object]:
    from alembic_vibe.adopt.report import as_json

    return {
        "findings": as_json(adopted.findings),
        "changes": [{"path": adopted.shown(edit.path), "why": list(edit.why)} for edit in adopted.edits],
        "diff": adopted.diff,
        "written": list(adopted.written),
    }
