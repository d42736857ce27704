"""The test data of the sample project are what its specification gives, and each of its constraints is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe import compilation
from alembic_vibe.data.edges import render_test_data, test_rows
from alembic_vibe.postgres.loader import load
from tests.acceptance.sample_history import SAMPLE

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


def test_what_is_committed_is_what_seed_test_writes(server: ScratchServer, database: str) -> None:
    """Otherwise run ``alembic-vibe seed test`` in sample_project, after deleting seeds/test, or ``make sample``."""
    spec = SAMPLE / "docs" / "06-technical-specification.md"
    sql = compilation.parse(spec, spec.name).sql
    missing = sql.missing_extensions
    assert load(sql.statements, server, database, repeated=sql.repeated, missing_extensions=missing).ok
    with server.connect(database) as connection:
        data = test_rows(connection)
    files = {path.name: path.read_text(encoding="utf-8") for path in (SAMPLE / "seeds" / "test").glob("*.json")}
    assert {path.removeprefix("test/"): text for path, text in render_test_data(data).items()} == files
    assert data.empty == {}
    # A key with the primary key and a column more is only there to be referred to: whatever it refuses is refused.
    assert all("tenant_key (whatever it refuses" in line for line in data.coverage.missing), data.coverage.missing
    assert sum(data.coverage.covered.values()) > 600
