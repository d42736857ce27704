"""What a project's own code has changed in the interpreter is undone again."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

from alembic_vibe.lint.emit.loading import search_path

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

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


def test_environment_variables_are_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_OF_VARIABLES_KEPT", "1")
    monkeypatch.delenv("SHOP_OF_VARIABLES_NEW", raising=False)
    before = dict(os.environ)
    text = "import os\nos.environ['SHOP_OF_VARIABLES_NEW'] = '1'\ndel os.environ['SHOP_OF_VARIABLES_KEPT']\n"
    (tmp_path / "shop_of_variables.py").write_text(text, encoding="utf-8")
    with search_path([tmp_path], [tmp_path]):
        importlib.import_module("shop_of_variables")
        assert os.environ != before
    assert dict(os.environ) == before
