"""The project's own env.py, whatever it does to reach its database: the scratch database is what it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.history.chain import Chain, ChainError
from tests.acceptance.chain.existing import ENV, SECOND, write_existing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

RUN = """
    with connectable.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""
SYNC = f"from alembic import context\nimport sqlalchemy as sa\n{{}}\nif True:{RUN}"
ASYNC = """
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

def run(connection):
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine("postgresql+psycopg://nobody@production.invalid/shop")
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()

asyncio.run(main())
"""
ENVIRONMENTS = {
    "an engine of the application": ENV,
    "an async engine": ASYNC,
    "a variable of its own": SYNC.format(
        "import os\nos.environ.setdefault('MY_DB', 'postgresql://u:p@production.invalid/x?sslmode=require')\n"
        "connectable = sa.create_engine(os.environ['MY_DB'].replace('postgresql:', 'postgresql+psycopg:'))"
    ),
    "the configuration": SYNC.format(
        "connectable = sa.engine_from_config(context.config.get_section(context.config.config_ini_section))"
    ),
    "connections that it makes itself": SYNC.format(
        "import psycopg\nfrom psycopg import connect\n"
        "assert psycopg.connect('host=production.invalid dbname=shop').info.dbname.startswith('vibe_scratch')\n"
        "connectable = sa.create_engine('postgresql+psycopg://', creator=lambda: connect('host=production.invalid',\n"
        "    autocommit=True, options='-c search_path=public,ops'))"
    ),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_existing(tmp_path_factory.mktemp("existing"))


@pytest.fixture(scope="module")
def chain(project: Path) -> Iterator[Chain]:
    with Chain(project, "shop") as running:
        yield running


def upgrade(chain: Chain, project: Path, server: ScratchServer, name: str) -> None:
    chain.open(project / "alembic.ini", project / "pyproject.toml")
    chain.upgrade("head", server.sqlalchemy_url(name))


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_it_gets_the_scratch_database(
    name: str, project: Path, chain: Chain, server: ScratchServer, database: str
) -> None:
    (project / "backend/db/env.py").write_text(ENVIRONMENTS[name], encoding="utf-8")
    upgrade(chain, project, server, database)
    schema, table = chain.version_table
    assert (schema, table) == (("ops", "shop_versions") if "shop_versions" in ENVIRONMENTS[name] else ("", table))
    with server.connect(database) as connection:
        found = connection.execute("SELECT to_regclass('orders')::text").fetchone()
        version = connection.execute(f"SELECT version_num FROM {schema or 'public'}.{table}".encode()).fetchone()
    assert (found, version) == (("orders",), ("shop_002",))


def test_connections_of_an_earlier_run_are_not_used_again(
    project: Path, chain: Chain, server: ScratchServer, database: str
) -> None:
    """The application's engine keeps one, to the database that the run before had."""
    (project / "backend/db/env.py").write_text(ENV, encoding="utf-8")
    other = server.create_database()
    upgrade(chain, project, server, other)
    chain.upgrade("shop_001", server.sqlalchemy_url(database))
    with server.connect(database) as connection:
        assert connection.execute("SELECT version_num FROM ops.shop_versions").fetchall() == [("shop_001",)]
    server.drop_database(other)


def test_urls_of_the_environment_lead_nowhere_else(
    project: Path, chain: Chain, server: ScratchServer, database: str
) -> None:
    """A URL keeps the form that the project wants; a program that is called finds the scratch database."""
    given = (
        "import os\nos.environ.update(DATABASE_URL='postgresql://u:secret@production:6543/shop', PGHOST='production')\n"
    )
    (project / "backend/db/env.py").write_text(given + ENV, encoding="utf-8")
    upgrade(chain, project, server, database)
    checks = "import os\nurl = os.environ['DATABASE_URL']\nassert url.startswith('postgresql'), url\n"
    checks += "assert 'production' not in url + os.environ['PGHOST']\n"
    checks += f"assert os.environ['PGDATABASE'] == {database!r}\n"
    (project / "backend/db/env.py").write_text(checks + ENV, encoding="utf-8")
    chain.downgrade("base", server.sqlalchemy_url(database))


# What is wrong: the env.py, the second revision, the code, the file, the text of the line, and a word of the message.
WRONG = {
    "another database": (
        SYNC.format("connectable = sa.create_engine('sqlite://')"),
        SECOND,
        ("AV802", "env.py", "connectable.connect()", "sqlite"),
    ),
    "a driver that is not there": (
        SYNC.format("connectable = sa.create_engine('postgresql+asyncpg://u@h/d')"),
        SECOND,
        ("AV803", "env.py", "asyncpg://", "asyncpg is not installed"),
    ),
    "a module that is not there": (
        "from alembic import context\nfrom shop import nothing_of_the_kind\n",
        SECOND,
        ("AV804", "env.py", "nothing_of_the_kind", "nothing_of_the_kind"),
    ),
    "a variable that is not set": (
        "import os\nURL = os.environ['SHOP_TOKEN']\n",
        SECOND,
        ("AV805", "env.py", "SHOP_TOKEN", "SHOP_TOKEN is not set"),
    ),
    "several databases": (
        SYNC.format("connectable = sa.create_engine('postgresql+psycopg://')") + RUN,
        SECOND,
        ("AV810", "env.py", "context.run_migrations()", "more than once"),
    ),
    "nothing": ("from alembic import context\n", SECOND, ("AV810", "", "", "without running")),
    "a signature": (
        ENV,
        SECOND.replace("def upgrade():", "def upgrade(engine_name):"),
        ("AV806", "2024_shop_002_orders.py", "def upgrade(engine_name)", "engine_name"),
    ),
    "a table that no revision makes": (
        ENV,
        SECOND.replace('op.create_index("orders_customer_id_idx", "orders"', 'op.create_index("x", "invoices"'),
        ("AV807", "2024_shop_002_orders.py", "invoices", 'relation "invoices" does not exist'),
    ),
    "an extension": (
        ENV,
        SECOND.replace("def upgrade():", "def upgrade():\n    op.execute('CREATE EXTENSION timescaledb')"),
        ("AV808", "2024_shop_002_orders.py", "timescaledb", "timescaledb"),
    ),
    "rows": (
        ENV,
        SECOND.replace(
            "def upgrade():",
            "def upgrade():\n    op.get_bind().execute(sa.text('SELECT id FROM customers')).one()",
        ),
        ("AV809", "2024_shop_002_orders.py", ".one()", "No row"),
    ),
    "anything else": (
        ENV,
        SECOND.replace("def upgrade():", "def upgrade():\n    1 / 0"),
        ("AV801", "2024_shop_002_orders.py", "1 / 0", "division by zero"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_failure_is_told_where_it_is(
    name: str, project: Path, chain: Chain, server: ScratchServer, database: str
) -> None:
    env, second, (code, file, line, words) = WRONG[name]
    (project / "backend/db/env.py").write_text(env, encoding="utf-8")
    revision = project / "backend/db/later/2024_shop_002_orders.py"
    revision.write_text(second, encoding="utf-8")
    found = _failure(project, chain, server, database)
    revision.write_text(SECOND, encoding="utf-8")
    assert found.code == code, found
    assert found.shown_path.endswith(file)
    assert not found.shown_path.startswith("/")
    assert words in found.message
    assert "--database-url" in found.help
    if line:
        assert found.source is not None
        assert line in found.source.line_text(found.line)


def _failure(project: Path, chain: Chain, server: ScratchServer, database: str) -> Diagnostic:
    with pytest.raises(ChainError) as caught:
        upgrade(chain, project, server, database)
    return caught.value.as_failure("it cannot be run", project).diagnostics[0]
