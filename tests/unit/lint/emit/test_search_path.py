"""Modules that a project's own code has put in place are forgotten again, whatever they do when they are asked."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from alembic_vibe.lint.emit.loading import search_path

if TYPE_CHECKING:
    from pathlib import Path

# As packages do for old names: the module has no file, and imports the new one at the first question.
LAZY = """\
import sys
from types import ModuleType

class Renamed(ModuleType):
    def __getattr__(self, name):
        raise ImportError(f"{self.__name__} cannot be imported")

sys.modules["shop_of_search_path.old_name"] = Renamed("shop_of_search_path.old_name")
"""


def test_a_module_that_fails_when_it_is_asked_does_not_stop_the_run(tmp_path: Path) -> None:
    package = tmp_path / "shop_of_search_path"
    package.mkdir()
    file = package / "__init__.py"
    file.write_text(LAZY, encoding="utf-8")
    before = list(sys.path)
    with search_path([tmp_path], [tmp_path]) as files:
        importlib.import_module("shop_of_search_path")
    assert files == {str(file)}
    assert "shop_of_search_path" not in sys.modules
    assert sys.path == before
    sys.modules.pop("shop_of_search_path.old_name")
