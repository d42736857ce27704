"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.journey import Project

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.server
def test_the_example_gives_the_revision_and_the_model_that_are_shown(server: ScratchServer, tmp_path: Path) -> None:
    readme = README.read_text(encoding="utf-8")
    fragment = re.search(r"^````markdown\n(.*?)^````$", readme, re.DOTALL | re.MULTILINE)
    shown = re.findall(r"^```python\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    assert fragment is not None
    assert len(shown) == 2
    folder = tmp_path / "shop"
    folder.mkdir()
    project = Project(folder, server, apart=True)
    project.run("alembic-vibe", "init", ".", "--package", "shop")
    (folder / "docs" / "06-technical-specification.md").write_text(fragment.group(1), encoding="utf-8")
    project.run("alembic-vibe", "generate")
    revision = (folder / "migrations" / "versions" / "0001_core_system_tables.py").read_text(encoding="utf-8")
    model = (folder / "shop" / "models" / "core_system.py").read_text(encoding="utf-8")
    assert revision.endswith("\n" + shown[0])
    assert model.endswith("\n" + shown[1])
