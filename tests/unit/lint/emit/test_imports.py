"""What a revision imports is looked at in memory first: trying to import what is no module takes time."""

from __future__ import annotations

import importlib
from textwrap import dedent
from typing import TYPE_CHECKING

from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.emit.loading import search_path
from alembic_vibe.lint.emit.render import render
from alembic_vibe.lint.model import Direction

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    import pytest

    from alembic_vibe.lint.model import Rendering

TEXT = """\
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
{more}
revision = "1"
down_revision = None


def upgrade():
    op.execute(sa.text("SELECT 1"))
"""


def upgrade_of(folder: Path, more: str) -> Rendering:
    (folder / "versions").mkdir()
    (folder / "versions" / "one.py").write_text(TEXT.format(more=dedent(more)), encoding="utf-8")
    (revision,) = read_chain([folder / "versions"], folder).revisions
    with search_path([folder], [folder]):
        return render(revision)[Direction.UPGRADE]


def test_names_of_modules_that_are_there_are_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_of(tmp_path, "")
    tried: list[str] = []
    original = importlib.import_module

    def import_module(name: str) -> ModuleType:
        tried.append(name)
        return original(name)

    monkeypatch.setattr(importlib, "import_module", import_module)
    (tmp_path / "again").mkdir()
    assert upgrade_of(tmp_path / "again", "").gaps == ()
    assert tried == []


def test_a_module_that_is_missing_is_told_beside_those_that_are_there(tmp_path: Path) -> None:
    found = upgrade_of(tmp_path, "from shop_that_is_nowhere.types import Money\nfrom sqlalchemy import Numeric\n")
    assert [gap.reason for gap in found.gaps] == ["`shop_that_is_nowhere.types` cannot be imported here"]
    assert [one.sql for one in found.statements] == ["SELECT 1"]


def test_a_submodule_is_imported_though_its_package_is_there(tmp_path: Path) -> None:
    package = tmp_path / "shop_of_imports"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "types.py").write_text("MADE = True\n", encoding="utf-8")
    assert upgrade_of(tmp_path, "import shop_of_imports\nfrom shop_of_imports import types\n").gaps == ()
