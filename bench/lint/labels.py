"""The judgement of the corpus: what is wrong in which revision, on which line, and which are safe look-alikes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSIONS = Path("migrations", "versions")


@dataclass(frozen=True, slots=True)
class Label:
    """One harm: its rule (or another name of it), its line (or other lines that are as good), and the function.

    ``direction`` is "" where it is in neither function.
    """

    rule: str
    line: int
    direction: str = ""
    also: tuple[int, ...] = ()
    alternatives: tuple[str, ...] = ()

    @property
    def rules(self) -> frozenset[str]:
        """All names that it goes by."""
        return frozenset((self.rule, *self.alternatives))

    @property
    def lines(self) -> frozenset[int]:
        """All lines that are right."""
        return frozenset((self.line, *self.also))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A file with its labels: either ``violations`` or the reason why it is ``safe``.

    ``tolerated`` may be reported or not. ``fails`` is the SQLSTATE with which PostgreSQL refuses the upgrade.
    """

    path: Path
    violations: tuple[Label, ...] = ()
    tolerated: tuple[Label, ...] = ()
    safe: str = ""
    fails: str = ""


@dataclass(frozen=True, slots=True)
class LabelledProject:
    """An Alembic project with labels for each revision (``files``: by resolved path, in the order of the chain)."""

    folder: Path
    pg_version: int = 15
    files: dict[Path, Labelled] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def revisions(self) -> list[Labelled]:
        """All revisions, in order."""
        return [labelled for path, labelled in self.files.items() if path.parent.name == VERSIONS.name]


def read_project(folder: Path) -> LabelledProject:
    """Read the labels of one project; raises ``KeyError`` or ``TypeError`` where they are not complete."""
    content = tomllib.loads((folder / "labels.toml").read_text(encoding="utf-8"))
    entries = {folder / "migrations" / name: entry for name, entry in content.get("files", {}).items()}
    entries |= {folder / VERSIONS / name: entry for name, entry in content["revisions"].items()}
    files = {path.resolve(): _labelled(path.resolve(), entry) for path, entry in entries.items()}
    return LabelledProject(folder, content.get("pg-version", 15), files)


def corpus() -> LabelledProject:
    """Return the long chain."""
    return read_project(HERE / "corpus")


def small_projects() -> list[LabelledProject]:
    """Return the projects for what does not fit into the long chain."""
    return [read_project(path.parent) for path in sorted((HERE / "projects").glob("*/labels.toml"))]


def _labelled(path: Path, entry: dict[str, Any]) -> Labelled:
    return Labelled(
        path,
        tuple(map(_label, entry.get("violations", ()))),
        tuple(map(_label, entry.get("tolerated", ()))),
        entry.get("safe", ""),
        entry.get("fails", ""),
    )


def _label(entry: dict[str, Any]) -> Label:
    return Label(
        entry["rule"],
        entry["line"],
        entry.get("direction", ""),
        tuple(entry.get("also", ())),
        tuple(entry.get("or", ())),
    )
