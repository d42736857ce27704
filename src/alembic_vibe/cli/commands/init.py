"""``alembic-vibe init``: a new Alembic project that ``generate`` can work in at once."""

from __future__ import annotations

from pathlib import Path

import click

from alembic_vibe.cli.state import State, common_options

PYPROJECT = "pyproject.toml"


@click.command(short_help="A new Alembic project, ready to generate.")
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--package", metavar="NAME", help="The Python package for the models; made from DIR's name otherwise.")
@click.option("--async", "asynchronous", is_flag=True, help="An environment that migrates through an async driver.")
@common_options
@click.pass_obj
def command(state: State, directory: Path, package: str | None, asynchronous: bool) -> int:
    """Make a new Alembic project in DIR, the current folder unless given, with a specification to start from.

    Existing files are never overwritten: a specification, a package, pyproject.toml and .gitignore that are there
    already are kept, and anything else in the way stops the command before it writes.

    env.py limits what a statement may wait for a lock, lets one process migrate at a time, and tries a revision again
    that did not get its lock: the options are in alembic.ini. One of them is migration_role, the role that owns what
    revisions make; a specification that is there already and gives all its tables to one role fills it in.
    """
    from alembic_vibe.cli.scaffold import plan_project, write_project

    if package is not None:
        _check_package(package)
    scaffold = plan_project(directory, package, asynchronous=asynchronous)
    write_project(scaffold)

    written = [*scaffold.new, *scaffold.changed]
    if state.format != "text":
        state.report([], {"root": str(directory), "written": sorted(written), "kept": sorted(scaffold.kept)})
        return 0
    where = "." if directory == Path() else str(directory)
    state.say(f"Made the Alembic project {where}, with the models in {scaffold.package}/models:")
    for path in sorted(scaffold.new):
        state.say(f"  {path}")
    for path in sorted(scaffold.changed):
        state.say(f"  {path} (added [tool.alembic-vibe])")
    for path in sorted(scaffold.kept):
        state.say(f"  {path} (was there, left as it is)")
    state.say()
    state.say("Next:")
    steps = [] if directory == Path() else [f"cd {directory}"]
    if PYPROJECT in scaffold.kept or scaffold.changed:
        steps.append('pip install alembic "sqlalchemy>=2" "psycopg[binary]"')
    steps += [
        f"edit {scaffold.spec}",
        "alembic-vibe generate",
        "DATABASE_URL=postgresql://… alembic upgrade head",
    ]
    for step in steps:
        state.say(f"  {step}")
    return 0


def _check_package(name: str) -> None:
    from alembic_vibe.config import package_name

    if not name.isidentifier() or package_name(name) != name.lower():
        hint = f"--package must be the name of a Python package, such as {package_name(name)!r}, not {name!r}."
        raise click.UsageError(hint)
