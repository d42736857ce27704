"""Fixtures shared by all tests: a scratch server for the session, a fresh database for each test.

``ALEMBIC_VIBE_TEST_PG_BIN`` names the directory of another PostgreSQL's programs to run the server tests on, such as
``/usr/lib/postgresql/15/bin``; the default is the embedded server.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from alembic_vibe.postgres.server import ScratchServer, scratch_server

if TYPE_CHECKING:
    from collections.abc import Iterator


# In continuous integration the same commit always gets the same examples; new ones are for people to find.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def server() -> Iterator[ScratchServer]:
    """A running scratch server: the embedded one, or that of ``ALEMBIC_VIBE_TEST_PG_BIN``."""
    named = os.environ.get("ALEMBIC_VIBE_TEST_PG_BIN")
    with scratch_server(bin_dir=Path(named) if named else None) as running:
        yield running


@pytest.fixture
def database(server: ScratchServer) -> Iterator[str]:
    """The name of an empty database on ``server``; it goes away afterwards, and so do the roles that the test made.

    Roles belong to the whole server: one that is left behind fails whichever test makes it next.
    """
    before = server.existing_roles()
    name = server.create_database()
    yield name
    server.drop_database(name)
    server.forget_roles(server.existing_roles() - before)
    server.reset_roles()
