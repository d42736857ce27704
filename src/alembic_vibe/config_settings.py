"""``[tool.alembic-vibe]``: its settings, and how they are read."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.config_rules import BAD_SETTING, OUTSIDE_PROJECT, TABLE, UNKNOWN_SETTING
from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, Rule
from alembic_vibe.toml_places import key_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alembic_vibe.source import Source

DEFAULT_SPEC = "docs/06-technical-specification.md"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of ``[tool.alembic-vibe]``: what it is for, and what holds without it."""

    name: str
    default: str
    summary: str


SETTINGS = (
    Setting("spec", DEFAULT_SPEC, "The Markdown file that holds Section 5."),
    Setting("package", "the one folder with models/ in it, else app", "The Python package that holds the models."),
    Setting("models", "<package>/models", "The folder, or the one module, where the SQLAlchemy models are."),
    Setting("seeds", "seeds", "Where the seed data are written."),
    Setting("tests", "tests/migrations", "Where the rollback tests are written."),
    Setting("section", "alembic", "The section of alembic.ini that is meant, as with Alembic's -n."),
)
TABLES = ("lint",)  # tables below [tool.alembic-vibe], with settings of their own


class Settings:
    """Reads ``[tool.alembic-vibe]``, and points at the line of what is wrong in it."""

    def __init__(self, source: Source, values: Mapping[str, Any], root: Path) -> None:
        self.source, self.values, self.root = source, values, root
        known = [setting.name for setting in SETTINGS]
        problems = []
        for key, value in values.items():
            if key in TABLES:  # read where it is used; here it only has to be a table
                if not isinstance(value, dict):
                    hint = f"Write it as a table: [tool.{TABLE}.{key}]"
                    problems.append(self.problem(BAD_SETTING, key, f"`{key}` must be a table", hint))
            elif key not in known:
                near = difflib.get_close_matches(key, [*known, *TABLES], 1)
                hint = f"Did you mean `{near[0]}`?" if near else f"The settings are {', '.join(known)}."
                problems.append(self.problem(UNKNOWN_SETTING, key, f"`{key}` is not a setting", hint))
            elif not isinstance(value, str) or not value.strip() or "\0" in value:
                hint = f'Write it as text: {key} = "…"'
                problems.append(self.problem(BAD_SETTING, key, f"`{key}` must be a text that is not empty", hint))
        if problems:
            raise ConfigurationError(problems)

    def problem(self, rule: Rule, key: str, message: str, help_: str = "") -> Diagnostic:
        """Return a finding at the line of a setting."""
        span = key_span(self.source, ("tool", TABLE, key))
        return rule.diagnostic(message, help=help_ or None, source=self.source, span=span)

    def text(self, key: str, default: str) -> str:
        """Return a setting as it is written."""
        return str(self.values.get(key, default))

    def path(self, key: str, default: Path, *, output: bool = True) -> Path:
        """Return an absolute path; an output path outside the root is refused."""
        path = Path(os.path.normpath(self.root / self.values[key])) if key in self.values else default
        # Resolved for the comparison only: a link inside the project must not lead out of it either.
        if output and not path.resolve().is_relative_to(self.root.resolve()):
            message = f"`{key}` leads out of the project ({self.root})"
            raise ConfigurationError(self.problem(OUTSIDE_PROJECT, key, message))
        return path

    def package(self, import_paths: Sequence[Path] = ()) -> tuple[str, Path]:
        """Return the package's name and folder, which may lie below ``src/`` or a folder of ``import_paths``."""
        bases = (self.root, self.root / "src")
        name = self.values.get("package")
        if name is None and "models" in self.values:
            parent = self.path("models", self.root).parent
            name = module_name(parent, self.root, import_paths) if parent != self.root else None
            if name and all(part.isidentifier() for part in name.split(".")):
                return name, parent
            name = None
        if name is None:
            found = [folder.parent for base in bases for folder in sorted(base.glob("*/models"))]
            found = [folder for folder in found if folder.name.isidentifier() and (folder / "__init__.py").is_file()]
            folder = found[0] if len(found) == 1 else self.root / "app"
            return folder.name, folder
        if not all(part.isidentifier() for part in name.split(".")):
            message = f"`{name}` is not the name of a Python package"
            hint = f'Write for instance: package = "{package_name(name)}"'
            raise ConfigurationError(self.problem(BAD_SETTING, "package", message, hint))
        relative = Path(*name.split("."))
        return name, next((base / relative for base in bases if (base / relative).is_dir()), self.root / relative)


def module_name(path: Path, root: Path, import_paths: Iterable[Path] = ()) -> str:
    """Return the dotted name of a module or package of a project, as it is imported.

    Args:
        path: Where it is, inside the root.
        root: The project's.
        import_paths: Folders that modules are imported from, besides the root and ``src``.
    """
    bases = [base for base in (root, root / "src", *import_paths) if path.is_relative_to(base) and path != base]
    parts = path.relative_to(max(bases, key=lambda base: len(base.parts), default=root)).parts
    return ".".join([*parts[:-1], parts[-1].removesuffix(".py")])


def package_name(text: str) -> str:
    """Make a Python package's name of any text, such as a folder's name; ``app`` where nothing is left."""
    import keyword

    name = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")
    if not name or name[0].isdigit() or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return f"app_{name}" if name else "app"
    return name
