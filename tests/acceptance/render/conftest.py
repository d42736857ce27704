"""Schemas that hold every kind of table, as DDL beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

HERE = Path(__file__).parent


@pytest.fixture
def wide_ddl(server: ScratchServer, database: str) -> str:
    """The DDL for the server's own version."""
    with server.connect(database) as connection:
        newest = connection.info.server_version >= 180000
    return (HERE / "wide.sql").read_text() + ((HERE / "wide_18.sql").read_text() if newest else "")


@pytest.fixture
def wide(server: ScratchServer, database: str, wide_ddl: str) -> Catalog:
    """The facts of a database that the DDL was run in."""
    with server.connect(database) as connection:
        connection.execute(wide_ddl.encode())
        return read_catalog(connection).catalog


@pytest.fixture
def other(server: ScratchServer) -> Iterator[str]:
    """A second, empty database."""
    name = server.create_database()
    yield name
    server.drop_database(name)
