"""Texts that earlier runs have left in the user's cache directory, to save time.

A cache may be missing, damaged, shared by several runs, or impossible to write: that costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def digest_of_code(packages: Iterable[str]) -> str:
    """Return a digest of the code of some packages and modules of ours: what they made before a change is void."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256(__version__.encode())
    for package in packages:
        folder = root / package
        for path in sorted(folder.rglob("*")) if folder.is_dir() else (root / f"{package}.py",):
            if path.suffix in {".py", ".sql", ".toml"}:
                found = path.stat()
                digest.update(f"{path.relative_to(root)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


class Shelf:
    """A folder with a bounded number of texts; the oldest go first."""

    def __init__(self, name: str, kept: int, stamp: Callable[[], str]) -> None:
        """Name the folder in the cache directory, how many texts it holds, and what makes all of them void."""
        self._name = name
        self._kept = kept
        self._stamp = stamp

    @property
    def folder(self) -> Path:
        """Where the texts are."""
        from platformdirs import user_cache_path

        return user_cache_path("alembic-vibe") / self._name

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(f'{self._stamp()} {key}'.encode()).hexdigest()[:40]}.json"

    def read(self, key: str) -> str | None:
        """Return a text; ``None`` if there is none under that key."""
        return read_text(self._path(key))

    def newest(self) -> list[Path]:
        """Return the files, the newest first."""
        try:
            return sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        except OSError:
            return []

    def keep(self, key: str, text: str) -> None:
        """Keep a text, all of it or nothing."""
        with suppress(OSError, UnicodeError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._path(key)
            temporary = path.with_suffix(f".{os.getpid()}")
            try:
                temporary.write_text(text, encoding="utf-8")
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            for old in self.newest()[self._kept :]:
                old.unlink(missing_ok=True)


def read_text(path: Path) -> str | None:
    """Return the text of a file and mark it as used; ``None`` if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        os.utime(path)
    except (OSError, UnicodeError):
        return None
    return text
