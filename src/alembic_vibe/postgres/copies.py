"""A staging copy: its schema and the revision that it is at, read in one transaction that can change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.bookkeeping import version_tables, without_version_table
from alembic_vibe.catalog.facts import Table
from alembic_vibe.postgres.connect import open_read_only
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog


@dataclass(frozen=True)
class StagingCopy:
    """What a database holds.

    ``versions`` are the revisions by the schema and name of the table that names them; ``owners`` the roles that own
    those tables, ``None`` where it is the session's, ``role``.
    """

    catalog: Catalog
    versions: Mapping[tuple[str, str], tuple[str, ...]]
    owners: Mapping[tuple[str, str], str | None]
    role: str


def read_copy(url: str) -> StagingCopy:
    """Read a database, and leave it as it is.

    Raises:
        EnvironmentFailureError: It cannot be reached.
    """
    with open_read_only(url) as connection:
        catalog = read_catalog(connection).catalog
        tables = sorted(version_tables(catalog.facts))
        owners = {
            (fact.key.schema, fact.key.name): fact.owner
            for fact in catalog.of_type(Table)
            if (fact.key.schema, fact.key.name) in tables
        }
        versions = {table: _versions(connection, table) for table in tables}
        return StagingCopy(without_version_table(catalog), versions, owners, connection.info.user)


def _versions(connection: psycopg.Connection[Any], table: tuple[str, str]) -> tuple[str, ...]:
    from psycopg import sql

    query = sql.SQL("SELECT version_num FROM {} ORDER BY 1").format(sql.Identifier(*table))
    return tuple(str(version) for (version,) in connection.execute(query).fetchall())
