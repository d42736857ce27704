"""``python -m bench.lint.peers``: our linter and others on one corpus, in one run.

The others are installed into an environment of their own, from the dependency group ``bench-lint``.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bench.lint.labels import corpus, small_projects
from bench.lint.programs import ROOT, Linter, Place, linters
from bench.lint.score import Score, judge

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Result:
    """What one linter made of everything, and what the long chain took: nothing kept from before, and once more."""

    linter: Linter
    score: Score
    cold: float
    warm: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all, print the table and, on request, what was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.lint.peers", description=__doc__)
    parser.add_argument("--environment", type=Path, help="keep the peers' environment in this folder")
    parser.add_argument("--only", help="linters whose name contains this")
    parser.add_argument("--details", action="store_true", help="list what is missed and what is a false alarm")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vibe-bench-") as name:
        scratch = Path(name)
        os.environ["XDG_CACHE_HOME"] = os.fspath(scratch / "cache")  # nothing is known from earlier runs
        programs = _environment(options.environment or scratch / "environment")
        place = Place(programs, scratch)
        chosen = [linter for linter in linters() if not options.only or options.only in linter.name]
        results = [_run(linter, place) for linter in chosen]
    print(_conditions(programs), end="\n\n")
    print(table(results))
    if options.details:
        print("\n".join(["", *(line for result in results for line in details(result))]))


def _run(linter: Linter, place: Place) -> Result:
    print(f"{linter.name} …", file=sys.stderr)
    long = corpus()
    place.spent = 0.0
    found = linter.run(long, place)
    cold = place.spent
    place.spent = 0.0
    linter.run(long, place)
    warm = place.spent
    score = judge(long, found)
    for project in small_projects():
        judge(project, linter.run(project, place), score)
    return Result(linter, score, cold, warm)


def table(results: Sequence[Result]) -> str:
    """Return a Markdown table, one line a linter."""
    lines = [
        "| linter | found | of what it has rules for | right line | false alarms | in downgrade only | cold | warm |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for result in results:
        score = result.score
        total = len(score.found) + len(score.missed)
        known, of = score.known(result.linter.knows) if result.linter.knows else (len(score.found), total)
        upgrade = score.alarmed("upgrade", "")
        lines.append(
            f"| {result.linter.name} | {len(score.found)} of {total} | {known} of {of} "
            f"| {len(score.on_line) if result.linter.has_lines else '-'} "
            f"| {upgrade} | {score.alarmed('upgrade', 'downgrade', '') - upgrade} "
            f"| {result.cold:.2f} s | {result.warm:.2f} s |"
        )
    safe = sum(bool(labelled.safe) for project in (corpus(), *small_projects()) for labelled in project.files.values())
    lines += ["", f"{safe} safe revisions."]
    return "\n".join(lines)


def details(result: Result) -> list[str]:
    """Return what a linter missed, where it shows another line, its false alarms, and what nobody labelled."""
    score, lines = result.score, [f"## {result.linter.name}"]
    for labelled, label in score.missed:
        lines.append(f"missed   {_name(labelled.path)}:{label.line} {label.direction} {label.rule}")
    if result.linter.has_lines:
        for labelled, label in score.found:
            if (labelled, label) not in score.on_line:
                lines.append(f"line     {_name(labelled.path)}:{label.line} {label.direction} {label.rule}")
    for direction, alarms in score.alarms.items():
        for labelled, finding in alarms:
            lines.append(f"alarm    {_name(labelled.path)}:{finding.line} {direction} {finding.rule}")
    besides = (f"{_name(found.path)}:{found.line} {found.direction} {found.rule}" for found in score.unlabelled)
    return [*lines, *(f"besides  {text}" for text in besides)]


def _name(path: Path) -> str:
    return f"{path.parents[2].name}/{path.name}" if path.parent.name == "versions" else path.as_posix()


def _environment(folder: Path) -> Path:
    """Return the folder of the peers' programs; installs them where they are not."""
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    if not (programs / "squawk").exists() and not (programs / "squawk.exe").exists():
        wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]["bench-lint"]
        venv.create(folder, with_pip=True)
        pip = [programs / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
        subprocess.run(pip, check=True)
    return programs.absolute()


def _conditions(programs: Path) -> str:
    frozen = subprocess.run([programs / "python", "-m", "pip", "freeze"], capture_output=True, text=True, check=True)
    names = r"(squawk-cli|alembic-guard|zdm|alembic-migration-linter|django-migration-linter|alembic)==.*"
    peers = ", ".join(line.replace("==", " ") for line in frozen.stdout.splitlines() if re.fullmatch(names, line))
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs\n"
        f"alembic-vibe {version('alembic-vibe')}, alembic {version('alembic')}; peers: {peers}"
    )


if __name__ == "__main__":
    main()
