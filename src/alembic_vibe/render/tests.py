"""The rollback tests that a project gets: plain pytest, on the fixtures of ``alembic_vibe.testing``."""

from __future__ import annotations

from alembic_vibe.render.code import quote_docstring
from alembic_vibe.render.template import render


def render_tests(project: str, folder: str = "tests/migrations") -> dict[str, str]:
    """Render the test files.

    Args:
        project: What to call the project in the docstring.
        folder: Where they go, relative to the project's root, with slashes.

    Returns:
        Text by path, relative to the project's root.
    """
    text = render("tests/test_migrations.py.mako", project=quote_docstring(project))
    return {f"{folder}/test_migrations.py": text}
