"""``seed``: open the database, bring the rows in, and say what was done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ExitCode
from alembic_vibe.postgres.connect import open_database, open_read_only
from alembic_vibe.results import SeedResult
from alembic_vibe.seed.failures import failed, refused
from alembic_vibe.seed.places import with_places
from alembic_vibe.seed.report import SeedRefusedError
from alembic_vibe.seed.roles import is_about_roles
from alembic_vibe.seed.runner import load_seeds
from alembic_vibe.seed.write import read_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from alembic_vibe.seed.model import SeedTable
    from alembic_vibe.seed.report import SeedReport

_SHOWN = 10  # rows of a table that are named


def seed_database(
    directory: Path,
    url: str,
    *,
    what: str | None,
    check: bool,
    force: Sequence[tuple[str, str]] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> SeedResult:
    """Bring the rows of a seeds folder into a database.

    Args:
        directory: The project's seeds.
        url: The database, migrated to head.
        what: ``roles`` for the tables of roles and permissions only, ``reference`` for the others; ``None`` for all.
        check: Only say what would be done, in a session that cannot write; the exit code is FINDINGS if it is anything.
        force: Tables and keys of rows that take what the seeds say, whatever people did to them.
        tell: Called with what is being done.

    Raises:
        EnvironmentFailureError: The database cannot be reached, or does not let the account do this.
        ConfigurationError: A data file is damaged or does not fit the database, or there is no row to be forced.
        FindingsError: The database refuses rows; nothing was written.
    """
    import psycopg

    tables = chosen_seeds(directory, what)
    try:
        with open_read_only(url) if check else open_database(url) as connection:
            if not check:  # rows of a run that we waited for must be seen, whatever the database's default
                connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            report = load_seeds(connection, tables, check=check, force=force, tell=tell)
    except SeedRefusedError as error:
        raise refused(with_places(error.refusals, directory)) from error
    except psycopg.Error as error:
        raise failed(error) from error
    if what is None:  # only then are the seeds all there are
        report = replace(report, tables=(*report.tables, *report.left))
    return SeedResult(
        exit_code=ExitCode.FINDINGS if check and report.changes else ExitCode.DONE,
        lines=tuple(_lines(report, what)),
        changes={table.key.qualified: table.changes for table in report.tables if table.changes},
        tables=tuple(table.as_dict() for table in report.tables),
    )


def chosen_seeds(directory: Path, what: str | None) -> list[SeedTable]:
    """Read the seeds of a kind: ``roles``, ``reference`` for all others, ``None`` for both.

    Raises:
        ConfigurationError: A data file is damaged.
    """
    roles_only = what == "roles"
    return [table for table in read_seeds(directory) if what is None or is_about_roles(table.key) == roles_only]


def _lines(report: SeedReport, what: str | None) -> Iterator[str]:
    if not report.tables:
        yield f"No seed data: the specification has no {'roles' if what == 'roles' else 'rows'}."
    for table in report.tables:
        yield table.line()
        for words, rows in (("kept as edited", table.edits), ("conflict, kept as edited", table.conflicts)):
            for shown in rows[:_SHOWN]:
                yield f"  {words}: {shown}"
            if len(rows) > _SHOWN:
                yield f"  {words}: and {len(rows) - _SHOWN} more"
    if any(table.conflicts for table in report.tables):
        yield "In a conflict the seeds and somebody changed the same value. To take the seeds': --force TABLE:KEY"
