"""New revisions in a copy of the project's scripts: what is proven there is what will be written."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.history.chain import ChainError, NewRevision
from alembic_vibe.recall import HEADS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.config import Project
    from alembic_vibe.history.chain import Chain, Scripts
    from alembic_vibe.plan.model import PlannedRevision
    from alembic_vibe.render.revisions import RevisionText

_ID_DIGITS = 4


@dataclass(frozen=True)
class Staged:
    """A planned revision as a file: its id, where it is staged, and where it will be (relative to the root)."""

    id: str
    title: str
    planned: PlannedRevision
    path: Path
    final_path: str


class Staging:
    """A copy of the project's scripts, which goes away with this object."""

    def __init__(self, project: Project, chain: Chain, scripts: Scripts) -> None:
        """Copy the scripts and let the chain read them from there."""
        self._project = project
        self._chain = chain
        self._scripts = scripts
        self._folder = tempfile.TemporaryDirectory(prefix="vibe-stage-")
        folder = Path(self._folder.name)
        copied = folder / "scripts"
        shutil.copytree(project.script_location, copied, ignore=shutil.ignore_patterns("__pycache__"))
        self._locations = []
        for number, location in enumerate(project.version_locations):
            if location.is_relative_to(project.script_location):
                self._locations.append(copied / location.relative_to(project.script_location))
            else:
                copy = folder / f"versions_{number}"
                shutil.copytree(location, copy, ignore=shutil.ignore_patterns("__pycache__"))
                self._locations.append(copy)
        for location in self._locations:
            location.mkdir(exist_ok=True)
        standard = self._locations == [copied / "versions"]
        chain.open(project.ini, project.pyproject, copied, () if standard else self._locations)

    def write(self, revisions: Sequence[tuple[PlannedRevision, RevisionText]]) -> tuple[Staged, ...]:
        """Write revisions on top of the head, through the project's own template.

        Raises:
            EnvironmentFailureError: Alembic refuses.
        """
        from alembic_vibe.render.code import quote_docstring

        head = self._scripts.heads[0] if self._scripts.heads else ""
        new = []
        for number, (_, text) in enumerate(revisions, start=1):
            found = NewRevision(
                id=self._revision_id(number, text.upgrade),
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
            paths = [Path(path) for path in self._chain.write(new)]
        except ChainError as error:
            raise error.as_failure("the revisions cannot be written") from error
        return tuple(
            Staged(found.id, text.title, planned, path, self._final_path(path))
            for found, path, (planned, text) in zip(new, paths, revisions, strict=True)
        )

    def _revision_id(self, number: int, text: str) -> str:
        """Return the next number where the chain counts (or is empty), else a hash, as the chain has them."""
        ids = [script.revision for script in self._scripts.scripts]
        if all(found.isdigit() for found in ids):
            last = max((int(found) for found in ids), default=0)
            width = max((len(found) for found in ids), default=_ID_DIGITS)
            return f"{last + number:0{width}d}"
        return hashlib.sha256(f"{number}\0{text}".encode()).hexdigest()[:12]

    def _final_path(self, staged: Path) -> str:
        """Return where a staged revision will be in the project, relative to its root."""
        for location, copy in zip(self._project.version_locations, self._locations, strict=True):
            if staged.is_relative_to(copy):
                return (location / staged.relative_to(copy)).relative_to(self._project.root).as_posix()
        message = f"{staged} is in none of the version locations"
        raise ConfigurationError(HEADS.diagnostic(message))
