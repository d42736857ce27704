"""What `init` makes, used with Alembic's own command line on a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from alembic_vibe.cli.main import run
from alembic_vibe.spec.reader import read_spec
from alembic_vibe.templates import template_dir
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

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


def alembic(root: Path, url: str | None, *args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run Alembic's command line, and expect an answer; 1 is an exception."""
    here = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "ALEMBIC_CONFIG")}
    here |= {"DATABASE_URL": url} if url is not None else {}
    done = run_program(("alembic", *args), root, here)
    assert done.returncode == code, done.stdout + done.stderr
    assert code == 1 or "Traceback" not in done.stderr, done.stderr
    return done


def start(root: Path, url: str) -> subprocess.Popen[str]:
    """Begin a deployment: a process of its own."""
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, cwd=root, env=environment, stderr=subprocess.PIPE, text=True)


def configure(root: Path, **options: str) -> None:
    """Give options of alembic.ini other values."""
    ini = root / "alembic.ini"
    text = ini.read_text()
    for name, value in options.items():
        line = f"{name} = {value}".replace("\\", r"\\")
        text, found = re.subn(rf"^(?:# )?{name} = .*$", line, text, flags=re.MULTILINE)
        assert found == 1, name
    ini.write_text(text)


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
    partitioned = '    __table_args__ = {"postgresql_partition_by": "RANGE (id)"}\n'
    (project / "shop/models/__init__.py").write_text(MODEL + partitioned)
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
    failed = alembic(project, url, "upgrade", "head", code=1)
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
    both = [start(project, url) for _ in range(2)]
    outputs = [process.communicate(timeout=90)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sorted(output.count("Running upgrade") for output in outputs) == [0, 2]


def test_the_wait_for_another_deployment_ends(project: Path, server: ScratchServer, database: str) -> None:
    configure(project, migration_wait="0.1")
    with server.connect(database, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [0x616C656D626963])
        begun = time.monotonic()
        failed = alembic(project, server.url(database), "upgrade", "head", code=255)
        assert "Another process is still migrating" in failed.stderr + failed.stdout
        assert time.monotonic() - begun < 60
        alembic(project, server.url(database), "current")  # only reads, and does not wait


def test_settings_of_the_configuration_hold(project: Path, server: ScratchServer, database: str) -> None:
    """The options of the URL are kept, and have precedence; what is made belongs to the role."""
    configure(project, lock_timeout="7s", statement_timeout="11s", migration_role="the owner")
    with server.connect(database, autocommit=True) as connection:
        connection.execute('CREATE ROLE "the owner" NOLOGIN')
        connection.execute('GRANT CREATE ON SCHEMA public TO "the owner"')
    query = "select string_agg(name || ' ' || setting, ', ' ORDER BY name) AS x from pg_settings where name in "
    names = "('lock_timeout', 'statement_timeout', 'enable_sort')"
    body = f'op.execute("RESET lock_timeout")\n    op.execute("create table settings as {query} {names}")'
    revision(project, "one", body)
    options = "-c enable_sort=off -c statement_timeout=9s"
    url = sa.make_url(server.url(database)).update_query_dict({"options": options})
    alembic(project, url.render_as_string(hide_password=False), "upgrade", "head")
    with server.connect(database) as connection:
        query = "SELECT x, tableowner FROM settings, pg_tables WHERE tablename = 'settings'"
        row = connection.execute(query).fetchone()
    expected = "enable_sort off, lock_timeout 7000, statement_timeout 9000"
    assert row == (expected, "the owner")


# --- a lock that somebody else holds ----------------------------------------------------------------------------------

HURRY = {"lock_timeout": "150ms", "migration_retries": "2", "migration_retry_pause": "0.1"}
ADD = 'op.execute("CREATE TABLE trace (x int)")\n    op.execute("ALTER TABLE item ADD y int")'


@pytest.fixture
def waiting(project: Path, server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    """A chain of three revisions, the second of which needs a lock on a table; the connection that has it."""
    configure(project, **HURRY)
    revision(project, "one", 'op.create_table("extra", sa.Column("id", sa.Integer))')
    revision(project, "two", ADD, "one")
    revision(project, "three", 'op.create_table("last", sa.Column("id", sa.Integer))', "two")
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE item (id int)")
        connection.commit()
        connection.execute("LOCK TABLE item IN ROW EXCLUSIVE MODE")
        yield connection


def tables(server: ScratchServer, database: str) -> set[str]:
    with server.connect(database) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {row[0] for row in rows}


def test_a_lock_that_is_given_back_in_time(
    project: Path, server: ScratchServer, database: str, waiting: psycopg.Connection[Any]
) -> None:
    configure(project, migration_retries="20")
    deployment = start(project, server.url(database))
    assert deployment.stderr is not None
    said = ""
    while "Trying again" not in said:
        line = deployment.stderr.readline()
        assert line, said
        said += line
    assert "Revision two: canceling statement due to lock timeout (ALTER TABLE item ADD y int)" in said
    waiting.rollback()
    said += deployment.communicate(timeout=90)[1]
    assert deployment.returncode == 0, said
    assert said.count("Running upgrade one -> two") > 1
    assert said.count("Running upgrade  -> one") == said.count("Running upgrade two -> three") == 1
    assert tables(server, database) == {"alembic_version", "extra", "item", "last", "trace"}


@pytest.mark.usefixtures("waiting")
def test_a_lock_that_is_not_given_back(project: Path, server: ScratchServer, database: str) -> None:
    url = server.url(database)
    failed = alembic(project, url, "upgrade", "head", code=255)
    assert failed.stderr.count("Trying again") == 2
    assert "FAILED: Revision two did not get a lock: canceling statement due to lock timeout" in failed.stdout
    assert "That was attempt 3." in failed.stdout
    assert alembic(project, url, "current").stdout.split() == ["one"]
    assert tables(server, database) == {"alembic_version", "extra", "item"}


@pytest.mark.usefixtures("waiting")
def test_a_target_that_counts_is_another_one_later(project: Path, server: ScratchServer, database: str) -> None:
    url = server.url(database)
    failed = alembic(project, url, "upgrade", "+2", code=255)
    assert "Trying again" not in failed.stderr
    assert "Nothing of it was applied; 1 before it were." in failed.stdout
    failed = alembic(project, url, "upgrade", "+1", code=255)
    assert failed.stderr.count("Trying again") == 2
    assert alembic(project, url, "current").stdout.split() == ["one"]


@pytest.mark.parametrize(
    ("body", "docstring", "attempts"),
    [
        ("with op.get_context().autocommit_block():\n        {}", "two", 1),
        ("with op.get_context().autocommit_block():\n        {}", "two\n\nRerunnable: yes", 3),
        ("with op.get_context().autocommit_block():\n        {}", "two\n\nRerunnable: no", 1),
        ("with op.get_context().autocommit_block():\n        {}", "two\n\nPhase:    expand (class B)", 3),
        ('op.execute("COMMIT")\n    {}', "two", 1),
    ],
)
@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("project", [[]], indirect=True, ids=["sync"])
def test_what_was_committed_in_part_is_run_again_only_if_it_says_so(
    project: Path, server: ScratchServer, database: str, body: str, docstring: str, attempts: int
) -> None:
    """A half-made index, taken for a good one by IF NOT EXISTS, would be worse than a deployment that stops."""
    revision(project, "two", body.format('op.execute("ALTER TABLE item ADD y int")'), "one")
    path = project / "migrations/versions/two.py"
    path.write_text(path.read_text().replace('"""one"""', f'"""{docstring}"""'))
    failed = alembic(project, server.url(database), "upgrade", "head", code=255)
    assert failed.stderr.count("Trying again") == attempts - 1
    assert ("A part of it may be committed" in failed.stdout) == (attempts == 1)


def test_what_people_write_has_its_time_outs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    revision(project, "one", 'op.create_table("item", sa.Column("id", sa.BigInteger, primary_key=True))')
    revision(project, "two", 'op.add_column("item", sa.Column("y", sa.Integer))', "one")
    config = ["-c", str(project / "pyproject.toml")]
    run(["lint", *config])
    assert "lock-timeout-missing" not in capsys.readouterr().err
    configure(project, lock_timeout="0")
    run(["lint", *config])
    assert "lock-timeout-missing" in capsys.readouterr().err


def test_offline_needs_no_database_and_doubles_nothing(project: Path) -> None:
    revision(project, "one", "op.execute(\"COMMENT ON SCHEMA public IS '100% ours'\")")
    sql = alembic(project, None, "upgrade", "head", "--sql").stdout
    assert "IS '100% ours';" in sql
    assert sql.count("BEGIN;") == sql.count("COMMIT;") >= 1


def test_without_a_url_the_message_says_where_to_put_it(project: Path) -> None:
    failed = alembic(project, None, "upgrade", "head", code=255)
    assert "Set DATABASE_URL, or sqlalchemy.url" in failed.stderr + failed.stdout


def test_the_url_of_the_configuration(project: Path, server: ScratchServer, database: str) -> None:
    configure(project, **{"sqlalchemy.url": server.url(database).replace("%", "%%")})
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


def test_what_is_made_passes_mypy_and_ruff(tmp_path: Path) -> None:
    """Both environments in one test: the second run of mypy knows SQLAlchemy from the first."""
    for name, options in {"sync": [], "async": ["--async"]}.items():
        project = tmp_path / name / "shop"
        assert run(["init", str(project), "-q", *options]) == 0
        cache = ["--cache-dir", str(tmp_path / "cache")]
        for command in (["mypy", "--strict", *cache], ["ruff", "check", "--no-cache"]):
            done = subprocess.run(
                [sys.executable, "-m", *command, "migrations/env.py", "shop"],
                cwd=project,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
