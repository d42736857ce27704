"""The sample project is what its specification compiles to: nobody has to wonder which of the two is right."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.render.template import render
from tests.acceptance.journey import Project

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

SAMPLE = Path(__file__).parents[2] / "sample_project"

pytestmark = pytest.mark.server


@pytest.fixture
def sample(server: ScratchServer, tmp_path: Path) -> Project:
    folder = tmp_path / "sample_project"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    return Project(folder, server)


def test_what_is_committed_is_what_generate_writes(sample: Project) -> None:
    sample.run("alembic-vibe", "generate", "--check")


def test_a_fresh_generation_gives_the_same_files(sample: Project) -> None:
    """All but the dates in the revisions: templates and renderers have not moved on without the sample."""
    committed = contents(sample.folder)
    shutil.rmtree(sample.folder / "harbourdesk" / "models")
    shutil.rmtree(sample.folder / "seeds")
    for revision in (sample.folder / "migrations" / "versions").glob("*.py"):
        revision.unlink()
    (sample.folder / "migrations" / "vibe_snapshot.json").unlink()
    models = sample.folder / "harbourdesk" / "models"
    models.mkdir()
    (models / "base.py").write_text(render("project/base.py.mako"), encoding="utf-8")
    placeholder = render("project/models.py.mako", models="harbourdesk.models")
    (models / "__init__.py").write_text(placeholder, encoding="utf-8")
    sample.run("alembic-vibe", "generate", "--no-prove")
    assert contents(sample.folder) == committed


def contents(folder: Path) -> dict[str, str]:
    """Read what is generated, without the dates."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix not in {".py", ".json"} or "__pycache__" in name:
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        found[name] = "\n".join(line for line in lines if not line.startswith("Create Date: "))
    return found
