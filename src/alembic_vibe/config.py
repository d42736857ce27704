"""Where a project keeps its things: the Alembic configuration, and ``[tool.alembic-vibe]`` of pyproject.toml.

Light on purpose: ``check`` must not pay for Alembic or SQLAlchemy just to find the spec. The rules of the search
(``-c``, then ``ALEMBIC_CONFIG``, then ``alembic.ini``, with ``[tool.alembic]`` of ``pyproject.toml`` behind the ini)
are those of ``alembic.config.CommandLine`` and ``Config.get_alembic_option`` in Alembic 1.20; older releases know
the ini only, which is the same search with one candidate less.
"""

from __future__ import annotations

import configparser
import difflib
import os
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import ConfigurationError, Diagnostic, Rule, Severity
from alembic_vibe.source import Source, Span
from alembic_vibe.toml_places import key_span

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "alembic-vibe"
DEFAULT_SPEC = "docs/06-technical-specification.md"
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
RULES = (NO_ENVIRONMENT, UNREADABLE, UNKNOWN_SETTING, BAD_SETTING, OUTSIDE_PROJECT)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of ``[tool.alembic-vibe]``: what it is for, and what holds without it."""

    name: str
    default: str
    summary: str


SETTINGS = (
    Setting("spec", DEFAULT_SPEC, "The Markdown file that holds Section 5."),
    Setting("package", "the one folder with models/ in it, else app", "The Python package that holds the models."),
    Setting("models", "<package>/models", "Where the SQLAlchemy models are written."),
    Setting("seeds", "seeds", "Where the seed data are written."),
    Setting("tests", "tests/migrations", "Where the rollback tests are written."),
)
TABLES = ("lint",)  # tables below [tool.alembic-vibe], with settings of their own


@dataclass(frozen=True)
class Project:
    """The paths of one project, all absolute.

    ``ini`` and ``pyproject`` are what ``alembic.config.Config(file_, toml_file=)`` takes; each is ``None`` where
    there is no such file.
    """

    root: Path
    ini: Path | None
    pyproject: Path | None
    has_environment: bool
    script_location: Path
    version_locations: tuple[Path, ...]
    package: str
    package_dir: Path
    spec: Path
    models: Path
    seeds: Path
    tests: Path
    import_paths: tuple[Path, ...] = ()  # Alembic's prepend_sys_path
    recursive: bool = False  # revisions in folders below a version location count as well

    def shown(self, path: Path) -> str:
        """Return the path as people read it: relative to the root where it lies inside."""
        return _shown(path, self.root)

    @property
    def models_module(self) -> str:
        """The dotted name of the models, such as ``shop.models``."""
        parts = self.models.relative_to(self.root).parts
        return ".".join(parts[1:] if parts[0] == "src" else parts)


def load_project(
    config: Path | None, cwd: Path, *, require_environment: bool = True, read_only: bool = False
) -> Project:
    """Find the Alembic configuration as Alembic does, and read the project's settings.

    Args:
        config: What ``-c`` names: an ini file or a ``pyproject.toml``; ``None`` searches.
        cwd: The folder that relative paths start from.
        require_environment: Refuse a folder without an Alembic environment; ``check`` does without one.
        read_only: Nothing will be written: revisions may lie anywhere, also in an installed package.

    Raises:
        ConfigurationError: Nothing found, an unreadable file, an unknown or wrong setting, or an output path that
            leads out of the project.
    """
    cwd = cwd.resolve()
    ini, pyproject = _candidates(config, cwd)
    root, here = (pyproject or ini or cwd / PYPROJECT).parent, (ini or pyproject or cwd / PYPROJECT).parent
    source, document = read_pyproject(pyproject, root)
    options = {**_toml_options(document, root), **_ini_options(ini, root)}
    has_environment = "script_location" in options
    if require_environment and not has_environment:
        raise _no_environment(ini or pyproject, root)

    places = _AlembicPaths(options, here, cwd, root, anywhere=read_only)
    scripts = places.scripts() if has_environment else root / "migrations"
    settings = _Settings(source, _table(document, "tool", TABLE), root)
    package, package_dir = settings.package()
    return Project(
        root=root,
        ini=ini,
        pyproject=pyproject,
        has_environment=has_environment,
        script_location=scripts,
        version_locations=places.versions(scripts),
        package=package,
        package_dir=package_dir,
        spec=settings.path("spec", root / DEFAULT_SPEC, output=False),
        models=settings.path("models", package_dir / "models"),
        seeds=settings.path("seeds", root / "seeds"),
        tests=settings.path("tests", root / "tests" / "migrations"),
        import_paths=tuple(places.search_path()),
        recursive=options.get("recursive_version_locations", "").lower() == "true",
    )


def _candidates(config: Path | None, cwd: Path) -> tuple[Path | None, Path | None]:
    """Return the ini file and the pyproject.toml to read; either may be missing."""
    named = config or (Path(value) if (value := os.environ.get("ALEMBIC_CONFIG")) else None)
    if named is None:
        pyproject = _nearest_pyproject(cwd)
        # Alembic looks in the current folder only; from a folder below the project's, its own ini is meant.
        folders = (cwd, pyproject.parent) if pyproject is not None else (cwd,)
        return next((f / "alembic.ini" for f in folders if (f / "alembic.ini").is_file()), None), pyproject
    path = (cwd / named).resolve()
    if not path.is_file():
        by = f"-c {named}" if config else f"ALEMBIC_CONFIG={named}"
        raise _error(UNREADABLE, f"`{by}` names a file that does not exist", help="Check the path.", path=str(named))
    if path.name == PYPROJECT:
        ini = path.parent / "alembic.ini"
        return (ini if ini.is_file() else None), path
    return path, _nearest_pyproject(path.parent)


def _nearest_pyproject(start: Path) -> Path | None:
    """Return the pyproject.toml of the folder or of the nearest one above it, not beyond the repository."""
    for folder in (start, *start.parents):
        if (folder / PYPROJECT).is_file():
            return folder / PYPROJECT
        if (folder / ".git").exists():
            return None
    return None


def _ini_options(ini: Path | None, root: Path) -> dict[str, str]:
    if ini is None:
        return {}
    # Alembic gives the parser `here`, and so allows %(here)s in every value.
    parser = configparser.ConfigParser({"here": ini.parent.as_posix()})
    try:
        parser.read_string(ini.read_text(encoding="utf-8"), source=_shown(ini, root))
        return dict(parser.items("alembic")) if parser.has_section("alembic") else {}
    except (configparser.Error, UnicodeDecodeError, OSError) as error:
        message = " ".join(str(error).split())
        raise _error(UNREADABLE, f"{_shown(ini, root)} cannot be read: {message}", path=_shown(ini, root)) from error


def _toml_options(document: Mapping[str, Any], root: Path) -> dict[str, str]:
    """Return ``[tool.alembic]`` with ``%(here)s`` filled in; lists become lines, as in an ini."""
    options = {}
    for key, value in _table(document, "tool", "alembic").items():
        values = value if isinstance(value, list) else [value]
        options[key] = "\n".join(str(v).replace("%(here)s", root.as_posix()).replace("%%", "%") for v in values)
        if isinstance(value, list):
            options[f"{key}.separator"] = "newline"
    return options


def read_pyproject(pyproject: Path | None, root: Path | None = None) -> tuple[Source, dict[str, Any]]:
    """Read a pyproject.toml, for reports under its path from ``root``; raises ``ConfigurationError``."""
    if pyproject is None:
        return Source(PYPROJECT, ""), {}
    path = _shown(pyproject, root or pyproject.parent)
    try:
        text = pyproject.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise _error(UNREADABLE, f"{path} cannot be read: {error}", path=path) from error
    source = Source(path, text)
    try:
        return source, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        span = None
        if place:
            start = source.line_span(int(place[1]), int(place[1])).start + int(place[2]) - 1
            span = Span(min(start, len(text)), min(start + 1, len(text)))
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise _error(UNREADABLE, f"{path} is not valid TOML: {message}", source=source, span=span) from error


def _table(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    table: Any = document
    for key in keys:
        table = table.get(key, {})
        if not isinstance(table, dict):
            return {}
    return dict(table)


def _no_environment(found: Path | None, root: Path) -> ConfigurationError:
    if found is not None:
        message = f"{_shown(found, root)} names no script_location, so there is no Alembic environment to write into"
    else:
        message = "no Alembic environment here: neither alembic.ini nor [tool.alembic] in pyproject.toml"
    help_ = "Run this in the project's folder, name the file with `-c PATH`, or run `alembic-vibe init .` to begin."
    return _error(NO_ENVIRONMENT, message, help=help_, path=_shown(found, root) if found else "")


class _AlembicPaths:
    """Turns Alembic's own path options into folders, without importing Alembic."""

    def __init__(self, options: Mapping[str, str], here: Path, cwd: Path, root: Path, *, anywhere: bool) -> None:
        self.options, self.here, self.cwd, self.root, self.anywhere = options, here, cwd, root, anywhere

    def scripts(self) -> Path:
        return self._folder("script_location", self.options["script_location"])

    def versions(self, scripts: Path) -> tuple[Path, ...]:
        text = self.options.get("version_locations", "").strip()
        if not text:
            return (scripts / "versions",)
        return tuple(self._folder("version_locations", part) for part in self._split("version_locations", text))

    def _split(self, key: str, text: str) -> list[str]:
        name = (
            self.options.get(f"{key}.separator")
            or self.options.get("path_separator")
            or self.options.get("version_path_separator")
        )
        separator = {"os": os.pathsep, "space": " ", "newline": "\n"}.get(name or "", name)
        parts = text.split(separator) if separator else re.split(r", *|(?: +)|\n", text)
        return [part.strip() for part in parts if part.strip()]

    def _folder(self, key: str, value: str) -> Path:
        package, colon, inner = value.partition(":")
        if colon and not Path(value).is_absolute() and re.fullmatch(r"\w[\w.]+", package):
            folder = self._package(package) / inner
        else:
            # Alembic counts from the current folder; from elsewhere, a project means the folder of its ini.
            folder = next(
                (base / value for base in (self.cwd, self.here) if (base / value).is_dir()), self.here / value
            )
        folder = folder.resolve()
        if not self.anywhere and not folder.is_relative_to(self.root):
            message = f"{key} `{value}` lies outside the project ({self.root})"
            raise _error(OUTSIDE_PROJECT, message, path=key)
        return folder

    def _package(self, name: str) -> Path:
        relative = Path(*name.split("."))
        installed = [Path(folder) for folder in sys.path] if self.anywhere else []
        for base in (*self.search_path(), self.root, self.root / "src", *installed):
            if (base / relative).is_dir():
                return base / relative
        message = f"script_location names the package `{name}`, which is not in the project"
        raise _error(NO_ENVIRONMENT, message, help="Write it as a path: `script_location = %(here)s/migrations`.")

    def search_path(self) -> list[Path]:
        text = self.options.get("prepend_sys_path", "").strip()
        return [self.here / part for part in self._split("prepend_sys_path", text)] if text else []


class _Settings:
    """Reads ``[tool.alembic-vibe]``, and points at the line of what is wrong in it."""

    def __init__(self, source: Source, values: Mapping[str, Any], root: Path) -> None:
        self.source, self.values, self.root = source, values, root
        known = [setting.name for setting in SETTINGS]
        problems = []
        for key, value in values.items():
            if key in TABLES:  # read where it is used; here it only has to be a table
                if not isinstance(value, dict):
                    hint = f"Write it as a table: [tool.{TABLE}.{key}]"
                    problems.append(self._problem(BAD_SETTING, key, f"`{key}` must be a table", hint))
            elif key not in known:
                near = difflib.get_close_matches(key, [*known, *TABLES], 1)
                hint = f"Did you mean `{near[0]}`?" if near else f"The settings are {', '.join(known)}."
                problems.append(self._problem(UNKNOWN_SETTING, key, f"`{key}` is not a setting", hint))
            elif not isinstance(value, str) or not value.strip() or "\0" in value:
                hint = f'Write it as text: {key} = "…"'
                problems.append(self._problem(BAD_SETTING, key, f"`{key}` must be a text that is not empty", hint))
        if problems:
            raise ConfigurationError(problems)

    def _problem(self, rule: Rule, key: str, message: str, help_: str = "") -> Diagnostic:
        span = key_span(self.source, ("tool", TABLE, key))
        return rule.diagnostic(message, help=help_ or None, source=self.source, span=span)

    def path(self, key: str, default: Path, *, output: bool = True) -> Path:
        """Return an absolute path; an output path outside the root is refused."""
        path = Path(os.path.normpath(self.root / self.values[key])) if key in self.values else default
        # Resolved for the comparison only: a link inside the project must not lead out of it either.
        if output and not path.resolve().is_relative_to(self.root.resolve()):
            message = f"`{key}` leads out of the project ({self.root})"
            raise ConfigurationError(self._problem(OUTSIDE_PROJECT, key, message))
        return path

    def package(self) -> tuple[str, Path]:
        """Return the package's name and folder, which may lie below ``src/``."""
        bases = (self.root, self.root / "src")
        name = self.values.get("package")
        if name is None:
            found = [folder.parent for base in bases for folder in sorted(base.glob("*/models"))]
            found = [folder for folder in found if folder.name.isidentifier() and (folder / "__init__.py").is_file()]
            folder = found[0] if len(found) == 1 else self.root / "app"
            return folder.name, folder
        if not all(part.isidentifier() for part in name.split(".")):
            message = f"`{name}` is not the name of a Python package"
            hint = f'Write for instance: package = "{package_name(name)}"'
            raise ConfigurationError(self._problem(BAD_SETTING, "package", message, hint))
        relative = Path(*name.split("."))
        return name, next((base / relative for base in bases if (base / relative).is_dir()), self.root / relative)


def package_name(text: str) -> str:
    """Make a Python package's name of any text, such as a folder's name; ``app`` where nothing is left."""
    import keyword

    name = re.sub(r"[^a-z0-9_]+", "_", text.lower()).strip("_")
    if not name or name[0].isdigit() or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return f"app_{name}" if name else "app"
    return name


def _shown(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return str(path)


def _error(rule: Rule, message: str, **more: Any) -> ConfigurationError:
    return ConfigurationError(rule.diagnostic(message, **more))
