"""Run a program and measure it: wall time, CPU time, and the peak memory of its processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INTERVAL = 0.05
_PROC = Path("/proc")
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Measure:
    """What one program took: seconds, and MiB (0 where the system has no /proc)."""

    wall: float
    cpu: float  # with that of its children, which may be a PostgreSQL
    memory: float  # the peak, with its children, without PostgreSQL

    def __add__(self, other: Measure) -> Measure:
        """One program after another: the time adds up, the memory does not."""
        return Measure(self.wall + other.wall, self.cpu + other.cpu, max(self.memory, other.memory))


def median(measures: Sequence[Measure]) -> Measure:
    """Return the median of each."""
    return Measure(
        statistics.median(m.wall for m in measures),
        statistics.median(m.cpu for m in measures),
        statistics.median(m.memory for m in measures),
    )


class ProgramError(Exception):
    """A program of the benchmark failed: there is nothing to compare."""


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None, good: Sequence[int] = (0,)
) -> Measure:
    """Run a program to its end; raises ``ProgramError`` with its output if its exit code is none of ``good``."""
    before = os.times()
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        watch = _Watch(process.pid)
        watch.start()
        _, errors = process.communicate()
        wall = time.perf_counter() - begun
        watch.stop()
    if process.returncode not in good:
        raise ProgramError(f"{' '.join(command)} ended with {process.returncode}:\n{errors[-4000:]}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measure(wall, cpu, watch.peak / 2**20)


class _Watch(threading.Thread):
    """Adds up the resident memory of a process and its descendants, PostgreSQL left out, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._done.wait(_INTERVAL):
            self.peak = max(self.peak, _tree(self._pid))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _tree(root: int) -> int:
    """Return the resident memory of a process and its descendants, in bytes."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in _PROC.iterdir() if _PROC.is_dir() else ():
        if not folder.name.isdigit():
            continue
        try:
            name, _, rest = (folder / "stat").read_text().rpartition(")")
        except OSError:  # it has just ended
            continue
        fields = rest.split()  # from the third on: state, parent …; see proc(5)
        parents[int(folder.name)] = int(fields[1])
        pages[int(folder.name)] = 0 if "(postgres" in name else int(fields[21])
    family = {root}
    for pid in sorted(parents):  # a child is nearly always younger than its parent
        if parents[pid] in family:
            family.add(pid)
    return sum(pages.get(pid, 0) for pid in family) * _PAGE
