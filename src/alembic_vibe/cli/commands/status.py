"""``alembic-vibe status``: what is pending, since when, and why."""

from __future__ import annotations

import click

from alembic_vibe.cli.state import State, common_options


@click.command(short_help="List pending contracts and what is set aside, with age and reason.")
@common_options
@click.pass_obj
def command(state: State) -> int:
    """List the revisions of contract and purge that wait, and the objects that are set aside until the purge.

    Needs no database: what is pending stands in the snapshot beside the revisions.
    """
    project = state.project()

    from alembic_vibe.cli.plan_text import status_lines
    from alembic_vibe.standing import status

    result = status(project)
    state.report([], result.as_dict())
    for line in status_lines(result):
        state.say(line)
    return 0
