"""All files of a run are written, or none is; and none outside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.writing import unified_diff, write_all


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else b"/" for path in root.rglob("*")}


def test_all_are_written(tmp_path: Path) -> None:
    write_all(tmp_path, {"a/b/c.py": "x\n", "d.py": "ü\r\n"})
    assert tree(tmp_path) == {"a": b"/", "a/b": b"/", "a/b/c.py": b"x\n", "d.py": "ü\r\n".encode()}


@pytest.mark.parametrize("blocked", ["z.py", "m/z.py"])
def test_a_folder_in_the_way_leaves_everything_as_it_was(tmp_path: Path, blocked: str) -> None:
    (tmp_path / "a.py").write_text("old\n")
    (tmp_path / blocked).mkdir(parents=True)
    before = tree(tmp_path)
    with pytest.raises(EnvironmentFailureError) as caught:
        write_all(tmp_path, {"a.py": "new\n", "new/b.py": "b\n", blocked: "z\n"})
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "AV861"
    assert blocked in diagnostic.message
    assert tree(tmp_path) == before


def test_a_file_in_the_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old\n")
    before = tree(tmp_path)
    with pytest.raises(EnvironmentFailureError):
        write_all(tmp_path, {"0.py": "x\n", "a/b.py": "b\n"})
    assert tree(tmp_path) == before


def test_a_failure_while_replacing_restores_what_was_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("old\n")
    before = tree(tmp_path)
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "c.py":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(EnvironmentFailureError) as caught:
        write_all(tmp_path, {"a.py": "new\n", "b/b.py": "b\n", "c.py": "c\n"})
    assert "No space left on device" in caught.value.diagnostics[0].message
    assert tree(tmp_path) == before


@pytest.mark.parametrize("path", ["../evil.py", "a/../../evil.py", "/tmp/evil.py"])
def test_a_path_outside_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    with pytest.raises(EnvironmentFailureError) as caught:
        write_all(root, {"ok.py": "x\n", path: "x\n"})
    assert caught.value.diagnostics[0].code == "AV862"
    assert tree(tmp_path) == {"project": b"/"}


def test_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (root / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(EnvironmentFailureError):
        write_all(root, {"link/x.py": "x\n"})
    assert tree(tmp_path / "elsewhere") == {}


def test_the_diff_shows_new_and_changed_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\n")
    diff = unified_diff(tmp_path, {"a.py": "one\nthree\n", "b.py": "new\n"})
    assert "--- a/a.py\n+++ b/a.py\n" in diff
    assert "-two\n+three\n" in diff
    assert "--- /dev/null\n+++ b/b.py\n" in diff


def test_a_file_of_nothing_is_deleted_and_comes_back_if_another_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("a", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").mkdir()
    assert "+++ /dev/null" in unified_diff(tmp_path, {"old.csv": None})
    with pytest.raises(EnvironmentFailureError):
        write_all(tmp_path, {"old.csv": None, "new.csv": "b", "folder": None})
    assert (tmp_path / "old.csv").read_text(encoding="utf-8") == "a"
    assert not (tmp_path / "new.csv").exists()
    write_all(tmp_path, {"old.csv": None, "new.csv": "b", "never.csv": None})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "new.csv"]
