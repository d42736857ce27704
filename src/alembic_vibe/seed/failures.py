"""What can go wrong between the seeds and a database, as diagnostics that say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Diagnostic, EnvironmentFailureError, FindingsError, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from alembic_vibe.diagnostics import VibeError
    from alembic_vibe.seed.report import Refusal

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
NOT_ALLOWED = Rule(
    code="AV622",
    slug="seed-not-allowed",
    severity=Severity.ERROR,
    summary="The account may not do what seeding needs; nothing was written.",
    why="It needs SELECT, INSERT and UPDATE on the tables of the seeds, USAGE on their sequences, and a table "
    "vibe_seed_state, which the first run makes beside Alembic's version table. `--check` needs SELECT only.",
    fix="Run it as the account that runs the migrations, or grant what the message names.",
    bad="alembic-vibe seed --database-url postgresql://reader@db/shop",
    good="alembic-vibe seed --database-url postgresql://migrator@db/shop",
)
HIDDEN_ROWS = Rule(
    code="AV623",
    slug="seed-rows-hidden",
    severity=Severity.ERROR,
    summary="Row security hides rows of a table from the account that seeds it; nothing was written.",
    why="A row that the account does not see would be inserted once more, or be taken for one that somebody deleted.",
    fix="Run it as the table's owner or a role with BYPASSRLS; where row security is forced on the owner as well, "
    "give that role a policy that lets it see all rows.",
    bad="ALTER TABLE roles FORCE ROW LEVEL SECURITY;  -- and no policy for app_owner",
    good="CREATE POLICY roles_owner ON roles TO app_owner USING (true) WITH CHECK (true);",
)
UNKNOWN_ROW = Rule(
    code="AV624",
    slug="seed-row-unknown",
    severity=Severity.ERROR,
    summary="`--force` names a row that the seeds do not have; nothing was written.",
    why="What the seeds say can only be taken for a row that is in them.",
    fix="Write TABLE:KEY as `alembic-vibe seed` prints them; a key of several columns is joined by commas.",
    bad="alembic-vibe seed --force rolls:admin",
    good="alembic-vibe seed --force roles:admin",
)
BUSY = Rule(
    code="AV625",
    slug="seed-database-busy",
    severity=Severity.ERROR,
    summary="Another transaction holds rows or tables that the seeds need; nothing was written.",
    why="A migration or a long transaction of the application has them. Waiting longer would make others wait too.",
    fix="Run it again later; a lock_timeout of the account or in the URL says how long it waits.",
    bad="BEGIN; LOCK TABLE roles;  -- in a session that somebody forgot",
    good="alembic upgrade head && alembic-vibe seed",
)
RULES = (REFUSED, NOT_ALLOWED, HIDDEN_ROWS, UNKNOWN_ROW, BUSY)


def refused(refusals: Sequence[Refusal]) -> FindingsError:
    """Return what rows were refused for, a diagnostic for each."""
    return FindingsError([_refusal(found) for found in refusals])


def _refusal(found: Refusal) -> Diagnostic:
    diag = found.error.diag
    which = f"row {found.shown}" if found.shown else "a row"
    message = f"{found.table.qualified}: {which} is refused: {diag.message_primary or found.error}"
    notes = tuple(note for note in (diag.message_detail, diag.message_hint) if note)
    row = found.row
    return REFUSED.diagnostic(message, source=row.source if row else None, span=row.span if row else None, notes=notes)


def failed(error: psycopg.Error) -> VibeError:
    """Return what a run was refused for as a whole."""
    message = " ".join(str(error).split())
    state = error.sqlstate or ""
    if state in {"42501", "25006"}:  # insufficient_privilege, read_only_sql_transaction
        return EnvironmentFailureError(NOT_ALLOWED.diagnostic(message))
    if state in {"55P03", "40P01", "57014"}:  # lock_not_available, deadlock_detected, query_canceled
        return EnvironmentFailureError(BUSY.diagnostic(message))
    return FindingsError(REFUSED.diagnostic(message))
