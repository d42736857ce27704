"""Copies of a scratch database: what is tried on one leaves the others as they are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer


@contextmanager
def database_copy(server: ScratchServer, database: str) -> Iterator[str]:
    """Give a copy of a database for the length of a ``with`` block.

    Args:
        server: Where both are.
        database: What to copy. Whoever is connected to it is cut off, because PostgreSQL copies no database in use.
    """
    cut_off(server, database)
    name = server.create_database(template=database)
    try:
        yield name
    finally:
        server.drop_database(name)


def cut_off(server: ScratchServer, database: str) -> None:
    """End every session in a scratch database."""
    with server.connect(server.maintenance_database, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_catalog.pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity WHERE datname = %s",
            (database,),
        )
