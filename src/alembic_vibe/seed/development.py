"""``seed dev``: made-up rows for a database that nobody works with yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import DecisionNeededError, Rule, Severity
from alembic_vibe.postgres.connect import open_database
from alembic_vibe.results import SeedResult
from alembic_vibe.seed.failures import failed
from alembic_vibe.seed.write import read_seeds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psycopg import Connection

IN_USE = Rule(
    code="AV628",
    slug="database-in-use",
    severity=Severity.ERROR,
    summary="`seed dev` would put made-up rows into a database that people seem to work with; nothing was written.",
    why="Only empty tables are filled, and none is emptied. But tables that are not seeded hold rows, or the name of "
    "the database says production, and made-up rows beside real ones are hard to get rid of.",
    fix="Name an empty, migrated database. If this is the right one, say --accept-database.",
    bad="alembic-vibe seed dev --database-url postgresql://app@db/shop_production",
    good="createdb shop_dev && DATABASE_URL=postgresql:///shop_dev alembic upgrade head\n"
    "alembic-vibe seed dev --database-url postgresql:///shop_dev",
)
RULES = (IN_USE,)

_PRODUCTION = re.compile(r"(?<![a-z])(prod|production|prd|live)(?![a-z])", re.IGNORECASE)
_SHOWN = 5  # tables in a message
# Tables that people or applications write: no bookkeeping, nothing that an extension brought.
_TABLES = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
                AND d.objid = c.oid AND d.deptype = 'e')
AND NOT {} AND c.relname !~ '^vibe_' AND n.nspname <> 'vibe' ORDER BY 1, 2
"""


def fill_database(
    directory: Path,
    url: str,
    *,
    rows: int,
    seed: int,
    accept: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> SeedResult:
    """Fill the empty tables of a database; reference data that it holds are what the rows refer to.

    Args:
        directory: The project's seeds: their tables may hold rows.
        url: The database, migrated to head.
        rows: How many rows, over all tables.
        seed: Another number gives other rows.
        accept: Somebody said that it is the right database although people's rows are in it.
        tell: Called with what is being done.

    Raises:
        DecisionNeededError: People's rows seem to be in it.
        EnvironmentFailureError: It cannot be reached, or does not let the account do this.
        FindingsError: It refuses the run as a whole.
    """
    import psycopg

    from alembic_vibe.data.engine import fill_development

    try:
        with open_database(url) as connection:
            if not accept:
                _refuse_in_use(connection, directory)
            report = fill_development(connection, rows=rows, seed=seed, tell=tell)
    except psycopg.Error as error:
        raise failed(error) from error
    return SeedResult(lines=tuple(report.lines), more=report.as_dict())


def _refuse_in_use(connection: Connection[Any], directory: Path) -> None:
    from alembic_vibe.catalog.bookkeeping import IS_BOOKKEEPING

    info = connection.info
    if _PRODUCTION.search(f"{info.dbname} {info.host or ''}"):
        raise DecisionNeededError(IN_USE.diagnostic(f"the name of {info.dbname} at {info.host} says production"))
    seeded = {(table.key.schema, table.key.name) for table in read_seeds(directory)}
    tables = [row for row in connection.execute(_TABLES.format(IS_BOOKKEEPING)).fetchall() if row not in seeded]
    used = [f"{schema}.{name}" for schema, name in tables if _holds_rows(connection, schema, name)]
    if used:
        more = f" and {len(used) - _SHOWN} more" if len(used) > _SHOWN else ""
        message = f"{info.dbname} holds rows that are not of the seeds: {', '.join(used[:_SHOWN])}{more}"
        raise DecisionNeededError(IN_USE.diagnostic(message))


def _holds_rows(connection: Connection[Any], schema: str, name: str) -> bool:
    from psycopg import sql

    query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, name))
    row = connection.execute(query).fetchone()
    return bool(row and row[0])
