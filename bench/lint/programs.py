"""Run one linter on an Alembic project and read what it found, in the same shape for all."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.lint import meaning
from bench.lint.labels import HERE, VERSIONS, LabelledProject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT = HERE.parents[1]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a linter says: of which file and rule, and what it means in our words.

    ``line`` is 0 where the linter tells no line of the Python file; ``direction`` is "" where it cannot be told.
    """

    path: Path
    rule: str
    means: frozenset[str]
    line: int = 0
    direction: str = ""
    counts: bool = True  # as a false alarm, where there is nothing wrong


@dataclass(frozen=True)
class Linter:
    """A linter as it is called. ``run`` gives what it finds in a project; ``knows`` are our rules that it has too."""

    name: str
    run: Callable[[LabelledProject, Place], list[Found]]
    knows: frozenset[str]
    has_lines: bool = True


@dataclass
class Place:
    """Where programs are and where they may write; ``spent`` is the time of the programs of a run, in seconds."""

    programs: Path  # the folder of the peers' programs
    scratch: Path
    spent: float = 0.0
    environment: Mapping[str, str] = field(default_factory=dict)

    def call(self, command: Sequence[str | Path], folder: Path) -> str:
        """Run a program and return what it prints; raises ``RuntimeError`` where it does not run at all."""
        begun = time.perf_counter()
        done = subprocess.run(
            [os.fspath(part) for part in command],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1", **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        self.spent += time.perf_counter() - begun
        if done.returncode not in {0, 1, 2} or (done.returncode == 2 and not done.stdout):
            raise RuntimeError(f"{command[0]} in {folder}: exit {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout


def linters() -> list[Linter]:
    """Return every linter of the comparison, ours first."""
    return [
        Linter("alembic-vibe", ours, frozenset(), has_lines=True),
        _linter("squawk, each revision's SQL", _squawk, meaning.SQUAWK, has_lines=False),
        _linter("squawk, with its opt-in rules", _squawk_all, meaning.SQUAWK, has_lines=False),
        _linter("squawk, the whole chain's SQL", _squawk_chain, meaning.SQUAWK, has_lines=False),
        _linter("zdm", _zdm, meaning.ZDM),
        _linter("alembic-guard", _guard, meaning.ALEMBIC_GUARD),
        _linter("alembic-guard --include-downgrade", _guard_both, meaning.ALEMBIC_GUARD),
        _linter("alembic-migration-linter", _migration_linter, meaning.ALEMBIC_MIGRATION_LINTER, has_lines=False),
    ]


def _linter(name: str, run: Any, rules: Mapping[str, Iterable[str]], *, has_lines: bool = True) -> Linter:
    return Linter(name, run, frozenset().union(*rules.values()), has_lines)


def direction_of(path: Path, line: int) -> str:
    """Return the function of a revision that has a line, or "" (a helper, the head of the module, no Python)."""
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except SyntaxError:
        return ""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0):
            return node.name if node.name in {"upgrade", "downgrade"} else ""
    return ""


def ours(project: LabelledProject, place: Place, *options: str) -> list[Found]:
    """Return what alembic-vibe finds in a project."""
    program = Path(sys.executable).with_name("alembic-vibe")
    command = [os.fspath(program), "lint", "--all", "--format", "json", "-c", "alembic.ini", *options]
    output = place.call([*command, "--pg-version", str(project.pg_version)], project.folder)
    found = []
    for diagnostic in json.loads(output)["diagnostics"]:
        path = (project.folder / (diagnostic["path"] or "")).resolve()
        line = diagnostic["line"] or 0
        direction = direction_of(path, line) if path.suffix == ".py" else ""
        rule, counts = diagnostic["rule"], diagnostic["severity"] != "info"
        found.append(Found(path, rule, frozenset({rule}), line, direction, counts=counts))
    return found


def _guard(project: LabelledProject, place: Place, *options: str) -> list[Found]:
    command: list[str | Path] = [place.programs / "alembic-guard", "--format", "json", *options, VERSIONS]
    try:
        output = place.call(command, project.folder)
    except RuntimeError as error:  # it stops at what is no Python, and says where
        match = re.search(r"could not parse (\S+): .*line (\d+)\)", str(error))
        if match is None:
            raise
        path = (project.folder / match[1]).resolve()
        return [Found(path, "could not parse", frozenset({"revision-syntax-error"}), int(match[2]))]
    return [
        _python(project, entry["path"], entry["rule"], meaning.ALEMBIC_GUARD, entry["line"])
        for entry in json.loads(output or "[]")
    ]


def _guard_both(project: LabelledProject, place: Place) -> list[Found]:
    return _guard(project, place, "--include-downgrade")


def _zdm(project: LabelledProject, place: Place) -> list[Found]:
    output = place.call([place.programs / "zdm", "--output-format", "json", VERSIONS], project.folder)
    entries = json.loads(output or "{}").get("diagnostics", [])
    return [_python(project, entry["path"], entry["rule_id"], meaning.ZDM, entry["line"]) for entry in entries]


def _python(project: LabelledProject, name: str, rule: str, rules: Mapping[str, Iterable[str]], line: int) -> Found:
    path = (project.folder / name).resolve()
    means = frozenset(rules.get(rule, ()))
    return Found(path, rule, means, line, direction_of(path, line), counts=bool(means))


def _migration_linter(project: LabelledProject, place: Place) -> list[Found]:
    command: list[str | Path] = [place.programs / "alembic-lint", "-c", "alembic.ini", "--dialect", "postgresql"]
    try:
        output = place.call(command, project.folder)
    except RuntimeError:
        return []  # it reads no chain that Alembic does not read
    files = {_revision_id(labelled.path): labelled.path for labelled in project.revisions}
    found, path = [], None
    for line in output.splitlines():
        if head := re.match(r"\(([^)]*)\)\.\.\.", line):
            path = files.get(head[1])
        elif path and (word := re.match(r"\s+([A-Z_]+)\b", line)):
            means = frozenset(meaning.ALEMBIC_MIGRATION_LINTER.get(word[1], ()))
            found.append(Found(path, word[1], means, direction="upgrade", counts=bool(means)))
    return found


def _squawk(project: LabelledProject, place: Place, *options: str) -> list[Found]:
    folder = _rendered(project, place)
    files = {f"{labelled.path.stem}.{way}.sql": labelled.path for labelled in project.revisions for way in _WAYS}
    names = [name for name in sorted(files) if (folder / name).is_file()]
    return [
        _sql(files[Path(entry["file"]).name], entry["rule_name"], Path(entry["file"]).suffixes[-2].lstrip("."))
        for entry in _squawk_on(project, place, folder, names, options)
    ]


def _squawk_all(project: LabelledProject, place: Place) -> list[Found]:
    return _squawk(project, place, *(f"--include={rule}" for rule in meaning.SQUAWK_OPT_IN))


def _squawk_chain(project: LabelledProject, place: Place) -> list[Found]:
    folder = _rendered(project, place)
    chain = folder / "chain.sql"
    if not chain.is_file():
        return []
    files = {_revision_id(labelled.path): labelled.path for labelled in project.revisions}
    begins = [
        (number, files[match[1]])
        for number, line in enumerate(chain.read_text("utf-8").splitlines())
        if (match := re.match(r"-- Running upgrade .*-> (\S+)", line)) and match[1] in files
    ]
    found = []
    for entry in _squawk_on(project, place, folder, [chain.name], ()):
        path = next((path for begin, path in reversed(begins) if begin <= entry["line"]), None)
        if path is not None:
            found.append(_sql(path, entry["rule_name"], "upgrade"))
    return found


_WAYS = ("upgrade", "downgrade")


def _sql(path: Path, rule: str, direction: str) -> Found:
    means = frozenset(meaning.SQUAWK.get(rule, ()))
    counts = bool(means) and rule not in meaning.NOT_HELD_AGAINST
    return Found(path, rule, means, direction=direction, counts=counts)


def _squawk_on(
    project: LabelledProject, place: Place, folder: Path, names: Sequence[str], options: Sequence[str]
) -> list[dict[str, Any]]:
    if not names:
        return []
    version = f"--pg-version={project.pg_version}.0"
    output = place.call([place.programs / "squawk", "--reporter", "json", version, *options, *names], folder)
    found: list[dict[str, Any]] = json.loads(output or "[]")
    return found


def _rendered(project: LabelledProject, place: Place) -> Path:
    out = place.scratch / "sql" / project.name
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    place.environment = {"PYTHONPATH": os.fspath(ROOT)}
    try:
        place.call([sys.executable, "-m", "bench.lint.render", out], project.folder)
    except RuntimeError:
        pass  # a chain that Alembic does not read
    finally:
        place.environment = {}
    return out


def _revision_id(path: Path) -> str:
    match = re.search(r"^revision\b.*?= *[\"'](.*?)[\"']", path.read_text("utf-8"), re.MULTILINE)
    return match[1] if match else ""
