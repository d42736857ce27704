"""A new cluster's data directory: made by ``initdb`` once per version, copied from a cache afterwards."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres import failures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.account import Account
    from alembic_vibe.postgres.binaries import Binaries


def _options(binaries: Binaries) -> list[str]:
    options = ["--no-sync", "--encoding=UTF8", "--username=postgres", "--no-instructions"]
    if binaries.major >= 17:
        return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*options, "--locale=C"]


def _initdb(data: Path, binaries: Binaries, user: Account | None, password: str | None) -> None:
    command = [str(binaries.program("initdb")), "-D", str(data), *_options(binaries)]
    password_file = data.with_name("password")
    if password is None:
        command.append("--auth=trust")  # the socket directory is private
    else:
        password_file.write_text(password)
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
    answer = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, **(user.popen() if user else {})
    )
    password_file.unlink(missing_ok=True)
    if answer.returncode != 0:
        raise EnvironmentFailureError(failures.did_not_start("initdb", answer.stdout + answer.stderr))


def _cache_path(binaries: Binaries, user: Account | None) -> Path | None:
    import platformdirs

    described = [binaries.version, str(binaries.bin_dir), *_options(binaries), str(user.uid if user else os.getuid())]
    digest = hashlib.sha256("\0".join(described).encode()).hexdigest()[:12]
    directory = Path(platformdirs.user_cache_dir("alembic-vibe", appauthor=False)) / "pg"
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return directory / f"{binaries.version}-{digest}" if os.access(directory, os.W_OK | os.X_OK) else None


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl

    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _copy(source: Path, target: Path, user: Account | None) -> None:
    """Copy a directory tree with owners and modes."""
    program = shutil.which("cp")
    if program:  # twice as fast as shutil
        subprocess.run([program, "-a", "--", str(source), str(target)], check=True, capture_output=True)
        return
    shutil.copytree(source, target, symlinks=True)
    if user:
        for path in (target, *target.rglob("*")):
            os.chown(path, user.uid, user.gid)


def copy_to(data: Path, binaries: Binaries, user: Account | None, password: str | None) -> None:
    """Make the data directory ``data`` (its parent exists and belongs to the server's account).

    Raises:
        EnvironmentFailureError: ``initdb`` failed.
    """
    # A cluster with a password is never shared between runs.
    cached = None if sys.platform == "win32" or password is not None else _cache_path(binaries, user)
    if cached is None:
        _initdb(data, binaries, user, password)
        return
    if not cached.exists():
        with contextlib.suppress(OSError), _locked(cached.with_suffix(".lock")):
            if not cached.exists():
                _fill(cached, data, binaries, user)
                return
    try:
        _copy(cached, data, user)
    except (OSError, subprocess.CalledProcessError, shutil.Error):  # the cache was cleaned or is full: do without
        shutil.rmtree(data, ignore_errors=True)
        _initdb(data, binaries, user, password)


def _fill(cached: Path, data: Path, binaries: Binaries, user: Account | None) -> None:
    """Make ``data`` anew, and keep a copy of it; a cache that cannot be written to costs only time."""
    _initdb(data, binaries, user, None)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=cached.parent))
    try:
        _copy(data, building / "data", user)
        (building / "data").rename(cached)
    except (OSError, subprocess.CalledProcessError, shutil.Error):
        pass
    finally:
        shutil.rmtree(building, ignore_errors=True)
