"""``seed``: open the database, bring the rows in, and say what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ExitCode, FindingsError, Rule, Severity
from alembic_vibe.postgres.connect import open_database
from alembic_vibe.results import SeedResult
from alembic_vibe.seed.roles import is_about_roles
from alembic_vibe.seed.runner import load_seeds
from alembic_vibe.seed.write import read_seeds

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.seed.runner import TableReport

REFUSED = Rule(
    code="AV621",
    slug="seed-row-refused",
    severity=Severity.ERROR,
    summary="The database refuses a seed row; nothing was written.",
    why="All seeds go in within one transaction. Other rows of the database can be in the way of one of them.",
    fix="The message names the constraint. Mend the row in the specification, or the row that is in its way.",
    bad="-- the database has a role 'admin' with another id, and name is unique\n"
    "INSERT INTO roles (id, name) VALUES (1, 'admin');",
    good="INSERT INTO roles (name) VALUES ('admin') ON CONFLICT (name) DO NOTHING;",
)
RULES = (REFUSED,)


def seed_database(directory: Path, url: str, *, what: str | None, check: bool) -> SeedResult:
    """Bring the rows of a seeds folder into a database.

    Args:
        directory: The project's seeds.
        url: The database, migrated to head.
        what: ``roles`` for the tables of roles and permissions only, ``reference`` for the others; ``None`` for all.
        check: Only say what would be done; the exit code is FINDINGS if it is anything.

    Raises:
        EnvironmentFailureError: The database cannot be reached.
        ConfigurationError: A data file is damaged or does not fit the database.
        FindingsError: The database refuses a row; nothing was written.
    """
    import psycopg

    roles_only = what == "roles"
    tables = [table for table in read_seeds(directory) if what is None or is_about_roles(table.key) == roles_only]
    try:
        with open_database(url) as connection:
            report = load_seeds(connection, tables, check=check)
    except psycopg.Error as error:
        raise FindingsError(REFUSED.diagnostic(" ".join(str(error).split()))) from error
    lines = [_line(table) for table in report.tables] or ["No seed data: the specification has no rows."]
    lines += [f"  kept as edited: {key}" for table in report.tables for key in table.conflicts]
    return SeedResult(
        exit_code=ExitCode.FINDINGS if check and report.changes else ExitCode.DONE,
        lines=tuple(lines),
        changes={table.key.qualified: table.changes for table in report.tables if table.changes},
    )


def _line(table: TableReport) -> str:
    words = ("insert", "update", "same", "conflict", "deleted")
    counts = ", ".join(f"{count} {word}" for word in words if (count := getattr(table, word)))
    return f"{table.key.qualified}: {counts or 'nothing to do'}"
