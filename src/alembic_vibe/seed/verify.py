"""Ask PostgreSQL whether it takes the seed rows, before any file is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.seed import rules
from alembic_vibe.seed.model import SeedTable
from alembic_vibe.seed.runner import load_seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from alembic_vibe.diagnostics import Diagnostic


def verify_seeds(connection: Connection, seeds: Sequence[SeedTable]) -> list[Diagnostic]:
    """Load the rows one by one and take everything back.

    Args:
        connection: A database with the schema of the specification; it is left as it was.
        seeds: The rows, in the order of loading.

    Returns:
        One diagnostic for each row that PostgreSQL refuses, at the row's place in the specification.
    """
    import psycopg

    found: list[Diagnostic] = []
    with connection.transaction(force_rollback=True):
        for table in seeds:
            try:  # mostly all is well, and one go is faster than one for each row
                with connection.transaction():
                    load_seeds(connection, [table])
                    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    connection.execute("SET CONSTRAINTS ALL DEFERRED")
                continue
            except psycopg.Error:
                pass
            for row in table.rows:
                try:
                    with connection.transaction():
                        load_seeds(connection, [SeedTable(table.key, table.conflict, (row,))])
                except psycopg.Error as error:
                    message = f"{table.key.qualified}: {error.diag.message_primary or error}"
                    notes = (error.diag.message_detail,) if error.diag.message_detail else ()
                    found.append(rules.REJECTED.diagnostic(message, source=row.source, span=row.span, notes=notes))
    return found
