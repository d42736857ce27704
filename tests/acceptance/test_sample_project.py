"""The sample project is what its specification compiles to: nobody has to wonder which of the two is right."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.journey import Project
from tests.acceptance.sample_history import SAMPLE, clear, live_again, steps

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


@pytest.fixture
def sample(server: ScratchServer, tmp_path: Path) -> Project:
    folder = tmp_path / "sample_project"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    return Project(folder, server)


def test_what_is_committed_is_what_generate_writes(sample: Project) -> None:
    sample.run("alembic-vibe", "generate", "--check")


def test_its_whole_history_gives_the_same_files(sample: Project) -> None:
    """All but the dates in the revisions: templates, renderers and strategies have not moved on without the sample."""
    committed = contents(sample.folder)
    clear(sample.folder)
    live_again(sample.folder, lambda arguments: sample.run("alembic-vibe", *arguments, "--no-prove"))
    assert contents(sample.folder) == committed


def test_the_last_version_is_the_specification() -> None:
    last = max(number for number, _ in steps(SAMPLE))
    assert last >= 6
    specification = SAMPLE / "docs" / "06-technical-specification.md"
    assert specification.read_text("utf-8") == (SAMPLE / "docs" / "versions" / f"{last}.md").read_text("utf-8")


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
