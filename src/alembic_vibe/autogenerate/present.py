"""What the database holds, read over the connection that Alembic has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.catalog import Catalog

if TYPE_CHECKING:
    from collections.abc import Collection

    import sqlalchemy as sa

    from alembic_vibe.catalog.keys import Key


def present_catalog(connection: sa.Connection) -> Catalog:
    """Return the objects of the database; nothing is changed, settings included.

    A connection of psycopg sees what its own transaction has done. Drivers that speak otherwise (asyncpg, psycopg2,
    pg8000) are asked for their URL, and the database is read over a second connection.

    Raises:
        EnvironmentFailureError: The second connection cannot be made.
        psycopg.Error: The database cannot be read.
    """
    import psycopg

    from alembic_vibe.postgres.connect import open_database
    from alembic_vibe.postgres.introspect import read_catalog

    found: Any = connection.connection.dbapi_connection
    if isinstance(found, psycopg.Connection):
        row_factory = found.row_factory
        found.row_factory = psycopg.rows.tuple_row
        try:
            with found.transaction(force_rollback=True):
                return read_catalog(found).catalog
        finally:
            found.row_factory = row_factory
    words = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    url = connection.engine.url
    url = url.set(drivername="postgresql", query={name: value for name, value in url.query.items() if name in words})
    with open_database(url.render_as_string(hide_password=False)) as other:
        other.read_only = True
        return read_catalog(other).catalog


def without(catalog: Catalog, keys: Collection[Key]) -> Catalog:
    """Return a catalog without some objects."""
    left = {key: fact for key, fact in catalog.facts.items() if key not in keys}
    return Catalog(left, catalog.depends, catalog.server_version, catalog.column_users)
