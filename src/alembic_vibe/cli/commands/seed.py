"""``alembic-vibe seed``: the rows of the specification, and rows made for it, put into a database or into files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from alembic_vibe.cli.options import parse_rows
from alembic_vibe.cli.state import State, common_options

if TYPE_CHECKING:
    from typing import Any

# The options of each kind of seeds; one that is given to another kind is a mistake.
_OPTIONS = {
    "reference": {"database_url", "check", "force", "as_migration"},
    "roles": {"database_url", "check", "force", "as_migration"},
    "dev": {"database_url", "rows", "seed", "accept_database"},
    "test": {"database_url", "check"},
    "refresh": {"check"},
}


@click.command(short_help="Put reference data, roles or made-up rows into a database.")
@click.argument("what", required=False, type=click.Choice(list(_OPTIONS)))
@click.option("--database-url", metavar="URL", help="The database; DATABASE_URL otherwise.")
@click.option("--rows", type=click.IntRange(min=1), metavar="N", help="dev: how many rows over all tables; 10,000.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="dev: another number gives other rows; 0.")
@click.option("--accept-database", is_flag=True, help="dev: fill it although people's rows are in it.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if anything is to do.")
@click.option(
    "--force",
    metavar="TABLE:KEY",
    multiple=True,
    callback=parse_rows,
    help="Take what the seeds say for this row, whatever people did to it.",
)
@click.option("--as-migration", is_flag=True, help="Write the rows as an Alembic revision; no database is changed.")
@common_options
@click.pass_obj
def command(state: State, /, what: str | None, **options: Any) -> int:
    """Bring seed data into a database; without WHAT, reference data and roles.

    \b
    reference  countries, currencies, feature flags …: the rows of seeds/reference, but for roles
    roles      roles and permissions
    dev        made-up rows that satisfy every constraint, in all empty tables
    test       rows at the edges of every constraint, as files and as a test that runs them
    refresh    what the standards behind the reference data say today

    Reference data and roles are merged: what people edited stays, what they deleted stays away, what the seeds changed
    is taken. Running it twice changes nothing.
    """  # noqa: D301 - \b is click's
    allowed = _OPTIONS[what or "reference"]
    for name, value in options.items():
        if value and name not in allowed:
            option = f"--{name.replace('_', '-')}"
            kinds = " and ".join(kind for kind, names in _OPTIONS.items() if name in names)
            raise click.UsageError(f"{option} is for {kinds}, not for {what or 'reference data and roles'}.")
    if options["as_migration"] and (options["database_url"] or options["force"]):
        raise click.UsageError("--as-migration writes a revision: it needs neither --database-url nor --force.")
    needs_database = what == "dev" or (what not in {"test", "refresh"} and not options["as_migration"])
    url = options["database_url"] or (os.environ.get("DATABASE_URL") if needs_database else None)
    if needs_database and not url:
        raise click.UsageError("Name the database with --database-url or DATABASE_URL.")

    project = state.project()

    from alembic_vibe import pipeline
    from alembic_vibe.cli.progress import progress
    from alembic_vibe.diagnostics import ExitCode

    result: Any
    check = options["check"]
    with progress(state) as tell:
        match what:
            case "dev":
                result = pipeline.seed_development(
                    project,
                    url or "",
                    rows=options["rows"] or 10_000,
                    seed=options["seed"] or 0,
                    accept=options["accept_database"],
                    progress=tell,
                )
            case "test":
                result = pipeline.seed_test(project, url, check=check, scratch_url=state.scratch_url, progress=tell)
            case "refresh":
                result = pipeline.seed_refresh(project, check=check, scratch_url=state.scratch_url, progress=tell)
            case _ if options["as_migration"]:
                result = pipeline.seed_as_migration(
                    project, what=what, check=check, scratch_url=state.scratch_url, progress=tell
                )
            case _:
                result = pipeline.seed(
                    project, url or "", what=what, check=check, force=options["force"], progress=tell
                )
    state.report(result.diagnostics, result.as_dict())
    for line in result.lines:
        state.say(line)
    return int(ExitCode(result.exit_code))
