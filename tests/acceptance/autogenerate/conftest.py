"""One template database and its generated models for all cases of the plugin."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.autogenerate import world

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from alembic_vibe.postgres.server import ScratchServer

SCHEMA = Path(__file__).parents[2] / "cases" / "autogenerate" / "shop.sql"


@pytest.fixture(scope="session")
def template(server: ScratchServer) -> str:
    """The name of a database that holds the shop; nobody is connected to it."""
    name = server.create_database()
    with server.connect(name) as connection:
        connection.execute(SCHEMA.read_bytes())
    return name


@pytest.fixture(scope="session")
def metadata(server: ScratchServer, template: str, tmp_path_factory: pytest.TempPathFactory) -> sa.MetaData:
    """The metadata of the shop's generated models."""
    world.register()
    return world.models_from(server, template, tmp_path_factory.mktemp("models"), "plugged_shop")


@pytest.fixture
def shop(
    server: ScratchServer, template: str, metadata: sa.MetaData, monkeypatch: pytest.MonkeyPatch
) -> Iterator[world.Database]:
    """A database of its own that holds the shop; the plugin works on the tests' server instead of starting its own."""
    monkeypatch.setattr("alembic_vibe.postgres.server.scratch_server", lambda **_: nullcontext(server))
    name = server.create_database(template=template)
    database = world.Database(server, name, metadata, compare_server_default=True)
    yield database
    database.engine.dispose()
    server.drop_database(name)
