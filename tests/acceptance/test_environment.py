"""What `init` makes, used with Alembic's own command line on a real server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.cli.main import run
from alembic_vibe.spec.reader import read_spec
from alembic_vibe.templates import template_dir

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

REVISION = '''
"""one"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", {down}, None, None

def upgrade() -> None:
    {up}

def downgrade() -> None:
    {down_body}
'''
MODEL = """
from sqlalchemy.orm import Mapped, mapped_column
from shop.models.base import Base

class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.fixture(params=[[], ["--async"]], ids=["sync", "async"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    assert run(["init", str(root), "-q", *request.param]) == 0
    return root


def alembic(
    root: Path, url: str | None, *args: str, code: int = 0, start: bool = False, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ALEMBIC_CONFIG")}
    if url is not None:
        environment["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "-m", "alembic", *args],
        cwd=root,
        env=environment | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def revision(root: Path, name: str, up: str, down: str | None = None, down_body: str = "pass") -> None:
    text = REVISION.format(revision=name, down=repr(down), up=up, down_body=down_body)
    (root / "migrations/versions" / f"{name}.py").write_text(text.lstrip())


def test_an_empty_chain(project: Path, server: ScratchServer, database: str) -> None:
    url = server.url(database)
    alembic(project, url, "upgrade", "head")
    alembic(project, url, "current")
    assert "No new upgrade operations detected" in alembic(project, url, "check").stdout
    alembic(project, url, "downgrade", "base")


def test_the_specification_to_start_from_compiles(tmp_path: Path, server: ScratchServer, database: str) -> None:
    assert run(["init", str(tmp_path / "shop"), "-q"]) == 0
    reading = read_spec(tmp_path / "shop/docs/06-technical-specification.md")
    assert reading.diagnostics == ()
    assert reading.spec is not None
    assert reading.spec.overview.minimum_version == 15
    assert [(s.number, s.title) for s in reading.spec.sections if s.blocks] == [
        ("5.3", "Core System Tables"),
        ("5.4", "Tasks Schema"),
    ]
    with server.connect(database) as connection:
        for block in reading.spec.blocks:
            connection.execute(block.text.encode())
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    assert names == [("tasks",), ("user_sessions",), ("users",)]


def test_a_revision_by_alembic_itself(project: Path, server: ScratchServer, database: str) -> None:
    url = server.url(database)
    (project / "shop/models/__init__.py").write_text(MODEL)
    alembic(project, url, "check", code=255)
    alembic(project, url, "revision", "--autogenerate", "-m", "items")
    alembic(project, url, "upgrade", "head")
    alembic(project, url, "check")
    assert "(head)" in alembic(project, url, "current").stdout
    alembic(project, url, "downgrade", "base")
    with server.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('item')").fetchone() == (None,)


def test_partitions_and_bookkeeping_are_not_compared(project: Path, server: ScratchServer, database: str) -> None:
    (project / "shop/models/__init__.py").write_text(MODEL)
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE item (id serial, PRIMARY KEY (id)) PARTITION BY RANGE (id)")
        connection.execute("CREATE TABLE item_1 PARTITION OF item FOR VALUES FROM (0) TO (10)")
        connection.execute("CREATE TABLE vibe_seed_state (x int)")
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE TABLE other.thing (x int)")
    alembic(project, server.url(database), "check")
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE stray (x int)")
    assert "stray" in alembic(project, server.url(database), "check", code=255).stderr


def test_each_revision_commits_and_may_leave_its_transaction(
    project: Path, server: ScratchServer, database: str
) -> None:
    url = server.url(database)
    revision(project, "one", 'op.create_table("item", sa.Column("id", sa.Integer))')
    index = 'op.create_index("i", "item", ["id"], postgresql_concurrently=True)'
    revision(project, "two", f"with op.get_context().autocommit_block():\n        {index}", "one")
    revision(project, "three", 'op.execute("SELECT 1/0")', "two")
    failed = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        cwd=project,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode
    assert "division by zero" in failed.stderr
    assert alembic(project, url, "current").stdout.split() == ["two"]
    with server.connect(database) as connection:
        assert connection.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass").fetchone() == (
            True,
        )


def test_two_deployments_at_once(project: Path, server: ScratchServer, database: str) -> None:
    """The index is built concurrently while another process waits for its turn: neither may block the other."""
    url = server.url(database)
    revision(project, "one", 'op.create_table("item", sa.Column("id", sa.Integer)); op.execute("SELECT pg_sleep(2)")')
    index = 'op.create_index("i", "item", ["id"], postgresql_concurrently=True)'
    body = f'with op.get_context().autocommit_block():\n        op.execute("SELECT pg_sleep(1)")\n        {index}'
    revision(project, "two", body, "one")
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    both = [
        subprocess.Popen(command, cwd=project, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    outputs = [process.communicate(timeout=90)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sorted(output.count("Running upgrade") for output in outputs) == [0, 2]


def test_the_wait_for_another_deployment_ends(project: Path, server: ScratchServer, database: str) -> None:
    ini = project / "alembic.ini"
    ini.write_text(ini.read_text().replace("migration_wait = 600", "migration_wait = 0.1"))
    with server.connect(database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [0x616C656D626963])
        begun = time.monotonic()
        failed = alembic(project, server.url(database), "upgrade", "head", code=255)
        assert "Another process is still migrating" in failed.stderr + failed.stdout
        assert time.monotonic() - begun < 60
        alembic(project, server.url(database), "current")  # only reads, and does not wait


def test_time_outs_of_the_configuration_hold(project: Path, server: ScratchServer, database: str) -> None:
    ini = project / "alembic.ini"
    text = ini.read_text().replace("lock_timeout = 5s", "lock_timeout = 7s")
    ini.write_text(text.replace("statement_timeout = 1h", "statement_timeout = 11s"))
    query = "select current_setting('lock_timeout') || ' ' || current_setting('statement_timeout') as x"
    revision(project, "one", f'op.execute("create table settings as {query}")')
    alembic(project, server.url(database), "upgrade", "head")
    with server.connect(database) as connection:
        assert connection.execute("SELECT x FROM settings").fetchone() == ("7s 11s",)


def test_offline_needs_no_database_and_doubles_nothing(project: Path) -> None:
    revision(project, "one", "op.execute(\"COMMENT ON SCHEMA public IS '100% ours'\")")
    sql = alembic(project, None, "upgrade", "head", "--sql").stdout
    assert "IS '100% ours';" in sql
    assert sql.count("BEGIN;") == sql.count("COMMIT;") >= 1


def test_without_a_url_the_message_says_where_to_put_it(project: Path) -> None:
    failed = alembic(project, None, "upgrade", "head", code=255)
    assert "Set DATABASE_URL, or sqlalchemy.url" in failed.stderr + failed.stdout


def test_the_url_of_the_configuration(project: Path, server: ScratchServer, database: str) -> None:
    ini = project / "alembic.ini"
    line = "# sqlalchemy.url = postgresql://user@localhost/database"
    assert line in ini.read_text()
    url = server.url(database).replace("%", "%%")
    ini.write_text(ini.read_text().replace(line, f"sqlalchemy.url = {url}"))
    alembic(project, None, "upgrade", "head")


@pytest.mark.parametrize("template", ["vibe", "vibe_async"])
def test_the_template_works_with_alembic_init(
    template: str, tmp_path: Path, server: ScratchServer, database: str
) -> None:
    alembic(tmp_path, None, "init", "-t", str(template_dir() / template), "migrations")
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").touch()
    base = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n"
    (tmp_path / "app/models.py").write_text(base)
    alembic(tmp_path, server.url(database), "upgrade", "head")
    alembic(tmp_path, server.url(database), "check")


def test_what_is_made_passes_mypy_and_ruff(project: Path) -> None:
    sources = ["migrations/env.py", "shop"]
    for command in (["mypy", "--strict", "--cache-dir", os.devnull], ["ruff", "check", "--no-cache"]):
        done = subprocess.run(
            [sys.executable, "-m", *command, *sources], cwd=project, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
