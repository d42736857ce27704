"""New revisions in a folder beside the project's own: what is proven there is what will be written."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.history.chain import ChainError, NewRevision
from alembic_vibe.revision_ids import new_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.config import Project
    from alembic_vibe.history.chain import Chain, Scripts
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.render.revisions import RevisionText

_TOOLS = (
    "pyproject.toml",
    "ruff.toml",
    ".ruff.toml",
    "setup.cfg",
    ".flake8",
    ".style.yapf",
    ".isort.cfg",
    ".editorconfig",
)


@dataclass(frozen=True)
class Staged:
    """A planned revision as a file: its id, where it is staged, and where it will be (relative to the root)."""

    id: str
    title: str
    planned: PlannedRevision
    path: Path
    final_path: str


class Staging:
    """A folder for new revisions beside the project's own, which goes away with this object.

    env.py and the revisions that are there stay where they are: both may look for files beside them.
    """

    def __init__(self, project: Project, chain: Chain, scripts: Scripts) -> None:
        """Make the folder, and let the chain read revisions from there as well."""
        self._project = project
        self._chain = chain
        self._scripts = scripts
        self._location = _location_of_head(project, scripts)
        self._folder = tempfile.TemporaryDirectory(prefix="vibe-stage-")
        root = Path(self._folder.name)
        self._copy = root / self._location.relative_to(project.root)
        self._copy.mkdir(parents=True)
        for name in _TOOLS:  # formatters that the project lets Alembic call look for their settings above the file
            if (project.root / name).is_file():
                shutil.copy(project.root / name, root / name)
        chain.open(project.ini, project.pyproject, [*project.version_locations, self._copy])

    def write(self, revisions: Sequence[tuple[PlannedRevision, RevisionText]]) -> tuple[Staged, ...]:
        """Write revisions on top of the head, through the project's own template.

        Raises:
            EnvironmentFailureError: Alembic refuses.
        """
        from alembic_vibe.render.code import quote_docstring

        head = self._scripts.heads[0] if self._scripts.heads else ""
        existing = [script.revision for script in self._scripts.scripts]
        ids = new_ids(existing, [text.title for _, text in revisions], [text.upgrade for _, text in revisions])
        new = []
        for revision_id, (_, text) in zip(ids, revisions, strict=True):
            found = NewRevision(
                id=revision_id,
                title=quote_docstring(text.title),  # it stands at the top of the module
                head=head,
                docstring=text.docstring,
                upgrade=text.upgrade,
                downgrade=text.downgrade,
                imports=text.imports,
            )
            new.append(found)
            head = found.id
        try:
            paths = [Path(path) for path in self._chain.write(new, self._copy)]
        except ChainError as error:
            raise error.as_failure("the revisions cannot be written", self._project.root) from error
        return tuple(
            Staged(found.id, text.title, planned, path, self._final_path(path))
            for found, path, (planned, text) in zip(new, paths, revisions, strict=True)
        )

    def _final_path(self, staged: Path) -> str:
        """Return where a staged revision will be in the project, relative to its root."""
        final = self._location / staged.resolve().relative_to(self._copy.resolve())
        return final.relative_to(self._project.root).as_posix()


def _location_of_head(project: Project, scripts: Scripts) -> Path:
    """Return the version location of the last revision: the next one goes there too, as with Alembic."""
    heads = [Path(script.path).resolve() for script in scripts.scripts if script.revision in scripts.heads]
    holding = [
        location
        for location in project.version_locations
        if any(head.is_relative_to(location.resolve()) for head in heads)
    ]
    return max(holding, key=lambda location: len(location.parts), default=project.version_locations[0])
