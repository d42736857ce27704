"""What a run has read: the files and folders that its answer depends on, so that it can be remembered.

Python tells an audit hook of every file that is opened and every folder that is listed (``sys.audit``; "Audit events
table" of the standard library), also by the revisions' own code. What is installed counts by the names of the
installed distributions, which have their versions in them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_vibe.shelf import digest_of_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_CODE = ("lint", "sql", "config", "diagnostics", "source", "naming", "hazards", "locks", "fingerprints", "shelf")
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # noqa: PTH100, PTH120 - compared as text

# They differ from one shell or hook to the next and decide nothing that a revision emits.
_NOISE = ("PWD", "OLDPWD", "SHLVL", "_", "COLUMNS", "LINES", "PRE_COMMIT", "PYTEST_CURRENT_TEST")
_NOISY = ("TERM", "GIT_", "SSH_", "XDG_", "LC_", "PRE_COMMIT_", "VSCODE_", "TMUX")

# The watches that are on. An audit hook cannot be taken away again, so one stays for the life of the process; it does
# nothing while no watch is on.
_watches: list[Watch] = []


class Watch:
    """Notes the files below some folders that are opened, and the folders that are listed."""

    def __init__(self, roots: Iterable[Path]) -> None:
        """Take the folders."""
        self._roots = tuple({f"{root}{os.sep}" for root in roots})
        self.seen: set[str] = set()

    def note(self, path: str) -> None:
        """Note a path, if it counts."""
        folder, _, name = path.rpartition(os.sep)
        if folder.endswith("__pycache__"):  # the compiled form of a module stands for its source
            path = os.path.join(folder.rpartition(os.sep)[0], f"{name.partition('.')[0]}.py")  # noqa: PTH118
        if f"{path}{os.sep}".startswith(self._roots) and not path.startswith(_OWN):
            self.seen.add(path)

    def read(self) -> list[str]:
        """Return what was seen, in order; of what is installed only what belongs to the folders themselves."""
        inside = [root for root in self._roots if "site-packages" in root]
        return sorted(path for path in self.seen if "site-packages" not in path or path.startswith(tuple(inside)))


@contextmanager
def watching(roots: Iterable[Path]) -> Iterator[Watch]:
    """Watch what is read below these folders."""
    watch = Watch(roots)
    _install()
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


@cache
def _install() -> None:
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watches or event not in {"open", "os.scandir"}:
        return
    path = arguments[0]
    if isinstance(path, int) or path is None or (event == "open" and not _reads(arguments)):
        return
    text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - as fast as can be
    for watch in _watches:
        watch.note(text)


def _reads(arguments: Sequence[Any]) -> bool:
    mode = arguments[1] if len(arguments) > 1 else None
    return not (isinstance(mode, str) and set(mode) & set("wax"))


def digests(paths: Iterable[str]) -> dict[str, str]:
    """Return a digest of each file's content, or of the names in a folder; "" for what is not there."""
    return {path: _digest(path) for path in paths}


def unchanged(known: Mapping[str, str]) -> bool:
    """Whether all files and folders are as they were."""
    return all(_digest(path) == digest for path, digest in known.items())


def _digest(path: str) -> str:
    try:
        if os.path.isdir(path):  # noqa: PTH112
            data = "\0".join(sorted(name for name in os.listdir(path) if name != "__pycache__")).encode()  # noqa: PTH208
        else:
            with open(path, "rb") as file:  # noqa: PTH123
                data = file.read()
    except OSError:
        return ""
    return hashlib.sha256(data).hexdigest()[:24]


@cache
def stamp() -> str:
    """Return a digest of our own code, of Python, of where modules are found, and of what is installed there."""
    places = list(dict.fromkeys(sys.path[1:]))  # the first is the folder of the program that was started
    installed = sorted(name for place in places for name in _names(place) if name.endswith((".dist-info", ".egg-link")))
    parts = [digest_of_code(_CODE), sys.version, *places, *installed]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def variables() -> str:
    """Return a digest of what the application's own code may look at: environment variables, the current folder."""
    found = sorted(
        f"{key}={value}" for key, value in os.environ.items() if key not in _NOISE and not key.startswith(_NOISY)
    )
    return hashlib.sha256("\0".join((os.getcwd(), *found)).encode("utf-8", "surrogateescape")).hexdigest()[:24]  # noqa: PTH109


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
