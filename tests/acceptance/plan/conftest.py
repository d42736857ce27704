"""A connection to a database of its own, for tests that roll back what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from alembic_vibe.postgres.server import ScratchServer


@pytest.fixture(scope="module")
def bind(server: ScratchServer) -> Iterator[Connection]:
    """An SQLAlchemy connection to an empty database that the tests of a module share."""
    database = server.create_database()
    engine = sa.create_engine(server.sqlalchemy_url(database))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    server.drop_database(database)
    server.reset_roles()
