"""The life of a private PostgreSQL cluster: made from a cached template, started, watched, stopped, removed.

Everything of a run is in one directory with mode 0700, which is also the socket directory. As root, the server runs
as an unprivileged account (PostgreSQL refuses uid 0); no account is made and no permission outside that directory is
changed. Windows is served as well as can be: TCP on the loopback address with a random password.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.postgres import account, failures, stub_extensions, template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.postgres.account import Account
    from alembic_vibe.postgres.binaries import Binaries

SUPERUSER = "postgres"
_PORT = 5432  # part of the socket's file name only
_MINIMUM_SHM = 512 * 1024 * 1024  # Docker gives containers 64 MB by default
_LONGEST_SOCKET_DIR = 80  # sun_path holds 104 to 108 bytes, with "/.s.PGSQL.5432.lock"
_START_TIMEOUT = 60.0
_STOP_TIMEOUT = 20.0

# Durability is worth nothing for a database that lives for seconds. See the manual, "Non-Durable Settings".
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_locks_per_transaction": "1024",  # a whole schema is made in one transaction
    "max_connections": "100",
    "dynamic_shared_memory_type": "mmap",  # nothing is left behind in /dev/shm after a crash
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",  # errors are read by a program
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}


@dataclass(frozen=True)
class Cluster:
    """A running private server and how to reach it."""

    host: str  # socket directory, or an address on Windows
    port: int
    password: str | None
    binaries: Binaries
    stubbed: frozenset[str]
    process: subprocess.Popen[bytes]
    directory: Path


def _work_root(user: Account | None) -> Path:
    """The fastest place for the cluster: memory where there is enough of it, else the temporary directory."""
    shm = Path("/dev/shm")  # noqa: S108 - a fresh 0700 directory is made in it
    with contextlib.suppress(OSError, AttributeError):
        stat = os.statvfs(shm)
        if stat.f_bavail * stat.f_frsize >= _MINIMUM_SHM and os.access(shm, os.W_OK | os.X_OK):
            return shm
    temporary = Path(tempfile.gettempdir())
    if user is not None and not account.can_traverse(temporary):
        return Path("/var/tmp")  # noqa: S108 - the same
    return temporary


def _die_with_parent(parent: int) -> Callable[[], None] | None:
    """What the child does before it becomes the server, so that it never outlives us; Linux only.

    The signal follows the thread that forked, so a helper thread gets no such promise: the watchdog is enough there.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def preexec() -> None:
        prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG; SIGINT is PostgreSQL's fast shutdown
        if os.getppid() != parent:  # it died before the call
            os._exit(1)

    return preexec


_WATCHDOG = """
read _
kill -INT "$1" 2>/dev/null
n=0
while [ -e "$2/data/postmaster.pid" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
[ -e "$2/data/postmaster.pid" ] && kill -9 "$1" 2>/dev/null
rm -rf -- "$2"
"""


def _watch(server: int, directory: Path) -> subprocess.Popen[bytes] | None:
    """Start a shell that waits for our end of a pipe to close (however we die), then stops and removes everything."""
    if sys.platform == "win32":
        return None
    return subprocess.Popen(
        ["/bin/sh", "-c", _WATCHDOG, "alembic-vibe-watchdog", str(server), str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
    )


def _settings(binaries: Binaries, socket_dir: Path | None, stubs: Path | None, port: int) -> dict[str, str]:
    settings = dict(_SETTINGS)
    if binaries.major >= 18:
        settings["io_method"] = "sync"
    if socket_dir is not None:
        settings |= {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_dir),
            "unix_socket_permissions": "0700",
        }
    else:
        settings |= {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        settings["dynamic_shared_memory_type"] = "windows"
    if stubs is not None:
        settings["extension_control_path"] = f"$system{os.pathsep}{stubs}"
    return settings | {"port": str(port)}


def _start(
    binaries: Binaries, data: Path, settings: dict[str, str], log: Path, user: Account | None
) -> subprocess.Popen[bytes]:
    command: list[str] = [str(binaries.program("postgres")), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    kwargs: dict[str, Any] = dict(user.popen()) if user else {}
    if sys.platform != "win32":
        # A session of its own: Ctrl-C in the terminal must reach us first, and not the server.
        kwargs |= {"start_new_session": True, "preexec_fn": _die_with_parent(os.getpid()), "cwd": "/"}
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, **kwargs)
    try:
        _wait_until_ready(process, data, log)
    except BaseException:
        _stop(process)
        raise
    return process


def _wait_until_ready(process: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    deadline = time.monotonic() + _START_TIMEOUT
    pid_file = data / "postmaster.pid"
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            lines = pid_file.read_text(errors="replace").splitlines()
            # Line 8 is the postmaster's state (src/include/utils/pidfile.h).
            if len(lines) >= 8 and lines[7].strip() == "ready":
                return
        if process.poll() is not None:
            break
        time.sleep(0.005)
    raise EnvironmentFailureError(failures.did_not_start("postgres", log.read_text(errors="replace")))


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(OSError):
            process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
    try:
        process.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def cluster(binaries: Binaries) -> Iterator[Cluster]:
    """Run a private server for the length of a ``with`` block and remove all trace of it afterwards.

    It also ends when this process is killed.

    Raises:
        EnvironmentFailureError: ``initdb`` or ``postgres`` fails, or root has no account to run them under.
    """
    user = account.unprivileged()
    base = Path(tempfile.mkdtemp(prefix="avibe-", dir=_work_root(user)))
    process: subprocess.Popen[bytes] | None = None
    watchdog: subprocess.Popen[bytes] | None = None
    socket_dir: Path | None = base
    try:
        if user:
            os.chown(base, user.uid, user.gid)
            binaries = account.reachable(binaries, base)
        stubbed = stub_extensions.install(base / "stubs", binaries.major, binaries.extensions)
        data, log, port, password = base / "data", base / "log", _PORT, None
        if sys.platform == "win32":
            socket_dir, port, password = None, _free_port(), secrets.token_urlsafe(24)
        elif len(str(base)) > _LONGEST_SOCKET_DIR or not str(base).replace("/", "").replace("-", "_").isidentifier():
            # A long path does not fit into a socket address, a strange one not into a URL without escapes.
            socket_dir = Path(tempfile.mkdtemp(prefix="avibe-", dir="/tmp"))
            if user:
                os.chown(socket_dir, user.uid, user.gid)
        template.copy_to(data, binaries, user, password)
        settings = _settings(binaries, socket_dir, base / "stubs" if stubbed else None, port)
        process = _start(binaries, data, settings, log, user)
        watchdog = _watch(process.pid, base)
        host = str(socket_dir) if socket_dir else "127.0.0.1"
        yield Cluster(host, port, password, binaries, stubbed, process, base)
    finally:
        if process is not None:
            _stop(process)
        shutil.rmtree(base, ignore_errors=True)
        if socket_dir not in {None, base}:
            shutil.rmtree(str(socket_dir), ignore_errors=True)
        if watchdog is not None:
            watchdog.kill()
            watchdog.communicate()
