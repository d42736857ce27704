"""Answers that are asked for ahead: they are what they would be, and nobody has to take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.history.chain import Chain, ChainError
from tests.acceptance.journey import Project

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server


@pytest.fixture
def folder(server: ScratchServer, tmp_path: Path) -> Path:
    """A project with an empty chain."""
    project = Project(tmp_path, server)
    project.run("alembic-vibe", "init", ".", "--package", "product")
    return tmp_path


def add(folder: Path, text: str) -> None:
    """Write a revision."""
    path = folder / "migrations/versions/0001_first.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


FIRST = "revision = '0001'\ndown_revision = None\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n"


def test_the_answers_are_the_same(folder: Path) -> None:
    add(folder, FIRST)
    ini = folder / "alembic.ini"
    with Chain(folder) as chain:
        chain.open(ini, None, None)
        expected = chain.describe()
    with Chain(folder) as chain:
        chain.begin(ini, None)
        chain.open(ini, None, None)
        assert chain.describe() == expected
        assert chain.describe() == expected
    with Chain(folder) as chain:
        chain.begin(None, folder / "pyproject.toml")
        chain.open(ini, None, None)
        assert chain.describe() == expected
    assert expected.heads == ("0001",)


def test_an_error_is_told_to_whom_it_concerns(folder: Path) -> None:
    add(folder, "import nothing_of_that_name\n" + FIRST)
    ini = folder / "alembic.ini"
    with Chain(folder) as chain:
        chain.begin(ini, None)
        chain.open(ini, None, None)
        with pytest.raises(ChainError, match="nothing_of_that_name"):
            chain.describe()
        add(folder, FIRST)
        assert chain.describe().heads == ("0001",)


def test_nobody_has_to_take_the_answers(folder: Path) -> None:
    add(folder, FIRST)
    with Chain(folder) as chain:
        chain.begin(folder / "alembic.ini", None)
    assert chain._process.returncode is not None
