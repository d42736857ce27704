"""The generated rollback tests, run by pytest in small projects of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.render.tests import render_tests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

ENV = """
import os
from alembic import context
from sqlalchemy import MetaData, create_engine, Table, Column, Integer, Text

metadata = MetaData()
Table("users", metadata, Column("id", Integer, primary_key=True), Column("name", Text, nullable=False))
url = os.environ.get("DATABASE_URL") or context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url, target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine(url).connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
"""
FIRST = '''
"""users"""
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text, nullable=False))
    op.create_check_constraint("users_name_check", "users", "name ~ '^[a-z]{3,}$'")
def downgrade():
    op.drop_table("users")
'''
SECOND = '''
"""function"""
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.execute("CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS $$ SELECT 42 $$")
def downgrade():
    {downgrade}
'''
THIRD = '''
"""comment"""
from alembic import op
revision = "0003"
down_revision = "0002"
def upgrade():
    op.execute("COMMENT ON FUNCTION answer() IS 'to everything'")
def downgrade():
    op.execute("COMMENT ON FUNCTION answer() IS NULL")
'''


def make_project(folder: Path, downgrade: str = 'op.execute("DROP FUNCTION answer()")', **more: str) -> Path:
    files = {
        "alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
        "migrations/env.py": ENV,
        "migrations/script.py.mako": "",
        "migrations/versions/0001_users.py": FIRST,
        "migrations/versions/0002_function.py": SECOND.format(downgrade=downgrade),
        "migrations/versions/0003_comment.py": THIRD,
        "pytest.ini": "[pytest]\n",
        **render_tests("shop"),
        **more,
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(dedent(text).lstrip(), encoding="utf-8")
    return folder


def run_pytest(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    import os

    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TEST_", "DATABASE"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.fixture
def lent(server: ScratchServer, database: str) -> dict[str, str]:
    """The session's server, lent to the project as a user would lend one."""
    return {"TEST_DATABASE_URL": server.url(database)}


def scratch_databases(server: ScratchServer, database: str) -> set[str]:
    with server.connect(database) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'vibe\\_scratch\\_%'").fetchall()
    return {name for (name,) in rows}


def test_a_sound_chain_is_green(tmp_path: Path, server: ScratchServer, database: str, lent: dict[str, str]) -> None:
    with server.connect(database) as connection:
        connection.execute("CREATE TABLE users (precious text)")
        connection.execute("INSERT INTO users VALUES ('mine')")
    before = scratch_databases(server, database)
    result = run_pytest(make_project(tmp_path), lent)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "14 passed" in result.stdout
    assert "test_downgrade_leaves_no_trace[0002_function]" in result.stdout
    with server.connect(database) as connection:
        assert connection.execute("SELECT precious FROM users").fetchall() == [("mine",)]
    assert scratch_databases(server, database) == before  # the run has dropped its databases


def test_a_leaked_function_is_named(tmp_path: Path, lent: dict[str, str]) -> None:
    result = run_pytest(make_project(tmp_path, downgrade="pass"), lent)
    assert result.returncode == 1
    failed = {line.split(" ")[1].split("::")[1] for line in result.stdout.splitlines() if line.startswith("FAILED")}
    assert failed == {
        "test_downgrade_leaves_no_trace[0002_function]",
        "test_up_down_consistency[0002_function]",  # CREATE FUNCTION fails the second time
        "test_downgrade_to_base_leaves_nothing",
    }
    assert "left behind: function answer()" in result.stdout
    assert 'function "answer" already exists' in result.stdout


def test_rows_lost_on_the_way_are_named(tmp_path: Path, lent: dict[str, str]) -> None:
    downgrade = 'op.execute("DROP FUNCTION answer()"); op.execute("DELETE FROM users")'
    result = run_pytest(make_project(tmp_path, downgrade=downgrade), lent, "-k", "survive")
    assert result.returncode == 1
    assert "users: 2 rows before, 0 after" in result.stdout
    assert "2 passed" in result.stdout


def test_a_revision_may_take_back_the_rows_that_it_brought_and_no_others(tmp_path: Path, lent: dict[str, str]) -> None:
    for name, takes in (("own", "abc"), ("more", "abz")):
        (folder := tmp_path / name).mkdir()
        first = FIRST.replace(
            "def downgrade", "    op.execute(\"INSERT INTO users (name) VALUES ('abz')\")\ndef downgrade"
        )
        project = make_project(folder, **{"migrations/versions/0001_users.py": first})
        second = SECOND.format(downgrade=f"op.execute(\"DELETE FROM users WHERE name IN ('abc', '{takes}')\")")
        second = second.replace(
            "CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS $$ SELECT 42 $$",
            "INSERT INTO users (name) VALUES ('abc')",
        )
        (project / "migrations/versions/0002_function.py").write_text(second)
        (project / "migrations/versions/0003_comment.py").unlink()
        result = run_pytest(project, lent, "-k", "survive and 0002")
        assert ("users: 1 rows before, 0 after" in result.stdout, result.returncode) == (name == "more", name == "more")


def test_models_that_differ_and_two_heads_are_found(tmp_path: Path, lent: dict[str, str]) -> None:
    fourth = (
        FIRST.replace('"0001"', '"0004"')
        .replace("down_revision = None", 'down_revision = "0001"')
        .replace("users", "t4")
    )
    project = make_project(tmp_path, **{"migrations/versions/0004_t4.py": fourth})
    result = run_pytest(project, lent, "-k", "single_head or match_ddl")
    assert result.returncode == 1
    assert "test_single_head_revision" in result.stdout
    assert "remove_table" in result.stdout


def test_without_a_project_the_run_says_so(tmp_path: Path) -> None:
    for path, text in render_tests("shop").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    result = run_pytest(tmp_path, {})
    assert result.returncode != 0
    assert "neither alembic.ini nor [tool.alembic]" in result.stdout + result.stderr


def test_embedded_server_is_the_default(tmp_path: Path) -> None:
    result = run_pytest(make_project(tmp_path), {}, "-k", "test_upgrade")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_project_may_be_configured_in_pyproject(tmp_path: Path, lent: dict[str, str]) -> None:
    settings = '[tool.alembic]\nscript_location = "%(here)s/migrations"\nprepend_sys_path = ["."]\n'
    project = make_project(tmp_path, **{"pyproject.toml": settings})
    (project / "alembic.ini").unlink()
    result = run_pytest(project, lent, "-k", "upgrade or trace")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "4 passed" in result.stdout


def test_the_plugin_imports_nothing_heavy() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import alembic_vibe.testing; "
        "print(sorted({m.split('.')[0] for m in set(sys.modules) - before} - set(sys.stdlib_module_names)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "['alembic_vibe']"
