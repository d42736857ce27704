"""What the specification made goes with it; what nobody declared stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe import alembic_plugin
from alembic_vibe.autogenerate.managed import Scope, bookkeeping, target
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("plugin")]

VIEW = Key(Kind.VIEW, "public", "paid")
EVENTS = Key(Kind.TABLE, "public", "events_2025")
POLICY = Key(Kind.POLICY, "public", "orders", "orders_own")


@pytest.fixture(scope="module")
def present(server: ScratchServer, template: str) -> Catalog:
    with server.connect(template) as connection:
        return read_catalog(connection).catalog


def without(catalog: Catalog, *keys: Key) -> Catalog:
    return Catalog({key: fact for key, fact in catalog.facts.items() if key not in keys}, catalog.depends)


@pytest.mark.parametrize(
    ("scope", "gone"),
    [
        (Scope(), set()),
        (Scope(complete=True), {POLICY}),
        (Scope(owned=frozenset({VIEW, EVENTS})), {VIEW, EVENTS}),
        (Scope(complete=True, busy=frozenset({POLICY})), set()),
        (Scope(complete=True, hidden=frozenset({Key(Kind.TABLE, "public", "orders")})), set()),
        (Scope(complete=True, kinds=frozenset({Kind.POLICY})), set()),
        (Scope(dropped=frozenset({EVENTS})), {EVENTS}),
    ],
    ids=["plain", "complete", "owned", "pending", "filtered", "another tool's", "dropped by Alembic"],
)
def test_what_goes(present: Catalog, scope: Scope, gone: set[Key]) -> None:
    declared = without(present, VIEW, EVENTS, POLICY)
    wanted = target(present, declared, scope)
    assert {VIEW, EVENTS, POLICY} - wanted.facts.keys() == gone


def test_bookkeeping_is_nobodys_business(server: ScratchServer, database: str) -> None:
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text PRIMARY KEY)")
        connection.execute("CREATE SCHEMA vibe")
        connection.execute("CREATE TABLE vibe.progress (id integer PRIMARY KEY)")
        connection.execute("CREATE TABLE people (id integer CONSTRAINT vibe_either CHECK (id > 0))")
        catalog = read_catalog(connection).catalog
    left = without(catalog, *bookkeeping(catalog, "alembic_version", "public"))
    assert {key for key in left.facts if key.kind is not Kind.ROLE} == {Key(Kind.TABLE, "public", "people")}


def test_the_plugin_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Alembic 1.18.0 to 1.20.0 iterate over the module; a failure to register must not stop an upgrade."""
    assert [module.setup for module in alembic_plugin] == [alembic_plugin.setup]  # type: ignore[attr-defined]
    alembic_plugin.setup(None)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
