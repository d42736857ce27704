"""What a run of the linter is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alembic_vibe.lint.model import Settings

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from alembic_vibe.config import Project
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.baseline import Identity
    from alembic_vibe.lint.selection import Choice


@dataclass(frozen=True)
class Request:
    """What is to be linted: ``paths``, ``since`` (a revision or a git reference), all, or what the branch adds.

    ``choice`` is what git has answered already; it may be left out. ``remembers``: what revisions emit may come from
    the cache, and is kept there.
    """

    settings: Settings = field(default_factory=Settings)
    all: bool = False
    since: str | None = None
    paths: tuple[Path, ...] = ()
    today: date = field(default_factory=lambda: datetime.now(tz=UTC).date())
    choice: Choice | None = None
    remembers: bool = False


@dataclass(frozen=True)
class Scope:
    """Where the chain is: folders of revisions, folders that modules are imported from, the project if there is one."""

    root: Path
    folders: tuple[Path, ...]
    import_paths: tuple[Path, ...] = ()
    project: Project | None = None


@dataclass(frozen=True)
class Result:
    """What was found, in the order of the chain; ``analysed`` of the ``linted`` revisions could be followed wholly.

    ``identities`` says of each finding what makes it the same in the next run (see ``lint.baseline``).
    """

    diagnostics: tuple[Diagnostic, ...]
    chain: int
    linted: int
    analysed: int
    note: str = ""
    identities: tuple[Identity, ...] = ()
