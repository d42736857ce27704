"""What an existing project has: configuration, environments, bases, models, chain. Read only, nothing is executed."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.adopt.environments import base_of, read_env
from alembic_vibe.adopt.model import Environment, Findings
from alembic_vibe.adopt.modules import Modules
from alembic_vibe.adopt.tables import find_bases, find_models
from alembic_vibe.config_files import candidates, environments, ini_options, read_pyproject, table_of, toml_options
from alembic_vibe.config_paths import AlembicPaths
from alembic_vibe.config_rules import NO_ENVIRONMENT, PYPROJECT, TABLE, refusal
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.lint.chain import read_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.lint.chain import Chain

PRE_COMMIT = ".pre-commit-config.yaml"
_MAIN = "alembic"
_HASH = set("0123456789abcdef")
_HASH_LENGTH = range(8, 41)
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist"}
_SHOWN = 5  # names in a note
_DEEPEST = 6  # folders below the project's, where an environment without a configuration is looked for


def discover(config: Path | None, cwd: Path) -> Findings:
    """Find out what a project has.

    Args:
        config: What ``-c`` names: an ini file or a ``pyproject.toml``; ``None`` searches as Alembic does, and then
            for an env.py with revisions beside it in the folders below.
        cwd: The folder that relative paths start from.

    Raises:
        ConfigurationError: There is no Alembic environment, or its configuration cannot be read.
    """
    cwd = cwd.resolve()
    ini, pyproject = candidates(config, cwd)
    root = (pyproject or ini or cwd / PYPROJECT).parent
    here = (ini or pyproject or cwd / PYPROJECT).parent
    _, document = read_pyproject(pyproject, root)
    found = [
        _configured(section, options, ini, pyproject, _Folders(root, here, cwd))
        for section, options in _sections(ini, document, root)
    ]
    if not found and config is None:
        found = list(_below(cwd, root))
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
    )


class _Folders:
    """The folders that paths are counted from: the project's, that of the configuration, the current one."""

    def __init__(self, root: Path, here: Path, cwd: Path) -> None:
        self.root, self.here, self.cwd = root, here, cwd


def _sections(ini: Path | None, document: Mapping[str, object], root: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the sections that configure an environment; pyproject.toml stands behind the main one, as in Alembic."""
    shared = toml_options(document, root)
    main = {**shared, **ini_options(ini, root, _MAIN)}
    if "script_location" in main:
        yield _MAIN, main
    for section in environments(ini, root):
        options = ini_options(ini, root, section)
        # A value of [DEFAULT] is in every section, of loggers as well.
        if section != _MAIN and options["script_location"] != ini_options(ini, root, "DEFAULT").get("script_location"):
            yield section, options


def _configured(
    section: str, options: Mapping[str, str], ini: Path | None, pyproject: Path | None, folders: _Folders
) -> Environment:
    places = AlembicPaths(options, folders.here, folders.cwd, folders.root, anywhere=True)
    notes: tuple[str, ...] = ()
    try:
        scripts = places.scripts()
        versions = places.versions(scripts)
    except ConfigurationError as error:
        scripts = folders.here / options["script_location"]
        versions, notes = (), tuple(diagnostic.message for diagnostic in error.diagnostics)
    environment = Environment(
        section=section,
        ini=ini,
        pyproject=pyproject,
        script_location=scripts,
        version_locations=versions,
        recursive=options.get("recursive_version_locations", "").lower() == "true",
        file_template=options.get("file_template", ""),
        env_py=scripts / "env.py" if (scripts / "env.py").is_file() else None,
        notes=notes,
    )
    return _complete(environment, options, folders.root, [*places.search_path(), folders.here, folders.cwd])


def _bare(scripts: Path, root: Path) -> Environment:
    """Return an environment without a configuration, such as that of an installed package."""
    environment = Environment(
        section=_MAIN,
        ini=None,
        pyproject=None,
        script_location=scripts,
        version_locations=(scripts / "versions",),
        recursive=False,
        file_template="",
        env_py=scripts / "env.py",
        notes=("no configuration names this environment; the project may make it in its code",),
    )
    return _complete(environment, {}, root, [])


def _complete(environment: Environment, options: Mapping[str, str], root: Path, search: Sequence[Path]) -> Environment:
    """Add what env.py, the models and the revisions tell."""
    environment = _with_folders(environment)
    chain = read_chain(environment.version_locations, root, recursive=environment.recursive)
    environment = replace(
        environment,
        heads=tuple(revision.id for revision in chain.heads),
        branch_labels=tuple(sorted({label for revision in chain.revisions for label in revision.branch_labels})),
        revisions=len(chain.revisions),
        ids=_ids(chain),
    )
    if environment.env_py is None:
        missing = f"{environment.script_location} has no env.py"
        return replace(environment, notes=(*environment.notes, missing))
    modules = Modules([*search, root, root / "src", *_package_parents(environment.script_location)])
    reading = read_env(environment.env_py, _shown(environment.env_py, root), modules, options)
    inside = [root] if environment.script_location.is_relative_to(root) else [environment.script_location.parent]
    models = find_models(inside, modules, reading.origins, environment.version_locations)
    if not reading.origins:
        guessed = find_bases(inside, modules, environment.version_locations)
        if guessed is not None:
            origin, models = guessed
            note = f"taken to be {origin.module}.{origin.name}: no other base of the project has tables"
            reading = replace(reading, bases=(base_of(origin, modules),), notes=(*reading.notes, note))
    return replace(
        environment,
        style=reading.style,
        version_table=reading.version_table,
        version_schema=reading.version_schema,
        transaction_per_migration=reading.transaction_per_migration,
        lock_timeout=reading.lock_timeout,
        statement_timeout=reading.statement_timeout,
        plugins=reading.plugins,
        bases=reading.bases,
        models=models,
        dialects=reading.dialects,
        neighbours=reading.neighbours,
        notes=(*environment.notes, *reading.notes, *_trouble(chain)),
    )


def _with_folders(environment: Environment) -> Environment:
    """Say where the revisions are if the configuration does not: env.py can set version locations as well."""
    if environment.recursive or len(environment.version_locations) != 1:
        return environment
    versions = environment.version_locations[0]
    inner = sorted({path.parent for path in versions.glob("**/*.py") if path.name != "__init__.py"} - {versions})
    if not inner:
        return environment
    names = ", ".join(folder.relative_to(versions).as_posix() for folder in inner[:_SHOWN])
    names += " ..." if len(inner) > _SHOWN else ""
    note = f"no setting names the folders below {versions.name}/ that hold Python files: {names}"
    chosen = [folder for folder in inner if folder.name in {"postgresql", "postgres"}]
    if len(chosen) == 1 and not any(path.name != "__init__.py" for path in versions.glob("*.py")):
        note += f"; {chosen[0].name} is taken"
        environment = replace(environment, version_locations=(chosen[0],))
    return replace(environment, notes=(*environment.notes, note))


def _trouble(chain: Chain) -> Iterator[str]:
    """Yield what is wrong with the chain itself."""
    for missing in chain.unknown:
        yield f"{missing.revision.path.name} follows {missing.parent}, which no file has"
    for same in chain.duplicates:
        yield f"{len(same)} revisions have the id {same[0].id}"
    if chain.cycles:
        yield f"{len(chain.cycles)} groups of revisions come before themselves"


def _ids(chain: Chain) -> str:
    """Return the style of the ids: that of all, or of nearly all where a few were made by hand."""
    ids = [revision.id for revision in chain.revisions if revision.id]
    if ids and all(found.isdigit() and len(found) not in _HASH_LENGTH for found in ids):
        return "number"
    hashes = sum(1 for found in ids if set(found) <= _HASH and len(found) in _HASH_LENGTH)
    return "hash" if not ids or hashes * 2 > len(ids) else "other"


def _below(cwd: Path, root: Path) -> Iterator[Environment]:
    """Yield the environments of the folders below: those that an ini names, then those without one."""
    inis, bare = _search(cwd)
    seen = set()
    for ini in inis:
        pyproject = root / PYPROJECT if (root / PYPROJECT).is_file() else None
        for section, options in _sections(ini, {}, root):
            environment = _configured(section, options, ini, pyproject, _Folders(root, ini.parent, cwd))
            seen.add(environment.script_location)
            if environment.env_py is not None or not bare:  # an ini may be a template of one
                yield environment
    for folder in bare:
        if folder not in seen:
            yield _bare(folder, root)


def _search(cwd: Path) -> tuple[list[Path], list[Path]]:
    """Return the ini files that configure Alembic, and the folders that hold an env.py and revisions, by path."""
    inis: list[Path] = []
    bare: list[Path] = []
    for folder, folders, names in os.walk(cwd):
        here = Path(folder)
        depth = len(here.relative_to(cwd).parts)
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


def _package_parents(folder: Path) -> Iterator[Path]:
    """Yield the folders that a package around the scripts is imported from."""
    for parent in folder.parents:
        if (parent / "__init__.py").is_file() and not (parent.parent / "__init__.py").is_file():
            yield parent.parent
            return
        if str(parent) in sys.path:
            return


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
