"""Two databases that differ in one respect have facts that differ in exactly that object."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from alembic_vibe.catalog.serialize import decode, encode
from alembic_vibe.diff.compare import compare
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.postgres.server import ScratchServer

CASES = yaml.safe_load((Path(__file__).parent / "differences.yaml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database that every case leaves empty."""
    database = server.create_database()
    with server.connect(database) as connection:
        yield connection
    server.drop_database(database)


def made(connection: psycopg.Connection[Any], *ddl: str) -> Catalog:
    """Return what the statements make, and take it back."""
    try:
        for part in ddl:
            if part:
                connection.execute(part.encode())
        return read_catalog(connection).catalog
    finally:
        connection.rollback()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_facts_differ_where_the_databases_do(case: dict[str, Any], connection: psycopg.Connection[Any]) -> None:
    if connection.info.server_version < case.get("from", 15) * 10000:
        pytest.skip(f"needs PostgreSQL {case['from']}")
    base = case.get("base", "")
    one, other = made(connection, base, case["one"]), made(connection, base, case["other"])
    changes = compare(one, other)
    assert sorted(str(change.key) for change in changes) == sorted(case["differs"]), [
        change.describe() for change in changes
    ]
    for change in changes:
        assert change.describe()
    for catalog in (one, other):  # what is written to the snapshot comes back
        for fact in catalog.facts.values():
            assert decode(encode(fact)) == fact
