"""Where a project's files and the environments that lint it are: made once, and kept for later runs."""

from __future__ import annotations

import configparser
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.lint_real.projects import Project

ROOT = Path(__file__).parents[2]
_NOTHING_TO_CHECK = ("--disable-pip-version-check", "--quiet")


class UnavailableError(Exception):
    """A package cannot be had or installed here; the message says why."""


class Places:
    """Folders below ``work``: ``files/NAME`` has a package as its wheel has it, ``environments/NAME`` one installed."""

    def __init__(self, work: Path) -> None:
        self._work = work

    def files(self, project: Project) -> Path:
        """Unpack the package's wheel, without anything that it depends on; raises ``UnavailableError``."""
        folder = self._work / "files" / project.name
        if not folder.exists():
            wheels = self._work / "wheels" / project.name
            pip = (sys.executable, "-m", "pip", "download", *_NOTHING_TO_CHECK, "--no-deps", "--only-binary=:all:")
            _run((*pip, "--dest", str(wheels), project.requirement))
            for wheel in wheels.glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    archive.extractall(folder)
        return folder

    def environment(self, name: str, requirements: Sequence[str], bare: Sequence[str] = ()) -> Path:
        """Make a virtual environment with these packages and the linter of this checkout; give its Python.

        What the ``bare`` ones ask for is not installed. Raises ``UnavailableError`` if they cannot be had together.
        """
        folder = self._work / "environments" / name
        python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        done = folder / "installed"
        if not done.exists():
            venv.create(folder, with_pip=True, clear=True)
            install = (str(python), "-m", "pip", "install", *_NOTHING_TO_CHECK)
            if bare:
                _run((*install, "--no-deps", *bare))
            _run((*install, *requirements, "--editable", str(ROOT)))
            done.touch()
        return python

    def configuration(self, project: Project, packages: Path) -> Path:
        """Write an ``alembic.ini`` for the chain among ``packages``: many packages ship none that works by itself."""
        location = packages / project.folder
        file = self._work / "configurations" / f"{project.name}.ini"
        file.parent.mkdir(parents=True, exist_ok=True)
        parser = configparser.ConfigParser(interpolation=None)
        parser["alembic"] = {"script_location": str(location), "path_separator": "os"}
        parser["alembic"]["version_locations"] = str(location / project.versions)
        parser["alembic"]["recursive_version_locations"] = str(project.recursive).lower()
        with file.open("w", encoding="utf-8") as stream:
            parser.write(stream)
        return file


def site_packages(python: Path) -> Path:
    """Where the environment of that Python keeps its packages."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.run([str(python), "-c", asked], check=True, capture_output=True, text=True).stdout.strip())


def _run(command: Sequence[str]) -> None:
    found = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if found.returncode:
        raise UnavailableError(f"{' '.join(command)} ended with {found.returncode}:\n{found.stderr[-2000:]}")
