"""Ask PostgreSQL whether it takes the seed rows, before any file is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.seed import rules
from alembic_vibe.seed.runner import load_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.seed.model import SeedRow, SeedTable


def verify_seeds(
    connection: Connection, seeds: Sequence[SeedTable], refused: dict[Key, list[str]] | None = None
) -> list[Diagnostic]:
    """Load the rows and take everything back.

    Args:
        connection: A database with the schema of the specification; it is left as it was.
        seeds: The rows, in the order of loading.
        refused: Where it is given, takes the tables of which rows that a library gave are refused, with the reasons;
            these are no diagnostics then.

    Returns:
        One diagnostic for each row that PostgreSQL refuses, at the row's place in the specification.
    """
    with connection.transaction(force_rollback=True):
        _, refusals = load_tables(connection, seeds, all_refusals=True)
    from_libraries = {table.key for table in seeds if table.origin is not None}
    found = []
    for refusal in refusals:
        diag, row = refusal.error.diag, refusal.row
        message = f"{refusal.table.qualified}: {diag.message_primary or refusal.error}"
        notes = (diag.message_detail,) if diag.message_detail else ()
        if refused is not None and refusal.table in from_libraries and (row is None or row.span is None):
            refused.setdefault(refusal.table, []).append(_of(refusal.row) + message.partition(": ")[2])
            continue
        place = (row.source, row.span) if row is not None else (None, None)
        found.append(rules.REJECTED.diagnostic(message, source=place[0], span=place[1], notes=notes))
    return found


def roots(refused: Mapping[Key, list[str]], catalog: Catalog) -> dict[Key, list[str]]:
    """Return those of the refused tables that refer to no other of them: theirs is the mistake, if there is one."""
    found = {
        key: reasons
        for key, reasons in refused.items()
        if not any(c.references in refused and c.references != key for c in catalog.constraints().get(key, ()))
    }
    return found or dict(refused)


def _of(row: SeedRow | None) -> str:
    """Return a row's first values for people."""
    texts = [str(value) for value in row.values.values() if value is not None][:3] if row is not None else []
    return f"({', '.join(texts)}): " if texts else ""
