"""The files that configure Alembic: which are read, and the options that they hold."""

from __future__ import annotations

import configparser
import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_vibe.config_rules import PYPROJECT, UNREADABLE, refusal, shown
from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.diagnostics import ConfigurationError


def candidates(config: Path | None, cwd: Path) -> tuple[Path | None, Path | None]:
    """Return the ini file and the pyproject.toml to read; either may be missing.

    Raises:
        ConfigurationError: What is named does not exist.
    """
    named = config or (Path(value) if (value := os.environ.get("ALEMBIC_CONFIG")) else None)
    if named is None:
        pyproject = _nearest_pyproject(cwd)
        # Alembic looks in the current folder only; from a folder below the project's, its own ini is meant.
        folders = (cwd, pyproject.parent) if pyproject is not None else (cwd,)
        return next((f / "alembic.ini" for f in folders if (f / "alembic.ini").is_file()), None), pyproject
    path = (cwd / named).resolve()
    if not path.is_file():
        by = f"-c {named}" if config else f"ALEMBIC_CONFIG={named}"
        raise refusal(UNREADABLE, f"`{by}` names a file that does not exist", help="Check the path.", path=str(named))
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


def ini_options(ini: Path | None, root: Path, section: str = "alembic") -> dict[str, str]:
    """Return the options of a section of the ini, those of ``[DEFAULT]`` included; empty without that section."""
    parser = _parsed(ini, root)
    try:
        return dict(parser.items(section)) if parser is not None and parser.has_section(section) else {}
    except configparser.Error as error:
        raise _unreadable(ini, root, error) from error


def environments(ini: Path | None, root: Path) -> list[str]:
    """Return the sections of the ini that configure an Alembic environment, in order."""
    parser = _parsed(ini, root)
    if parser is None:
        return []
    return [name for name in parser.sections() if parser.has_option(name, "script_location")]


def _parsed(ini: Path | None, root: Path) -> configparser.ConfigParser | None:
    if ini is None:
        return None
    # Alembic gives the parser `here`, and so allows %(here)s in every value.
    parser = configparser.ConfigParser({"here": ini.parent.as_posix()})
    try:
        parser.read_string(ini.read_text(encoding="utf-8"), source=shown(ini, root))
    except (configparser.Error, UnicodeDecodeError, OSError) as error:
        raise _unreadable(ini, root, error) from error
    return parser


def _unreadable(ini: Path | None, root: Path, error: Exception) -> ConfigurationError:
    path = shown(ini, root) if ini is not None else ""
    return refusal(UNREADABLE, f"{path} cannot be read: {' '.join(str(error).split())}", path=path)


def toml_options(document: Mapping[str, Any], root: Path) -> dict[str, str]:
    """Return ``[tool.alembic]`` with ``%(here)s`` filled in; lists become lines, as in an ini."""
    options = {}
    for key, value in table_of(document, "tool", "alembic").items():
        values = value if isinstance(value, list) else [value]
        options[key] = "\n".join(str(v).replace("%(here)s", root.as_posix()).replace("%%", "%") for v in values)
        if isinstance(value, list):
            options[f"{key}.separator"] = "newline"
    return options


def read_pyproject(pyproject: Path | None, root: Path | None = None) -> tuple[Source, dict[str, Any]]:
    """Read a pyproject.toml, for reports under its path from ``root``; raises ``ConfigurationError``."""
    if pyproject is None:
        return Source(PYPROJECT, ""), {}
    path = shown(pyproject, root or pyproject.parent)
    try:
        text = pyproject.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise refusal(UNREADABLE, f"{path} cannot be read: {error}", path=path) from error
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
        raise refusal(UNREADABLE, f"{path} is not valid TOML: {message}", source=source, span=span) from error


def table_of(document: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return a table of a TOML document by its path; empty where there is none."""
    table: Any = document
    for key in keys:
        table = table.get(key, {})
        if not isinstance(table, dict):
            return {}
    return dict(table)
