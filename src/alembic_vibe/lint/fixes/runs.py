"""One repair as ``alembic-vibe lint --fix`` asks for it: what the baseline hides is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.baseline import compare
from alembic_vibe.lint.fixes.engine import repair
from alembic_vibe.lint.runs import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from alembic_vibe.config import Project
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.lint.fixes.model import Repair
    from alembic_vibe.lint.request import Result
    from alembic_vibe.lint.runs import Asked


def fix(project: Project, asked: Asked, cwd: Path) -> Repair:
    """Return the repair of what a run would report; nothing is written.

    Raises:
        ConfigurationError: As ``lint.runs.lint``.
    """
    prepared = prepare(project, asked, cwd)

    def reported(result: Result) -> Iterable[Diagnostic]:
        return compare(prepared.baseline, result.diagnostics, result.identities, whole=False).new

    return repair(prepared.scope, prepared.request, reported)
