"""``alembic-vibe adopt``: into an existing Alembic project."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
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

    if url and from_chain:
        message = "--spec-from-database and --spec-from-chain are two sources for one document; give one of them."
        raise click.UsageError(message)
    describe = None
    if url:
        describe = partial(run.describe_database, url=url)
    elif from_chain:
        describe = partial(run.describe_chain, scratch_url=state.scratch_url)
    adopted = run.adopt(state.config, Path.cwd(), write=write, describe=describe)
    if state.format == "text":
        _tell(state, adopted, write=write)
    state.report(adopted.diagnostics, _plain(adopted))
    undecided = adopted.environment is None
    if not undecided and state.format == "text":
        _tell_next(state, adopted, write=write)
    return 3 if undecided else 0


def _tell(state: State, adopted: Adopted, *, write: bool) -> None:
    from alembic_vibe.adopt.report import describe

    for line in describe(adopted.findings):
        state.say(line)
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
    for step in (
        "alembic-vibe lint --all --baseline lint-baseline.json --update-baseline   accepts what is old",
        "alembic-vibe plan                                                        what the specification would change",
        "alembic-vibe generate                                                    writes it",
    ):
        state.say(f"  {step}")


def _plain(adopted: Adopted) -> dict[str, object]:
    from alembic_vibe.adopt.report import as_json

    return {
        "findings": as_json(adopted.findings),
        "changes": [{"path": adopted.shown(edit.path), "why": list(edit.why)} for edit in adopted.edits],
        "diff": adopted.diff,
        "written": list(adopted.written),
    }
