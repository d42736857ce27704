"""``alembic-vibe verify``: every revision up, down and up, with rows, and with the statements of both releases."""

from __future__ import annotations

import click

from alembic_vibe.cli.state import State, common_options


@click.command(short_help="Prove the whole chain: up, down, up; rows survive; both releases keep working.")
@click.option(
    "--database-url",
    metavar="URL",
    help="Make the databases for it beside this one (its tables are not touched), not on the embedded PostgreSQL.",
)
@common_options
@click.pass_obj
def command(state: State, database_url: str | None) -> int:
    """Run every revision of the chain up, down and up again on databases of its own.

    Rows survive; the statements of the release before a change pass through expand and migrate, those of the release
    after it through migrate and contract.
    """
    project = state.project()

    from alembic_vibe import pipeline
    from alembic_vibe.cli.progress import progress

    with progress(state) as tell:
        result = pipeline.verify(project, database_url or state.scratch_url, tell)
    state.report(result.diagnostics, result.as_dict())
    for line in result.proof:
        state.say(line)
    if not result.diagnostics:
        state.say("The chain is proven." if result.proof else "The chain is empty.")
    return int(result.exit_code)
