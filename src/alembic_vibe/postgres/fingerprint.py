"""A cheap proof that a database is as it was: one hash for each system catalog, over what users made.

Objects that were left alone keep their rows, so the hashes of two moments are equal exactly if nothing was added,
removed or altered between them. Objects that were dropped and made again have other oids and differ: use ``diff`` for
those. Columns that PostgreSQL maintains by itself (sizes, statistics, lazily reset flags) are left out.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg


@cache
def _query() -> bytes:
    return (resources.files("alembic_vibe.postgres") / "fingerprint.sql").read_bytes()


def fingerprint(connection: psycopg.Connection[Any]) -> dict[str, str | None]:
    """Return the hash of each system catalog; ``None`` where there is nothing of the user's."""
    return {str(name): digest for name, digest in connection.execute(_query()).fetchall()}


def changed_catalogs(before: dict[str, str | None], after: dict[str, str | None]) -> list[str]:
    """Return the names of the catalogs whose hashes differ, such as ``functions``."""
    return [name for name in before if before[name] != after.get(name)]
