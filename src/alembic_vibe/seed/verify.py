"""Ask PostgreSQL whether it takes the seed rows, before any file is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.seed import rules
from alembic_vibe.seed.runner import load_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.seed.model import SeedTable


def verify_seeds(connection: Connection, seeds: Sequence[SeedTable]) -> list[Diagnostic]:
    """Load the rows and take everything back.

    Args:
        connection: A database with the schema of the specification; it is left as it was.
        seeds: The rows, in the order of loading.

    Returns:
        One diagnostic for each row that PostgreSQL refuses, at the row's place in the specification.
    """
    with connection.transaction(force_rollback=True):
        _, refusals = load_tables(connection, seeds, all_refusals=True)
    found = []
    for refusal in refusals:
        diag, row = refusal.error.diag, refusal.row
        message = f"{refusal.table.qualified}: {diag.message_primary or refusal.error}"
        notes = (diag.message_detail,) if diag.message_detail else ()
        place = (row.source, row.span) if row is not None else (None, None)
        found.append(rules.REJECTED.diagnostic(message, source=place[0], span=place[1], notes=notes))
    return found
