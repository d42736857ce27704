"""Under which account a private server runs, and that this account can read its programs."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres import failures

if TYPE_CHECKING:
    from alembic_vibe.postgres.binaries import Binaries

_SHARED_CACHE = Path("/var/cache/alembic-vibe")
# What a server needs of an installation is about half of it.
_NOT_COPIED = shutil.ignore_patterns("include", "locale", "doc", "man", "*.a", "*.py", "__pycache__", "pg_upgrade")


@dataclass(frozen=True)
class Account:
    """An unprivileged account."""

    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """Arguments of ``subprocess.Popen`` that start a program under it."""
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "cwd": "/"}


def unprivileged() -> Account | None:
    """The account to start a server under: ``None`` means our own, which must not be root.

    Raises:
        EnvironmentFailureError: We are root, and there is no other account (``initdb`` needs a passwd entry).
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in ("nobody", "postgres"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EnvironmentFailureError(failures.no_account())


def can_traverse(path: Path) -> bool:
    """Whether any account may use ``path`` (a directory or a program) and pass through the directories above it."""
    path = path.resolve()
    return all(parent.stat().st_mode & 0o001 for parent in path.parents) and path.stat().st_mode & 0o005 == 0o005


def _shared_cache() -> Path | None:
    """A directory of root's that others can read; nobody else may write to it."""
    with contextlib.suppress(OSError):
        _SHARED_CACHE.mkdir(mode=0o755, exist_ok=True)
        stat = _SHARED_CACHE.lstat()
        if stat.st_uid == 0 and not _SHARED_CACHE.is_symlink() and not stat.st_mode & 0o022:
            return _SHARED_CACHE
    return None


def reachable(binaries: Binaries, run_dir: Path) -> Binaries:
    """Return installation files that any account can use: the given ones, or a trimmed copy of them.

    A virtual environment under root's home (mode 0700) needs the copy. It is made once, under ``/var/cache``; where
    that is not possible it is made for this run, in ``run_dir``.
    """
    root = binaries.bin_dir.resolve().parent
    if can_traverse(binaries.program("postgres")) or not binaries.share_dir.resolve().is_relative_to(root):
        return binaries
    fingerprint = hashlib.sha256(f"{root}:{binaries.program('postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    home = _shared_cache()
    parent = home or run_dir
    target = parent / f"postgresql-{binaries.version}-{fingerprint}"
    if not target.exists():
        building = Path(tempfile.mkdtemp(prefix="building-", dir=parent))
        building.chmod(0o755)
        shutil.copytree(root, building / root.name, symlinks=True, ignore=_NOT_COPIED)
        # Libraries that wheels bring are found relative to the programs (RUNPATH).
        libraries = root.parent.with_name(root.parent.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, building / libraries.name, symlinks=True)
            inner = building / root.parent.name
            inner.mkdir()
            (building / root.name).rename(inner / root.name)
        _readable(building)
        try:
            building.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(building, ignore_errors=True)
    found = next(path.parent for path in target.rglob("bin/initdb*"))
    share = found.parent / binaries.share_dir.resolve().relative_to(root)
    return replace(binaries, bin_dir=found, share_dir=share)


def _readable(directory: Path) -> None:
    for path in directory.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
