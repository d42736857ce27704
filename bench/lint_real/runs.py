"""Runs the linter over one chain, as a user does, and reads what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_USUAL_EXITS = (0, 1)
_MOST_SECONDS = 900
_PARTIAL = "partially-analyzed"
_CONDITION = "it depends on what the database holds"  # then all branches are followed
_NAMES = re.compile(r"""["'`«].*?["'`»]|[\w./-]*[/.:_]\w[\w./-]*|\d+""")


@dataclass(frozen=True)
class Run:
    """What one run took and said."""

    seconds: float
    exit_code: int
    errors: str  # its standard error
    said: dict[str, Any]  # its JSON; empty if that could not be read

    @property
    def failed(self) -> bool:
        """Whether the linter itself went wrong: a traceback, an exit code of its own, output that is no JSON."""
        unusual = self.exit_code not in _USUAL_EXITS or "summary" not in self.said
        return unusual or "Traceback (most recent call last)" in self.errors

    @property
    def complaint(self) -> str:
        """What it said instead of findings."""
        found = [str(one.get("message", "")) for one in self.said.get("diagnostics", ()) if not one.get("path")]
        return f"exit code {self.exit_code}: {'; '.join(found) or self.errors.strip()[-1500:]}"


@dataclass(frozen=True)
class Outcome:
    """A chain linted twice: with nothing known, and once more."""

    cold: Run
    warm: Run
    revisions: int = 0
    whole: int = 0
    guessed: int = 0  # followed in all branches, of which only a database knows which one is taken
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)  # by (severity, rule)
    reasons: Counter[str] = field(default_factory=Counter)
    crashes: tuple[str, ...] = ()


def lint(python: Path, configuration: Path, scratch: Path) -> Outcome:
    """Lint the whole chain of a configuration twice. ``scratch`` is emptied: home and cache of both runs are there."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    program = python.with_name("alembic-vibe")
    command = (str(program), "-c", str(configuration), "lint", "--all", "--format", "json")
    cold, warm = _run(command, scratch), _run(command, scratch)
    crashes = [run.complaint for run in (cold, warm) if run.failed]
    if _findings(cold.said) != _findings(warm.said):
        crashes.append("the second run says something else")
    if cold.failed:
        return Outcome(cold, warm, crashes=tuple(crashes))
    summary = cold.said["summary"]
    return Outcome(
        cold,
        warm,
        revisions=int(summary["linted"]),
        whole=int(summary["analysed"]),
        guessed=_guessed(one for one in cold.said["diagnostics"] if one["rule"] == _PARTIAL),
        rules=Counter((str(one["severity"]), str(one["rule"])) for one in cold.said["diagnostics"]),
        reasons=_reasons(one for one in cold.said["diagnostics"] if one["rule"] == _PARTIAL),
        crashes=tuple(crashes),
    )


def _run(command: Sequence[str], scratch: Path) -> Run:
    home = {"HOME": str(scratch), "XDG_CACHE_HOME": str(scratch / "cache"), "NO_COLOR": "1"}
    begun = time.perf_counter()
    try:
        found = subprocess.run(
            command,
            cwd=scratch,
            env={**os.environ, **home},
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Run(_MOST_SECONDS, -1, f"no end within {_MOST_SECONDS} s", {})
    seconds = time.perf_counter() - begun
    try:
        said = json.loads(found.stdout)
    except ValueError:
        said = {}
    return Run(seconds, found.returncode, found.stderr, said if isinstance(said, dict) else {})


def _findings(said: dict[str, Any]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in said.get("diagnostics", ()))


def _reasons(findings: Iterable[dict[str, Any]]) -> Counter[str]:
    """Count the findings whose messages differ in names and numbers only as one."""
    return Counter(_NAMES.sub("…", str(one["message"])) for one in findings)


def _guessed(findings: Iterable[dict[str, Any]]) -> int:
    """Count the revisions of which nothing is missing but which branches are taken."""
    by_path: dict[str, list[bool]] = {}
    for one in findings:
        by_path.setdefault(str(one["path"]), []).append(str(one["message"]).endswith(_CONDITION))
    return sum(all(reasons) for reasons in by_path.values())
