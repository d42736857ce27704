"""Load seed files into a database, again and again: new rows go in, changes follow, what people edited stays.

For each row the table ``vibe_seed_state`` remembers what the seed said and what the database then held. A column whose
database side has changed since was edited by somebody; a row that is gone was deleted by somebody. Both stay so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import ConfigurationError, EnvironmentFailureError
from alembic_vibe.seed.failures import HIDDEN_ROWS, UNKNOWN_ROW
from alembic_vibe.seed.loading import Loader
from alembic_vibe.seed.report import Refusal, SeedRefusedError, SeedReport, TableReport
from alembic_vibe.seed.rules import TARGET_MISSING
from alembic_vibe.seed.state import State
from alembic_vibe.seed.values import read_targets
from alembic_vibe.seed.write import read_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.seed.model import SeedTable
    from alembic_vibe.seed.values import Target

__all__ = ["SeedReport", "TableReport", "load_seeds", "load_tables", "run_seeds"]

_LOCK = 7_613_114_020  # any number of our own: two runs at once would each insert the same rows
# Texts of values are compared with those of other runs: they must not depend on who runs this, and where.
_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "xmloption": "content",
}
_HIDDEN = """
WITH policy AS (
    SELECT p.polpermissive AS permissive, pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS condition, p.polrelid
    FROM pg_catalog.pg_policy p WHERE p.polcmd IN ('*', 'r') AND EXISTS (
        SELECT FROM pg_catalog.unnest(p.polroles) AS r (oid) WHERE r.oid = 0 OR pg_catalog.pg_has_role(r.oid, 'USAGE'))
)
SELECT pg_catalog.row_security_active(c.oid) AND NOT (
    EXISTS (SELECT FROM policy p WHERE p.polrelid = c.oid AND p.permissive AND p.condition = 'true')
    AND NOT EXISTS (SELECT FROM policy p WHERE p.polrelid = c.oid AND NOT p.permissive))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = %s
"""


def run_seeds(connection: Connection, directory: Path, *, check: bool = False) -> SeedReport:
    """Bring the rows of a seeds folder into a database, in one transaction; a second run changes nothing.

    Args:
        connection: The database, migrated to head.
        directory: The folder that holds ``reference/*.json``.
        check: Only find out what would be done; nothing is written.

    Returns:
        Counts per table.

    Raises:
        ConfigurationError: A file cannot be read, or names a table or column that the database does not have.
        SeedRefusedError: The database refuses rows; nothing is written.
        psycopg.Error: The database refuses the run.
    """
    return load_seeds(connection, read_seeds(directory), check=check)


def load_seeds(
    connection: Connection[Any],
    seeds: Sequence[SeedTable],
    *,
    check: bool = False,
    force: Sequence[tuple[str, str]] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> SeedReport:
    """Do the same with seed tables at hand; see :func:`run_seeds`.

    Args:
        connection: The database.
        seeds: The rows, each table after those it refers to.
        check: Only look; the account need not be allowed to write.
        force: Tables and keys of rows that take what the seeds say, whatever people did to them.
        tell: Called with what is being done.
    """
    with connection.transaction():
        if not check:
            _wait_for_our_turn(connection, tell)
        report, refusals = load_tables(connection, seeds, check=check, force=force, tell=tell)
        if refusals:
            raise SeedRefusedError(tuple(refusals))
    return report


def load_tables(
    connection: Connection[Any],
    seeds: Sequence[SeedTable],
    *,
    check: bool = False,
    force: Sequence[tuple[str, str]] = (),
    tell: Callable[[str], None] = lambda _: None,
    all_refusals: bool = False,
) -> tuple[SeedReport, list[Refusal]]:
    """Bring rows in, within a transaction of the caller's, who takes back what was done if there are refusals.

    Args:
        connection: As for :func:`load_seeds`, as the other arguments are.
        seeds: The rows.
        check: Only look.
        force: Rows that take what the seeds say.
        tell: Called with what is being done.
        all_refusals: Go on after a row that is refused, and find all others.
    """
    import psycopg

    pin_settings(connection)
    targets = {table.key: _targets(connection, table) for table in seeds}
    forced = _by_table(seeds, force)
    state = State.find(connection)
    if not check:
        state.create()
    reports: list[TableReport] = []
    refusals: list[Refusal] = []
    missing: list[str] = []
    for table in seeds:
        tell(f"loading {table.key.qualified}")
        loader = Loader(
            connection,
            table,
            targets[table.key],
            state,
            check=check,
            forced=forced.get(table.key, ()),
            orphans=any(report.deleted for report in reports),
            most=len(table.rows) if all_refusals and table.origin is None else None,  # of a library's, some tell enough
        )
        reports.append(loader.run())
        missing += [f"{table.key.qualified}:{key}" for key in forced.get(table.key, ()) if key not in loader.used]
        refusals += loader.refusals
        if loader.refusals and not all_refusals:
            return SeedReport(tuple(reports)), refusals
    if missing:
        raise ConfigurationError([UNKNOWN_ROW.diagnostic(f"the seeds have no row {name}") for name in missing])
    if not check:
        try:
            with connection.transaction():
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is deferred fails here, and not at COMMIT
        except psycopg.IntegrityError as error:
            refusals.append(_of_several(seeds, error))
    seeded = {table.key for table in seeds}
    left = tuple(TableReport(key, gone=count) for key, count in state.tables().items() if key not in seeded)
    return SeedReport(tuple(reports), left), refusals


def pin_settings(connection: Connection[Any]) -> None:
    """Let values look the same whoever asks for them, until the end of the transaction."""
    for name, value in _SETTINGS.items():
        connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", (name, value))


def _wait_for_our_turn(connection: Connection[Any], tell: Callable[[str], None]) -> None:
    row = connection.execute("SELECT pg_catalog.pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone()
    if row is not None and not row[0]:
        tell("waiting for another run to end")
        connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", (_LOCK,))
    # Rows that somebody holds are waited for, but not for ever, unless the account has a time-out of its own.
    connection.execute(
        "SELECT pg_catalog.set_config('lock_timeout', '10s', true)"
        " WHERE pg_catalog.current_setting('lock_timeout') = '0'"
    )


def _targets(connection: Connection[Any], table: SeedTable) -> Mapping[str, Target]:
    """Return the columns of a table.

    Raises:
        ConfigurationError: The database does not have it, or not all columns that the seeds give.
        EnvironmentFailureError: The account does not see all rows: one that it cannot see would be inserted again, or
            taken for deleted.
    """
    targets = read_targets(connection, table.key)
    unknown = [name for name in table.columns if name not in targets]
    if unknown or not targets:
        problem = f"column {unknown[0]} of {table.key.qualified}" if targets else f"table {table.key.qualified}"
        raise ConfigurationError(
            TARGET_MISSING.diagnostic(f"the seeds name {problem}, which the database does not have")
        )
    row = connection.execute(_HIDDEN, (table.key.schema, table.key.name)).fetchone()
    if row is not None and row[0]:
        user = connection.execute("SELECT current_user").fetchone()
        name = user[0] if user else "this account"
        message = f"row security hides rows of {table.key.qualified} from {name}"
        raise EnvironmentFailureError(HIDDEN_ROWS.diagnostic(message))
    return targets


def _by_table(seeds: Sequence[SeedTable], force: Sequence[tuple[str, str]]) -> dict[Key, list[str]]:
    """Return the keys of the rows to be forced by table; a table may be named without its schema.

    Raises:
        ConfigurationError: There are no seeds for such a table.
    """
    found: dict[Key, list[str]] = {}
    for name, key in force:
        tables = [key for key in (table.key for table in seeds) if name in (key.name, f"{key.schema}.{key.name}")]
        if not tables:
            raise ConfigurationError(UNKNOWN_ROW.diagnostic(f"there are no seeds for a table {name}"))
        for table in tables:
            found.setdefault(table, []).append(key)
    return found


def _of_several(seeds: Sequence[SeedTable], error: Any) -> Refusal:
    """Return the refusal of a constraint that was checked at the end: which row it is, only the detail says."""
    schema, name = error.diag.schema_name, error.diag.table_name
    keys = [table.key for table in seeds]
    return Refusal(next((k for k in keys if (k.schema, k.name) == (schema, name)), keys[0]), None, "", error)
