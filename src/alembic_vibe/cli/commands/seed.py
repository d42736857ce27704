"""``alembic-vibe seed``: the reference data and roles of the specification, put into a database."""

from __future__ import annotations

import os

import click

from alembic_vibe.cli.state import State, common_options


@click.command(short_help="Put reference data and roles into a database.")
@click.argument("what", required=False, type=click.Choice(["reference", "roles"]))
@click.option("--database-url", metavar="URL", help="The database; DATABASE_URL otherwise.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if the database lacks anything.")
@common_options
@click.pass_obj
def command(state: State, what: str | None, database_url: str | None, check: bool) -> int:
    """Bring the seed data of the project into the database; without WHAT, all of them.

    Rows are inserted or brought up to date, so running it twice changes nothing.
    """
    url = database_url or os.environ.get("DATABASE_URL")
    if not url:
        raise click.UsageError("Name the database with --database-url or DATABASE_URL.")

    project = state.project()

    from alembic_vibe import pipeline
    from alembic_vibe.cli.progress import progress
    from alembic_vibe.diagnostics import ExitCode

    with progress(state):
        result = pipeline.seed(project, url, what=what, check=check)
    state.report(result.diagnostics, result.as_dict())
    for line in result.lines:
        state.say(line)
    return int(ExitCode(result.exit_code))
