"""``alembic-vibe lint --fix``: writes what can be repaired, or shows it, and says what was left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.cli.state import State
    from alembic_vibe.config import Project
    from alembic_vibe.lint.fixes.model import Repair
    from alembic_vibe.lint.runs import Asked


def repair_files(project: Project, asked: Asked, cwd: Path) -> tuple[Repair, Asked]:
    """Repair the files that a run selects; return what was done, and what to lint afterwards.

    Raises:
        ConfigurationError: As ``lint.runs.lint``.
        EnvironmentFailureError: A file cannot be written; none was.
    """
    from alembic_vibe.lint.fixes.runs import fix
    from alembic_vibe.writing import write_all

    done = fix(project, asked, cwd)
    write_all(done.root, done.files)
    if asked.paths:
        asked = replace(asked, paths=(*asked.paths, *(done.root / path for path in done.added)))
    return done, asked


def show_repair(state: State, project: Project, asked: Asked, cwd: Path) -> bool:
    """Print what a repair would change as a unified diff; says whether it would change anything."""
    from alembic_vibe.lint.fixes.runs import fix
    from alembic_vibe.writing import unified_diff

    done = fix(project, asked, cwd)
    click.echo(unified_diff(done.root, done.files), nl=False)
    for line in repair_lines(done, "would be repaired"):
        state.say(line)
    return bool(done.files)


def repair_lines(done: Repair, verb: str = "repaired") -> list[str]:
    """Return the lines for people: what was left alone, and why, and the account."""
    lines = [
        f"Left alone: {finding.shown_path}:{finding.line}: {finding.rule}: {reason}." for finding, reason in done.left
    ]
    count = len(done.solved)
    new = f", {len(done.added)} of them new" if done.added else ""
    files = f" in {len(done.files)} file{'' if len(done.files) == 1 else 's'}{new}" if done.files else ""
    return [*lines, f"{count or 'No'} finding{'' if count == 1 else 's'} {verb}{files}."]
