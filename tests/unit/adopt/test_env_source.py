"""The changes of an env.py: what is added, where, and that nothing else changes."""

from __future__ import annotations

import ast
import difflib
from pathlib import Path

import alembic
import pytest

from alembic_vibe.adopt.env_source import EnvSource
from alembic_vibe.adopt.model import Environment, Style

TEMPLATES = Path(alembic.__file__).parent / "templates"


def source(root: Path, style: Style = Style.SYNC, **more: object) -> EnvSource:
    environment = Environment("alembic", None, None, root, (root / "versions",), False, "", root / "env.py")
    values = {"style": style, "dialects": ("postgresql",), **more}
    return EnvSource(Environment(**{**vars(environment), **values}), root)


def added(before: str, after: str) -> list[str]:
    """Return the lines that are new; fails if a line of before is gone, but for one that is divided or gets a comma."""
    lines = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    removed = [line[2:] for line in lines if line[0] == "-"]
    new = [line[2:] for line in lines if line[0] == "+"]
    for line in removed:
        if line.strip().startswith("context.configure("):
            continue
        assert f"{line}," in new, f"a line is gone: {line}"
        new.remove(f"{line},")
    return new


@pytest.mark.parametrize(
    ("template", "style", "driver", "connect"),
    [
        ("generic", Style.SYNC, "psycopg", '"options": "-c lock_timeout=5s -c statement_timeout=1h"'),
        ("async", Style.ASYNC, "asyncpg", '"server_settings": {"lock_timeout": "5s", "statement_timeout": "1h"}'),
        ("async", Style.ASYNC, "psycopg", '"options": "-c lock_timeout=5s -c statement_timeout=1h"'),
    ],
)
def test_the_templates_of_alembic(template: str, style: Style, driver: str, connect: str, tmp_path: Path) -> None:
    before = (TEMPLATES / template / "env.py").read_text(encoding="utf-8")
    (tmp_path / "requirements.txt").write_text(f"{driver}==3\n", encoding="utf-8")
    work = source(tmp_path, style)
    after = work.change(before)
    new = added(before, after)
    assert after.count("transaction_per_migration=True") == 2
    assert after.count(f"connect_args={{{connect}}}") == 1
    assert after.count("*VIBE_PLUGINS") == 1
    assert len(new) <= 14
    assert len(work.why) == 3
    assert work.notes == []
    ast.parse(after)
    again = source(tmp_path, style, transaction_per_migration=True, lock_timeout=True, statement_timeout=True)
    assert again.change(after) == after


CALL = """\
def run(connection):
    context.configure(
        connection=connection,
        target_metadata=target_metadata,  # all of it
        compare_type=True,  # types as well
    )
"""


def test_a_comment_behind_the_last_argument_stays_there(tmp_path: Path) -> None:
    after = source(tmp_path, lock_timeout=True, statement_timeout=True).change(CALL)
    assert "        compare_type=True,  # types as well\n        transaction_per_migration=True,\n" in after
    assert '        autogenerate_plugins=["alembic.autogenerate.*", *VIBE_PLUGINS],\n    )\n' in after


def test_a_call_on_one_line_is_divided_when_it_gets_long(tmp_path: Path) -> None:
    text = "    context.configure(url=u, target_metadata=m)\n    context.configure(connection=c, target_metadata=m)\n"
    after = source(tmp_path, lock_timeout=True, statement_timeout=True).change(f"if 1:\n{text}")
    assert "    context.configure(url=u, target_metadata=m, transaction_per_migration=True)\n" in after
    assert "    context.configure(\n        connection=c,\n        target_metadata=m,\n" in after
    assert after.endswith('        autogenerate_plugins=["alembic.autogenerate.*", *VIBE_PLUGINS],\n    )\n')


def test_plugins_that_are_there_are_kept(tmp_path: Path) -> None:
    text = 'context.configure(connection=c, autogenerate_plugins=["alembic.autogenerate.*", "ours.*"])\n'
    after = source(tmp_path, lock_timeout=True, statement_timeout=True).change(text)
    assert 'autogenerate_plugins=["alembic.autogenerate.*", "ours.*", *VIBE_PLUGINS]' in after


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("context.configure(connection=c, **options)\n", "takes its options from elsewhere"),
        ("from app.migrations import run\nrun()\n", "does not call context.configure() itself"),
        (
            "from app.db import engine\ncontext.configure(connection=engine.connect())\nimport psycopg\n",
            "the engine is made elsewhere",
        ),
        (
            "import psycopg\ne = create_engine(url, connect_args={})\ncontext.configure(connection=e.connect())\n",
            "connect_args of its own",
        ),
        ("e = create_engine(url)\ncontext.configure(connection=e.connect())\n", "which driver env.py uses"),
        (
            "e = create_engine('postgresql+psycopg://h/d?options=-ca%3Db')\ncontext.configure(connection=e.connect())\n",
            "has options already",
        ),
    ],
)
def test_what_is_left_to_the_user_is_said(text: str, note: str, tmp_path: Path) -> None:
    work = source(tmp_path)
    after = work.change(text)
    assert any(note in found for found in work.notes), work.notes
    assert "connect_args={}" in after or "connect_args" not in after


def test_other_databases_get_no_time_outs_of_postgresql(tmp_path: Path) -> None:
    text = "import psycopg\ne = create_engine(url)\ncontext.configure(connection=e.connect())\n"
    work = source(tmp_path, dialects=("postgresql", "sqlite"))
    assert "connect_args" not in work.change(text)
    assert "sqlite" in work.notes[0]


def test_no_python_is_left_alone(tmp_path: Path) -> None:
    work = source(tmp_path)
    assert work.change("def broken(:\n") == "def broken(:\n"
    assert "no Python" in work.notes[0]


def test_what_only_looks_like_the_call_is_left_alone(tmp_path: Path) -> None:
    text = """\
from alembic import context
context.configure(connection, target_metadata=m)
MigrationContext.configure(connection, opts={"version_table": "v"})
logger.configure(level="INFO")
"""
    after = source(tmp_path, lock_timeout=True, statement_timeout=True).change(text)
    assert [line for line in after.splitlines() if ".configure(" in line][1:] == text.splitlines()[2:]
    assert "*VIBE_PLUGINS" in after


def test_what_is_printed_has_the_transactions_of_what_is_run(tmp_path: Path) -> None:
    text = "context.configure(url=u)\ncontext.configure(connection=c, **options)\n"
    work = source(tmp_path, lock_timeout=True, statement_timeout=True)
    assert work.change(text) == text
    assert len(work.notes) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nfrom logging import x\n\nimport sqlalchemy\n", "import os\n{}from logging import x\n\nimport s"),
        ("# Top\n\nimport sqlalchemy\nimport os\n", "# Top\n\n{}\nimport sqlalchemy\nimport os\n"),
        ("import os\nimport sys\n\nimport re\n", "import os\nimport sys\n{}\nimport re\n"),
        ("from __future__ import annotations\n\nfrom x import y\n", "annotations\n\n{}\nfrom x import y\n"),
        ("from .x import y\n", "{}\nfrom .x import y\n"),
    ],
)
def test_the_import_stands_where_sorted_imports_have_it(before: str, after: str, tmp_path: Path) -> None:
    work = source(tmp_path, lock_timeout=True, statement_timeout=True)
    changed = work.change(f"{before}context.configure(connection=c)\n")
    assert after.format("from importlib.metadata import entry_points\n") in changed


@pytest.mark.parametrize(
    ("style", "drivers", "expected"),
    [
        (Style.ASYNC, "asyncpg psycopg2", "server_settings"),
        (Style.SYNC, "asyncpg psycopg", '"options"'),
        (Style.ASYNC, "asyncpg psycopg", ""),
        (Style.SYNC, "psycopg pymysql", ""),
    ],
)
def test_a_driver_in_doubt_gets_no_options(style: Style, drivers: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(drivers.replace(" ", "\n"), encoding="utf-8")
    after = source(tmp_path, style).change("e = create_engine(url)\ncontext.configure(connection=e.connect())\n")
    assert expected in after if expected else "connect_args" not in after
