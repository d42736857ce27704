"""The model files of a project: whose they are, and what a merge is told about them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.merge.engine import Merged, Request, merge_models
from alembic_vibe.merge.style import line_length

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.config import Project
    from alembic_vibe.render.models import ModelSection

# What only a module of models has; a declarative base alone is none.
_TABLES = re.compile(rb"__tablename__|__table__|\bColumn\(|\bmapped_column\(|\bMapped\[|\bTable\(|\btable\s*=\s*True")


@dataclass(frozen=True)
class ModelChange:
    """What the specification changes: ``before`` is what the models say now, ``after`` what they shall say.

    ``wanted`` is ``after`` in the words that models show; ``renames`` are old keys by new ones.
    """

    before: Catalog
    after: Catalog
    wanted: Catalog
    sections: Sequence[ModelSection]
    renames: Mapping[Key, Key] = field(default_factory=dict)


def model_paths(project: Project) -> list[Path]:
    """Return the model files on the disk, in the order of their paths."""
    if project.has_models_file:
        return [project.models] if project.models.is_file() else []
    return sorted(path for path in project.models.rglob("*.py") if path.is_file())


def are_foreign(project: Project, ours: Callable[[str, str], bool]) -> bool:
    """Whether the project has models of its own, for which nothing may be generated beside them.

    Args:
        project: The project.
        ours: Whether a file, by its path relative to the root and its text, is one that was generated.
    """
    foreign = False
    for path in model_paths(project):
        data = path.read_bytes()
        if ours(path.relative_to(project.root).as_posix(), data.decode("utf-8", errors="replace")):
            return False
        foreign = foreign or _TABLES.search(data) is not None
    return foreign


def merge_project(
    project: Project, change: ModelChange, *, generated: bool = False, only: frozenset[str] | None = None
) -> Merged:
    """Bring a change into the model files of a project; nothing is written.

    Args:
        project: The project.
        change: What the specification changed.
        generated: The files are ours, and some were edited since.
        only: The paths, relative to the root, that may change; ``None``: all.
    """
    paths = {path.relative_to(project.root).as_posix(): path for path in model_paths(project)}
    pyproject = project.root / "pyproject.toml"
    length = line_length(pyproject.read_text(encoding="utf-8")) if pyproject.is_file() and not generated else 0
    return merge_models(
        Request(
            files={shown: path.read_bytes() for shown, path in paths.items()},
            modules={shown: module_of(project, path) for shown, path in paths.items()},
            before=change.before,
            after=change.after,
            wanted=change.wanted,
            sections=change.sections,
            renames=change.renames,
            elsewhere=lambda module: _elsewhere(project, module),
            generated=generated,
            line_length=88 if generated else length,
            only=only,
        )
    )


def module_of(project: Project, path: Path) -> str:
    """Return the dotted name under which a model file is imported."""
    if project.has_models_file:
        return project.models_module
    parts = path.relative_to(project.models).with_suffix("").parts
    parts = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join([project.models_module, *parts])


def _elsewhere(project: Project, module: str) -> tuple[str, bytes] | None:
    """Return path and bytes of another module of the project; installed packages are nobody's to change or read."""
    parts = module.split(".")
    for folder in dict.fromkeys((project.root, project.root / "src", *project.import_paths)):
        for path in (folder.joinpath(*parts).with_suffix(".py"), folder.joinpath(*parts, "__init__.py")):
            if path.is_relative_to(project.root) and path.is_file():
                return path.relative_to(project.root).as_posix(), path.read_bytes()
    return None
