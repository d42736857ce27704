"""Detached backfills as SQL scripts for ``psql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.render.template import render

if TYPE_CHECKING:
    from alembic_vibe.plan.detached import Script


def render_script(script: Script, path: str) -> str:
    """Return the text of a script.

    Args:
        script: The backfill.
        path: Where it will be, relative to the project's root, for its head.
    """
    return render(
        "sql/detached.sql.mako",
        title=" ".join(script.revision.title.split()),
        path=path,
        checks=[" ".join(found.message.split()) for step in script.revision.steps for found in step.done],
        statements=script.statements,
    )
