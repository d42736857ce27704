"""What is nobody's business but the database's stays: what no model declares, what filters hide, what others manage."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import contextmanager, nullcontext
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import create_async_engine

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres import failures
from tests.acceptance.autogenerate import world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("plugin")]

BY_HAND = (
    "CREATE EXTENSION citext",
    "CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n / 2'",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TABLE people (id integer PRIMARY KEY, mail citext, age integer DEFAULT half(40), state text)",
    "ALTER TABLE people ADD CONSTRAINT people_age CHECK (age > 17)",
    "CREATE INDEX people_mail ON people (mail) WHERE age > 20",
    "CREATE TRIGGER people_touch BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION touch()",
    "ALTER TABLE people ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY people_all ON people USING (true)",
    "CREATE VIEW adults AS SELECT id FROM people",
    "GRANT SELECT ON people TO PUBLIC",
    "ALTER TABLE people SET (fillfactor = 70)",
    "CREATE TABLE alembic_version (version_num text PRIMARY KEY)",
)


def people(**changes: Any) -> sa.MetaData:
    """Return models as a person writes them: no naming, no mark, functions and extensions left to revisions."""
    metadata = sa.MetaData()
    sa.Table(
        "people",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("mail", postgresql.CITEXT),
        sa.Column("age", sa.Integer, server_default=sa.text("half(40)")),
        sa.Column("state", sa.Text),
        sa.CheckConstraint(changes.get("check", "age > 17"), name="people_age"),
        sa.Index("people_mail", "mail", postgresql_where=sa.text(changes.get("where", "age > 20"))),
    )
    return metadata


@pytest.fixture
def by_hand(server: ScratchServer, database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    world.register()
    monkeypatch.setattr("alembic_vibe.postgres.server.scratch_server", lambda **_: nullcontext(server))
    with server.connect(database) as connection:
        for statement in BY_HAND:
            connection.execute(statement.encode())
    return database


def test_models_by_hand(server: ScratchServer, by_hand: str) -> None:
    """Nothing that they have no word for is touched, nor a mere name; CHECKs and predicates are seen all the same."""
    with server.connect(by_hand) as connection:
        connection.execute("ALTER TABLE people RENAME CONSTRAINT people_pkey TO an_old_name")
    assert world.Database(server, by_hand, people()).found() == []
    changed = world.Database(server, by_hand, people(check="age > 20", where="age > 30"))
    assert sorted(changed.found()) == [
        ("change_constraint", "constraint people_age on people"),
        ("change_index", "index people_mail"),
    ]


def test_filters_are_honoured(server: ScratchServer, by_hand: str) -> None:
    metadata = people(check="age > 20", where="age > 30")

    def no_people(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        return not (kind == "table" and name == "people")

    def no_index(name: str | None, kind: str, _parents: Any) -> bool:
        return not (kind == "index" and name == "people_mail")

    assert world.Database(server, by_hand, metadata, include_object=no_people).found() == []
    assert world.Database(server, by_hand, metadata, include_name=no_index).found() == [
        ("change_constraint", "constraint people_age on people")
    ]


def test_what_another_tool_manages_is_left_to_it(
    server: ScratchServer, by_hand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = people()
    metadata.info["alembic_vibe"] = "complete"
    kinds = {found[0] for found in world.Database(server, by_hand, metadata).found()}
    assert kinds == {"drop_trigger", "drop_policy", "drop_privileges", "change_table"}
    entities = [type(name, (), {})() for name in ("PGTrigger", "PGPolicy", "PGGrantTable")]
    module = ModuleType("alembic_utils.replaceable_entity")
    vars(module)["registry"] = SimpleNamespace(entities=lambda: entities)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert {found[0] for found in world.Database(server, by_hand, metadata).found()} == {"change_table"}


def test_unchanged_models_need_no_server(shop: world.Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comparison in sync makes no database: what the models declare is remembered."""
    assert shop.found() == []
    monkeypatch.setattr("alembic_vibe.postgres.server.ScratchServer.create_database", None)
    assert shop.found() == []


def test_without_postgresql_there_is_one_warning(
    shop: world.Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    @contextmanager
    def none(**_: Any) -> Iterator[None]:
        raise EnvironmentFailureError(failures.not_a_url())
        yield

    monkeypatch.setattr("alembic_vibe.postgres.server.scratch_server", none)
    shop.execute("ALTER TABLE users ADD COLUMN more text", "DROP TRIGGER users_touch ON users")
    with caplog.at_level(logging.WARNING, "alembic_vibe"):
        kinds = {found[0] for found in shop.found()}
    assert "remove_column" in kinds
    assert "add_trigger" not in kinds
    assert len([record for record in caplog.records if record.name.startswith("alembic_vibe")]) == 1


def test_an_asynchronous_driver(shop: world.Database) -> None:
    shop.execute("DROP TRIGGER users_touch ON users")
    engine = create_async_engine(shop.engine.url.set(drivername="postgresql+psycopg_async"))

    def compare(connection: sa.Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts=shop.options)
        operations = produce_migrations(context, shop.metadata).upgrade_ops
        return operations.as_diffs() if operations else []

    async def run() -> list[Any]:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)

    assert asyncio.run(run()) == [("add_trigger", "trigger users_touch on users")]
