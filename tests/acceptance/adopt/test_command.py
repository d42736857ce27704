"""A project that people wrote by hand is adopted, changed through its specification, and left again."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.adopt.run import adopt, describe_database
from alembic_vibe.diagnostics import ConfigurationError, EnvironmentFailureError
from tests.acceptance.journey import Project
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.adopt.model import Environment, Findings
    from alembic_vibe.describe.model import Described
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("adopt")]

SHOP = Path(__file__).parents[2] / "cases" / "adopt" / "shop"
SPEC = "docs/06-technical-specification.md"
# What Alembic sees where alembic-vibe is not installed: no module of that name, and no entry point.
WITHOUT = """\
import importlib.metadata, sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "alembic_vibe":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Gone())
known = importlib.metadata.entry_points
importlib.metadata.entry_points = lambda **wanted: [p for p in known(**wanted) if "alembic_vibe" not in p.value]
from alembic.config import main
for command in sys.argv[1:]:
    main(command.split())
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, server: ScratchServer) -> Iterator[tuple[Project, str]]:
    """The project, and a database that has its revisions; the tests below follow each other."""
    folder = tmp_path_factory.mktemp("adopt") / "shop"
    shutil.copytree(SHOP, folder)
    (folder / ".git").mkdir()
    name = server.create_database()
    ini = folder / "alembic.ini"
    url = server.sqlalchemy_url(name).replace("%", "%%")
    ini.write_text(ini.read_text().replace("postgresql+psycopg://localhost/shop", url))
    project = Project(folder, server)
    project.run("alembic", "upgrade", "head")
    yield project, name
    server.drop_database(name)


def test_nothing_is_changed_without_write(shop: tuple[Project, str]) -> None:
    project, _ = shop
    before = project.files()
    found = json.loads(project.run("alembic-vibe", "adopt", "--format", "json").stdout)
    assert project.files() == before
    assert found["written"] == []
    assert [change["path"] for change in found["changes"]] == [
        "migrations/env.py",
        ".pre-commit-config.yaml",
        "pyproject.toml",
        SPEC,
    ]
    assert found["findings"]["environments"][0]["metadata"][0]["module"] == "shop.models"
    assert "+        transaction_per_migration=True,\n" in found["diff"]


def test_a_database_is_only_read(shop: tuple[Project, str]) -> None:
    project, name = shop
    with project.server.connect(name, autocommit=True) as connection:
        connection.execute("CREATE TABLE by_hand (id int)")

    def describe(findings: Findings, environment: Environment) -> Described:
        return describe_database(findings, environment, project.server.url(name), project.server.url("postgres"))

    adopted = adopt(None, project.folder, describe=describe)
    document = next(edit.after for edit in adopted.edits if edit.path.name.endswith(".md"))
    assert "CREATE TABLE by_hand" in document
    assert "alembic_version" not in document
    with project.server.connect(name, autocommit=True) as connection:
        connection.execute("DROP TABLE by_hand")


def test_written_once_and_then_never_again(shop: tuple[Project, str]) -> None:
    project, _ = shop
    before = {path: (project.folder / path).read_text() for path in ("shop/models.py", "alembic.ini")}
    told = project.run("alembic-vibe", "adopt", "--write", "--spec-from-chain").stderr
    assert "Changed:" in told
    after = project.files()
    again = project.run("alembic-vibe", "adopt", "--write", "--spec-from-chain").stderr
    assert "Nothing to change" in again
    assert project.files() == after
    assert {path: (project.folder / path).read_text() for path in before} == before
    project.run("alembic-vibe", "check")


def test_a_specification_of_what_is_there_changes_nothing(shop: tuple[Project, str]) -> None:
    project, _ = shop
    before = project.files()
    project.run("alembic-vibe", "generate")
    after = project.files()
    new = {path for path in after if after[path] != before.get(path)}
    assert "migrations/vibe_snapshot.json" in new
    assert not any(path.startswith(("shop/", "migrations/versions/")) for path in new), new
    assert set(before) <= set(after)


def test_a_change_becomes_one_revision_on_the_head(shop: tuple[Project, str]) -> None:
    project, _ = shop
    spec = project.folder / SPEC
    text = spec.read_text()
    assert "    name varchar(120),\n" in text
    spec.write_text(text.replace("    name varchar(120),\n", "    name varchar(120),\n    phone varchar(30),\n"))
    models = (project.folder / "shop/models.py").read_text()
    revisions = set((project.folder / "migrations/versions").glob("*.py"))
    project.run("alembic-vibe", "generate")
    (new,) = set((project.folder / "migrations/versions").glob("*.py")) - revisions
    assert new.name[:2] == "20"  # the project's own file_template: year_month_day-id_slug
    assert "b2c3d4e5f6a1" in new.read_text()
    after = (project.folder / "shop/models.py").read_text()
    (added,) = set(after.splitlines()) - set(models.splitlines())
    assert added.strip() == "phone: Mapped[Optional[str]] = mapped_column(String(30))"
    assert after.replace(f"{added}\n", "") == models
    project.run("alembic", "upgrade", "head")
    project.run("alembic", "check")


def test_what_alembic_misses_is_seen(shop: tuple[Project, str]) -> None:
    project, name = shop
    with project.server.connect(name, autocommit=True) as connection:
        connection.execute("ALTER TABLE orders DROP CONSTRAINT ck_orders_total_positive")
    with pytest.raises(AssertionError, match="ck_orders_total_positive"):
        project.run("alembic", "check")
    gone = project.python(WITHOUT, "check")
    assert gone.returncode == 0, gone.stdout + gone.stderr
    with project.server.connect(name, autocommit=True) as connection:
        connection.execute("ALTER TABLE orders ADD CONSTRAINT ck_orders_total_positive CHECK (total >= 0)")


def test_the_project_works_without_the_tool(shop: tuple[Project, str]) -> None:
    project, _ = shop
    finished = project.python(WITHOUT, "downgrade -1", "upgrade head", "check", "heads")
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_several_environments_are_a_question(tmp_path: Path) -> None:
    for name in ("shop", "billing"):
        (tmp_path / name / "versions").mkdir(parents=True)
        (tmp_path / name / "env.py").write_text("from alembic import context\ncontext.configure(url='postgresql://')\n")
    (tmp_path / "alembic.ini").write_text("[shop]\nscript_location = shop\n[billing]\nscript_location = billing\n")
    answered = run_program(["alembic-vibe", "adopt", "--write"], tmp_path, dict(os.environ))
    assert answered.returncode == 3
    assert "[shop] of alembic.ini, [billing] of alembic.ini" in answered.stderr
    assert "Environment billing" in answered.stderr
    assert not (tmp_path / "pyproject.toml").exists()
    (tmp_path / "pyproject.toml").write_text('[tool.alembic-vibe]\nsection = "billing"\n')
    adopted = adopt(None, tmp_path)
    assert adopted.environment is not None
    assert adopted.environment.script_location.name == "billing"


def test_there_must_be_something_to_adopt(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no Alembic environment"):
        adopt(None, tmp_path)


def test_what_was_found_is_told_before_what_fails(tmp_path: Path) -> None:
    (tmp_path / "backend/db/revisions").mkdir(parents=True)
    (tmp_path / "backend/db/env.py").write_text("from alembic import context\ncontext.configure(connection=None)\n")
    options = "[alembic]\nscript_location = %(here)s/db\nversion_locations = %(here)s/db/revisions\n"
    (tmp_path / "backend/alembic.ini").write_text(options)
    (tmp_path / ".git").mkdir()
    told: list[Findings] = []

    def unreachable(findings: Findings, environment: Environment) -> Described:
        return describe_database(findings, environment, "postgresql://bob:s3cret@127.0.0.1:1/x")

    with pytest.raises(EnvironmentFailureError) as failure:
        adopt(None, tmp_path, write=True, describe=unreachable, found=told.append)
    assert "s3cret" not in str(failure.value.diagnostics)
    assert len(told) == 1
    assert not (tmp_path / "pyproject.toml").exists()
    hooks = next(edit.after for edit in adopt(None, tmp_path).edits if edit.path.name == ".pre-commit-config.yaml")
    assert "entry: alembic-vibe lint -c backend/alembic.ini\n" in hooks
    assert "files: (^|/)((versions/|backend/db/revisions/).+\\.py|env\\.py|" in hooks
    (tmp_path / "backend/pyproject.toml").write_text("")
    inner = adopt(Path("backend/alembic.ini"), tmp_path)
    assert [edit.path.name for edit in inner.edits if edit.path.suffix == ".yaml"] == []
    assert any("begins above the project" in found.message for found in inner.diagnostics)
