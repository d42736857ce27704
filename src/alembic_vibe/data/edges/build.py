"""Make the test data of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.edges.model import TestData

if TYPE_CHECKING:
    from psycopg import Connection


def test_rows(connection: Connection) -> TestData:
    """Make the rows of every table of a database that holds none; everything is taken back.

    Args:
        connection: A scratch database with the schema.
    """
    _ = connection
    return TestData()


test_rows.__test__ = False  # type: ignore[attr-defined]  # pytest takes such a name for a test
