"""Alembic's own path options, as folders."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.config_rules import NO_ENVIRONMENT, OUTSIDE_PROJECT, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping


class AlembicPaths:
    """Turns Alembic's own path options into folders, without importing Alembic."""

    def __init__(self, options: Mapping[str, str], here: Path, cwd: Path, root: Path, *, anywhere: bool) -> None:
        self.options, self.here, self.cwd, self.root, self.anywhere = options, here, cwd, root, anywhere

    def home(self) -> Path:
        """Return the folder that Alembic is run in: where a relative ``script_location`` is found, else the ini's."""
        value = self.options.get("script_location", "")
        relative = value and not Path(value).is_absolute() and ":" not in value
        bases = [base for base in (self.cwd, self.here) if relative and (base / value).is_dir()]
        return next(iter(bases), self.here)

    def scripts(self) -> Path:
        """Return the script location; raises ``ConfigurationError`` where it is not the project's."""
        return self._folder("script_location", self.options["script_location"])

    def versions(self, scripts: Path) -> tuple[Path, ...]:
        """Return the version locations, ``versions`` in the script location by default."""
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
            folder = self._package(package).joinpath(*inner.split(":"))
        else:
            # Alembic counts from the current folder; from elsewhere, a project means the folder of its ini.
            folders = [base / value for base in (self.cwd, self.here) if (base / value).is_dir()]
            scripts = [found for found in folders if key == "script_location" and (found / "env.py").is_file()]
            folder = next(iter([*scripts, *folders]), self.here / value)
        folder = folder.resolve()
        if not self.anywhere and not folder.is_relative_to(self.root):
            message = f"{key} `{value}` lies outside the project ({self.root})"
            raise refusal(OUTSIDE_PROJECT, message, path=key)
        return folder

    def _package(self, name: str) -> Path:
        relative = Path(*name.split("."))
        installed = [Path(folder) for folder in sys.path] if self.anywhere else []
        for base in (*self.search_path(), self.root, self.root / "src", *installed):
            if (base / relative).is_dir():
                return base / relative
        message = f"script_location names the package `{name}`, which is not in the project"
        raise refusal(NO_ENVIRONMENT, message, help="Write it as a path: `script_location = %(here)s/migrations`.")

    def search_path(self) -> list[Path]:
        """Return the folders that Alembic puts before ``sys.path``."""
        text = self.options.get("prepend_sys_path", "").strip()
        return [self.here / part for part in self._split("prepend_sys_path", text)] if text else []
