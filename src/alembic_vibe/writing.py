"""Write many files as one: all of them, or none."""

from __future__ import annotations

import contextlib
import difflib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import EnvironmentFailureError, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNWRITABLE = Rule(
    code="AV861",
    slug="file-not-writable",
    severity=Severity.ERROR,
    summary="A file could not be written; none was.",
    why="A run writes all of its files or none, so that the project is never half of something.",
    fix="Make the file and its folder writable, or free some space, and run it again.",
    bad="-r--r--r-- root app/models/__init__.py",
    good="-rw-r--r-- you app/models/__init__.py",
)
OUTSIDE = Rule(
    code="AV862",
    slug="file-outside-project",
    severity=Severity.ERROR,
    summary="A file would be written outside the project.",
    why="Section titles and settings decide names of files; none of them may reach out of the project's folder.",
    fix="Set paths inside the project in [tool.alembic-vibe].",
    bad='[tool.alembic-vibe]\nseeds = "../shared/seeds"',
    good='[tool.alembic-vibe]\nseeds = "seeds"',
)
RULES = (UNWRITABLE, OUTSIDE)


@dataclass(frozen=True)
class _Replaced:
    path: Path
    before: bytes | None


def write_all(root: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write texts by path relative to ``root``; on failure, restore what was there and raise.

    Bytes are a text in an encoding of its own; a file of which there is ``None`` is deleted.

    Raises:
        EnvironmentFailureError: A file cannot be written, or would lie outside ``root``.
    """
    targets = {path: (root / path) for path in files}
    for path, target in targets.items():
        if not target.resolve().is_relative_to(root.resolve()):
            raise EnvironmentFailureError(OUTSIDE.diagnostic(f"{path} is outside the project", path=path))
    made: list[Path] = []
    done: list[_Replaced] = []
    staged: dict[Path, Path] = {}
    current = ""
    try:
        for path, text in files.items():
            current = path
            target = targets[path]
            if text is None:
                continue
            _make_folders(target.parent, made)
            temporary = target.with_name(f".{target.name}.vibe-new")
            staged[target] = temporary
            temporary.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        for target, temporary in staged.items():
            current = str(target.relative_to(root))
            before = target.read_bytes() if target.exists() else None
            temporary.replace(target)
            done.append(_Replaced(target, before))
        for path, text in files.items():
            current = path
            if text is None and targets[path].exists():
                before = targets[path].read_bytes()
                targets[path].unlink()
                done.append(_Replaced(targets[path], before))
    except OSError as error:
        _take_back(staged, done, made)
        message = f"{current} cannot be written: {error.strerror or error}"
        raise EnvironmentFailureError(UNWRITABLE.diagnostic(message, path=current)) from error


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _take_back(staged: Mapping[Path, Path], done: list[_Replaced], made: list[Path]) -> None:
    for replaced in reversed(done):
        with contextlib.suppress(OSError):
            if replaced.before is None:
                replaced.path.unlink()
            else:
                replaced.path.write_bytes(replaced.before)
    for temporary in staged.values():
        with contextlib.suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - it may never have been made
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            folder.rmdir()


def unified_diff(root: Path, files: Mapping[str, str | bytes | None]) -> str:
    """Return what writing the files would change, as a unified diff."""
    parts: list[str] = []
    for path, text in files.items():
        target = root / path
        before = _shown(target.read_bytes()).splitlines(keepends=True) if target.exists() else []
        after = text if isinstance(text, str) else _shown(text or b"")
        parts.extend(
            difflib.unified_diff(
                before,
                after.splitlines(keepends=True),
                f"a/{path}" if before else "/dev/null",
                f"b/{path}" if text is not None else "/dev/null",
            )
        )
    return "".join(parts)


def _shown(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")
