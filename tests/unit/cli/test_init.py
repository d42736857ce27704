"""A new project: what is written, what is kept, what is refused."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from alembic_vibe.cli import scaffold
from alembic_vibe.cli.main import run
from alembic_vibe.config import load_project
from alembic_vibe.templates import template_dir

ALWAYS = {
    ".gitignore",
    "alembic.ini",
    "docs/06-technical-specification.md",
    "migrations/README",
    "migrations/env.py",
    "migrations/script.py.mako",
    "pyproject.toml",
    "shop/__init__.py",
    "shop/models/__init__.py",
    "shop/models/base.py",
}


@pytest.fixture(autouse=True)
def _in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)


def files(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_new_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "shop"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert set(files(tmp_path / "shop")) == ALWAYS
    assert all(path in captured.err for path in ALWAYS)
    assert "cd shop" in captured.err
    assert (tmp_path / "shop/migrations/versions").is_dir()


def test_the_settings_are_those_that_the_project_is_read_with(tmp_path: Path) -> None:
    assert run(["init", "My Shop", "-q"]) == 0
    root = tmp_path / "My Shop"
    project = load_project(None, root)
    assert project.package == "my_shop"
    assert project.models == root / "my_shop/models"
    assert project.spec.is_file()
    assert project.script_location == root / "migrations"
    assert project.models_module == "my_shop.models"
    document = tomllib.loads((root / "pyproject.toml").read_text())
    assert document["project"]["name"] == "my-shop"
    assert any(d.startswith("psycopg[binary]") for d in document["project"]["dependencies"])


def test_the_specification_keeps_its_headings(tmp_path: Path) -> None:
    run(["init", "shop", "-q"])
    text = (tmp_path / "shop/docs/06-technical-specification.md").read_text()
    assert text.startswith("# Shop: Technical Specification\n\n<!--")
    for heading in ("## 5. Database Architecture & Schema Design", "### 5.1 ", "### 5.2 ", "### 5.3 ", "### 5.4 "):
        assert f"\n{heading}" in text
    assert text.count("```sql\n") == 2
    assert text.endswith("```\n")


def test_async(tmp_path: Path) -> None:
    assert run(["init", "shop", "--async", "-q"]) == 0
    assert "run_sync" in (tmp_path / "shop/migrations/env.py").read_text()
    assert "sqlalchemy[asyncio]" in (tmp_path / "shop/pyproject.toml").read_text()


def test_the_package_can_be_named(tmp_path: Path) -> None:
    assert run(["init", ".", "--package", "core", "-q"]) == 0
    assert (tmp_path / "core/models/__init__.py").read_text().count("from core.models.base import Base") == 1
    assert "models = core.models\n" in (tmp_path / "alembic.ini").read_text()


@pytest.mark.parametrize("name", ["my-shop", "1x", "class", "../x", "a/b", ""])
def test_a_package_that_cannot_be_imported(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", ".", "--package", name]) == 2
    assert "--package" in capsys.readouterr().err
    assert files(tmp_path) == {}


def test_a_second_run_is_refused_with_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", "shop"])
    before = files(tmp_path)
    capsys.readouterr()
    assert run(["init", "shop"]) == 2
    error = capsys.readouterr().err
    assert "AV013" in error
    assert "alembic.ini, migrations/README, migrations/env.py" in error
    assert files(tmp_path) == before


def test_one_file_in_the_way_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_text("mine")
    assert run(["init", ".", "--package", "shop"]) == 2
    assert files(tmp_path) == {"alembic.ini": b"mine"}


def test_foreign_migrations_are_not_mixed_with(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations/0001.sql").write_text("SELECT 1")
    assert run(["init", "."]) == 2
    assert set(files(tmp_path)) == {"migrations/0001.sql"}


def test_a_specification_and_a_package_that_are_there_are_kept(tmp_path: Path) -> None:
    mine = {"docs/06-technical-specification.md": "# Ours\n", "shop/__init__.py": "X = 1\n", ".gitignore": "x\n"}
    for path, text in mine.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    assert run(["init", ".", "--package", "shop", "-q"]) == 0
    after = files(tmp_path)
    assert {path: after[path].decode() for path in mine} == mine
    assert set(after) == ALWAYS


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_existing_pyproject_is_kept_and_added_to(tmp_path: Path, newline: str) -> None:
    before = newline.join(["[project]", 'name = "x"  # ours', "", "[tool.ruff]", "line-length = 99"])
    (tmp_path / "pyproject.toml").write_bytes(before.encode())
    assert run(["init", ".", "--package", "shop", "-q"]) == 0
    after = (tmp_path / "pyproject.toml").read_bytes().decode()
    assert after.startswith(before + newline)
    assert tomllib.loads(after)["tool"]["alembic-vibe"]["package"] == "shop"
    assert after.count("\r\n") == (after.count("\n") if newline == "\r\n" else 0)


def test_settings_that_are_there_are_obeyed(tmp_path: Path) -> None:
    text = '[tool.alembic-vibe]\nspec = "spec.md"\npackage = "core"\nmodels = "core/db"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    assert run(["init", ".", "-q"]) == 0
    assert (tmp_path / "pyproject.toml").read_text() == text
    assert {"spec.md", "core/__init__.py", "core/db/__init__.py", "core/db/base.py"} <= set(files(tmp_path))
    assert "models = core.db\n" in (tmp_path / "alembic.ini").read_text()


def test_a_spec_outside_the_project_is_not_started(tmp_path: Path) -> None:
    root = tmp_path / "inner"
    root.mkdir()
    (root / "pyproject.toml").write_text('[tool.alembic-vibe]\nspec = "../spec.md"\n')
    assert run(["init", "inner"]) == 2
    assert set(files(tmp_path)) == {"inner/pyproject.toml"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tool = { ruff = { line-length = 99 } }\n", "AV013"),
        ("not toml", "AV002"),
        ('[tool.alembic]\nscript_location = "db"\n', "AV013"),
    ],
)
def test_a_pyproject_that_cannot_be_added_to(
    tmp_path: Path, text: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert run(["init", "."]) == 2
    assert code in capsys.readouterr().err
    assert files(tmp_path) == {"pyproject.toml": text.encode()}


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    plan = scaffold.plan_project(tmp_path, "shop", asynchronous=False)
    # A file where a folder is needed: the operating system itself fails, after the first files are written.
    plan.new = {**plan.new, "shop/__init__.py/x": "", "zzz": ""}
    with pytest.raises(OSError, match="shop"):
        scaffold.write_project(plan)
    assert files(tmp_path) == {"pyproject.toml": b"[project]\n"}
    assert [p.name for p in tmp_path.iterdir()] == ["pyproject.toml"]


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "shop", "--format", "json"]) == 0
    output: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert output["diagnostics"] == []
    assert set(output["written"]) == ALWAYS


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    assert run(["init", "x"]) == 2


@pytest.mark.parametrize("name", ["README", "alembic.ini.mako", "script.py.mako"])
def test_both_environments_differ_in_env_py_only(name: str) -> None:
    vibe, vibe_async = (template_dir() / folder / name for folder in ("vibe", "vibe_async"))
    assert vibe.read_text() == vibe_async.read_text()


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ('CREATE TABLE a (x int);\nALTER TABLE a OWNER TO "the 100%";', "migration_role = the 100%%"),
        ("CREATE ROLE k;\nCREATE TABLE a (x int);\nALTER TABLE public.a OWNER TO k;", "# migration_role = k"),
        ("CREATE TABLE a (x int);\nCREATE TABLE b (x int);\nALTER TABLE a OWNER TO k;", "# migration_role = app_owner"),
        ("CREATE TABLE a (x int);\nALTER TABLE a OWNER TO CURRENT_USER;", "# migration_role = app_owner"),
        ('CREATE TABLE a (x int);\nALTER TABLE a OWNER TO "k\nsqlalchemy.url = x";', "# migration_role = app_owner"),
        ("nonsense", "# migration_role = app_owner"),
    ],
)
def test_the_owner_that_a_specification_names_gets_into_the_configuration(tmp_path: Path, sql: str, line: str) -> None:
    spec = tmp_path / "docs/06-technical-specification.md"
    spec.parent.mkdir()
    spec.write_text(f"# X\n\n## 5. Database Architecture & Schema Design\n\n### 5.3 Core\n\n```sql\n{sql}\n```\n")
    assert run(["init", "."]) == 0
    text = (tmp_path / "alembic.ini").read_text()
    assert [found for found in text.splitlines() if "migration_role" in found] == [line]
    assert "url = x" not in text
