"""Where the Mako templates are: in the wheel, or in the checkout of an editable installation."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def template_dir() -> Path:
    """Return the directory that holds ``vibe/``, ``models/``, ``revisions/``, ``seeds/``, ``tests/``.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_templates", package.parents[1] / "alembic_templates"):
        if candidate.is_dir():
            return candidate
    msg = f"alembic-vibe's templates are missing beside {package}; reinstall the package"
    raise FileNotFoundError(msg)
