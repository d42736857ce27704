"""What an existing project has: configuration, environments, bases, models, chain. Read only, nothing is executed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.adopt.assembly import Assembly, Folders
from alembic_vibe.adopt.model import Findings
from alembic_vibe.config_files import candidates, environments, ini_options, read_pyproject, table_of, toml_options
from alembic_vibe.config_rules import NO_ENVIRONMENT, PYPROJECT, TABLE, refusal
from alembic_vibe.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.adopt.model import Environment

PRE_COMMIT = ".pre-commit-config.yaml"
_MAIN = "alembic"
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist"}
_DEEPEST = 6  # folders below the project's, where an environment without a configuration is looked for


def discover(config: Path | None, cwd: Path) -> Findings:
    """Find out what a project has.

    Args:
        config: What ``-c`` names: an ini file or a ``pyproject.toml``; ``None`` searches as Alembic does, and then
            for other ini files, and for an env.py with revisions beside it, in the folders below.
        cwd: The folder that relative paths start from.

    Raises:
        ConfigurationError: There is no Alembic environment, or its configuration cannot be read.
    """
    cwd = cwd.resolve()
    ini, pyproject = candidates(config, cwd)
    root = (pyproject or ini or cwd / PYPROJECT).parent
    _, document = read_pyproject(pyproject, root)
    folders = Folders(root, (ini or pyproject or cwd / PYPROJECT).parent, cwd)
    assembly = Assembly(pyproject)
    notes: list[str] = []
    found = [assembly.configured(section, options, ini, folders) for section, options in _sections(ini, document, root)]
    if not found and ini is not None and (ini.parent / "env.py").is_file():
        found = [assembly.bare(ini.parent, root, ini)]
    if not found and config is None:
        found, notes = _below(assembly, root, folders)
    if not found:
        message = "no Alembic environment here: no configuration names a script_location, and no folder has an env.py"
        help_ = (
            "Run this in the project's folder, name its file with `-c PATH`, or make a project: `alembic-vibe init`."
        )
        raise refusal(NO_ENVIRONMENT, message, help=help_)
    pre_commit = root / PRE_COMMIT
    return Findings(
        root=root,
        environments=tuple(found),
        has_git=any((folder / ".git").exists() for folder in (root, *root.parents)),
        pre_commit=pre_commit if pre_commit.is_file() else None,
        settings=bool(table_of(document, "tool", TABLE)),
        notes=tuple(notes),
    )


def _sections(ini: Path | None, document: Mapping[str, object], root: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the sections that configure an environment; pyproject.toml stands behind the main one, as in Alembic."""
    shared = toml_options(document, root)
    main = {**shared, **ini_options(ini, root, _MAIN)}
    if "script_location" in main:
        databases = [name.strip() for name in main.get("databases", "").split(",") if name.strip()]
        urls = [ini_options(ini, root, name).get("sqlalchemy.url", "") for name in databases]
        yield _MAIN, {**main, "sqlalchemy.url": " ".join([main.get("sqlalchemy.url", ""), *urls])}
    for section in environments(ini, root):
        options = ini_options(ini, root, section)
        # A value of [DEFAULT] is in every section, of loggers as well.
        if section != _MAIN and options["script_location"] != ini_options(ini, root, "DEFAULT").get("script_location"):
            yield section, options


def _below(assembly: Assembly, start: Path, folders: Folders) -> tuple[list[Environment], list[str]]:
    """Return the environments of the folders below: those that an ini names, then those without one; and remarks."""
    found: list[Environment] = []
    notes = []
    inis, bare = _search(start)
    for ini in inis:
        for section, options in _sections(ini, {}, folders.root):
            environment = assembly.configured(section, options, ini, replace(folders, here=ini.parent))
            if environment.script_location.is_dir():
                found.append(environment)
            else:
                location = options["script_location"]
                named = ini.relative_to(start).as_posix()
                notes.append(f"{named} [{section}] names the script location {location}, which does not exist")
    seen = {environment.script_location for environment in found}
    for folder in bare:
        if folder not in seen:
            beside = folder / "alembic.ini"
            found.append(assembly.bare(folder, folders.root, beside if beside.is_file() else None))
    return found, notes


def _search(start: Path) -> tuple[list[Path], list[Path]]:
    """Return the ini files that configure Alembic, and the folders that hold an env.py and revisions, by path."""
    inis: list[Path] = []
    bare: list[Path] = []
    for folder, folders, names in os.walk(start):
        here = Path(folder)
        depth = len(here.relative_to(start).parts)
        if "env.py" in names and "versions" in folders:
            bare.append(here)
        inis += [here / name for name in sorted(names) if name.endswith(".ini") and _configures(here / name)]
        folders[:] = sorted(
            name
            for name in folders
            if depth < _DEEPEST
            and name not in _SKIPPED
            and not name.startswith(".")
            and not (here / name / "pyvenv.cfg").is_file()
        )
    return inis, bare


def _configures(ini: Path) -> bool:
    """Whether an ini names a script location; one that cannot be read does not."""
    try:
        return bool(environments(ini, ini.parent))
    except ConfigurationError:
        return False
