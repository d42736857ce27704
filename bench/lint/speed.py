"""``python -m bench.lint.speed [REVISIONS] [TABLES]``: what linting a long chain costs, in time and in memory.

Whole processes are measured, Python's start included, in one run; medians of ``--repeats``. The cache directory is the
benchmark's own. What a branch adds are its last five revisions.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench.lint.speed_chain import write_project
from bench.measure import Measure, median, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ON_BRANCH = 5
_BIN = Path(sys.executable).parent
_HEADINGS = ("run", "CPU", "wall", "memory")


class Bench:
    """A project, and a cache of its own."""

    def __init__(self, folder: Path, revisions: int, tables: int) -> None:
        self.project = folder / "project"
        self.project.mkdir(parents=True)
        self.cache = folder / "cache"
        self.files = write_project(self.project, revisions, tables, on_branch=ON_BRANCH)
        self._edits = 0

    def forget(self) -> None:
        """Take the cache away."""
        shutil.rmtree(self.cache, ignore_errors=True)

    def edit(self, *files: Path) -> None:
        """Change revisions in a way that makes a difference: another column."""
        for file in files:
            self._edits += 1
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f"\n# looked at {self._edits} times\n")

    def lint(self, *arguments: str) -> Measure:
        """Run the linter."""
        command = [str(_BIN / "alembic-vibe"), "lint", "--format", "json", *arguments]
        environment = {"XDG_CACHE_HOME": str(self.cache), "COLUMNS": "80"}
        return run(command, self.project, environment, good=(0, 1))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all in one run, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.lint.speed", description=__doc__)
    parser.add_argument("revisions", nargs="?", type=int, default=500)
    parser.add_argument("tables", nargs="?", type=int, default=120)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--profile", choices=("all", "branch"), help="show where the time of a cold run goes instead")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name:
        bench = Bench(Path(name), options.revisions, options.tables)
        if options.profile:
            _profile(bench, everything=options.profile == "all")
            return
        print(f"{options.revisions} revisions, {options.tables} tables, {datetime.now(tz=UTC).date()}\n")
        _print({name: _measured(bench, steps, options.repeats) for name, steps in _CASES.items()})


def _cold_branch(bench: Bench) -> None:
    bench.forget()


def _known_chain(bench: Bench) -> None:
    """Know the chain as the default branch has it, as every run before this branch has left it."""
    bench.forget()
    bench.lint("--all")
    bench.edit(*bench.files[-ON_BRANCH:])


def _one_more(bench: Bench) -> None:
    bench.edit(bench.files[-1])


def _nothing(_bench: Bench) -> None:
    """Leave all as it is."""


_CASES: dict[str, tuple[Callable[[Bench], None], tuple[str, ...]]] = {
    "the whole chain, nothing known": (_cold_branch, ("--all",)),
    "the whole chain again": (_nothing, ("--all",)),
    "the whole chain, one revision edited": (_one_more, ("--all",)),
    "5 new revisions, nothing known": (_cold_branch, ()),
    "5 new revisions, the chain known": (_known_chain, ()),
    "5 new revisions again": (_nothing, ()),
    "5 new revisions, one of them edited": (_one_more, ()),
}


def _measured(bench: Bench, case: tuple[Callable[[Bench], None], tuple[str, ...]], repeats: int) -> Measure:
    prepare, arguments = case
    measures = []
    for _ in range(repeats):
        prepare(bench)
        measures.append(bench.lint(*arguments))
    return median(measures)


def _print(measures: dict[str, Measure]) -> None:
    print(f"| {' | '.join(_HEADINGS)} |")
    print("|---|---:|---:|---:|")
    for name, one in measures.items():
        print(f"| {name} | {one.cpu:.2f} s | {one.wall:.2f} s | {one.memory:.0f} MiB |")


def _profile(bench: Bench, *, everything: bool) -> None:
    from alembic_vibe.cli.main import main as command

    os.environ["XDG_CACHE_HOME"] = str(bench.cache)
    if not everything:
        _known_chain(bench)
    os.chdir(bench.project)
    profiler = cProfile.Profile()
    sys.argv = ["alembic-vibe", "lint", "--format", "json", *(["--all"] if everything else [])]
    sys.stdout = (bench.project.parent / "out").open("w", encoding="utf-8")
    try:
        profiler.runcall(command)
    except SystemExit:
        pass
    finally:
        sys.stdout = sys.__stdout__
    statistics = pstats.Stats(profiler)
    statistics.sort_stats("tottime").print_stats(45)
    statistics.sort_stats("cumulative").print_stats(70)


if __name__ == "__main__":
    main()
