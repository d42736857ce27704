"""What can be wrong with a configuration, and how it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import ConfigurationError, Rule, Severity

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "alembic-vibe"
PYPROJECT = "pyproject.toml"

NO_ENVIRONMENT = Rule(
    code="AV001",
    slug="no-alembic-environment",
    severity=Severity.ERROR,
    summary="There is no Alembic environment here.",
    why="Revisions are written into the script location that alembic.ini or [tool.alembic] names.",
    fix="Run the command in the project's folder, name the file with `-c`, or start with `alembic-vibe init`.",
    bad="[alembic]\n# no script_location",
    good="[alembic]\nscript_location = %(here)s/migrations",
)
UNREADABLE = Rule(
    code="AV002",
    slug="unreadable-configuration",
    severity=Severity.ERROR,
    summary="A configuration file cannot be read.",
    why="Settings that cannot be read would silently turn into defaults, and files would land in the wrong place.",
    fix="Correct the syntax at the line that is shown, or the path given with `-c`.",
    bad="[tool.alembic-vibe]\nspec = docs/spec.md",
    good='[tool.alembic-vibe]\nspec = "docs/spec.md"',
)
UNKNOWN_SETTING = Rule(
    code="AV003",
    slug="unknown-setting",
    severity=Severity.ERROR,
    summary="[tool.alembic-vibe] has a key that means nothing.",
    why="A misspelt setting that is passed over has no effect, and nobody notices.",
    fix="Use one of the known keys, or remove the line.",
    bad='[tool.alembic-vibe]\nspecs = "docs/spec.md"',
    good='[tool.alembic-vibe]\nspec = "docs/spec.md"',
)
BAD_SETTING = Rule(
    code="AV004",
    slug="invalid-setting",
    severity=Severity.ERROR,
    summary="A setting has the wrong type or an impossible value.",
    why="Paths and package names are text; a package is imported, so its name must be a Python identifier.",
    fix="Write the value as the message says.",
    bad='[tool.alembic-vibe]\npackage = "my-shop"',
    good='[tool.alembic-vibe]\npackage = "my_shop"',
)
OUTSIDE_PROJECT = Rule(
    code="AV005",
    slug="path-outside-project",
    severity=Severity.ERROR,
    summary="An output path leads out of the project.",
    why="Files are written and replaced there; a configuration must not reach other people's folders.",
    fix="Name a folder below the one that holds pyproject.toml (or alembic.ini, where there is no pyproject.toml).",
    bad='[tool.alembic-vibe]\nseeds = "../../shared"',
    good='[tool.alembic-vibe]\nseeds = "seeds"',
)
NO_SECTION = Rule(
    code="AV006",
    slug="section-not-in-configuration",
    severity=Severity.ERROR,
    summary="The section that `section` names configures no Alembic environment.",
    why="A configuration may hold several environments, one a section (Alembic's `-n`); revisions of one must not land "
    "among those of another.",
    fix="Name the section of alembic.ini that has the script_location.",
    bad='[tool.alembic-vibe]\nsection = "billing"  # alembic.ini has no [billing]',
    good="[billing]\nscript_location = %(here)s/billing/migrations",
)
RULES = (NO_ENVIRONMENT, UNREADABLE, UNKNOWN_SETTING, BAD_SETTING, OUTSIDE_PROJECT, NO_SECTION)


def shown(path: Path, root: Path) -> str:
    """Return a path as people read it: relative to the root where it lies inside."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


def refusal(rule: Rule, message: str, **more: Any) -> ConfigurationError:
    """Return the error that says one thing; ``more`` is what ``Rule.diagnostic`` takes."""
    return ConfigurationError(rule.diagnostic(message, **more))
