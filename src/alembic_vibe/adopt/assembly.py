"""One environment from its options: the configuration, its env.py, its models and its revisions together."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.adopt.environments import base_of, neighbours_in, read_env
from alembic_vibe.adopt.files import Files
from alembic_vibe.adopt.model import Environment
from alembic_vibe.adopt.modules import Modules
from alembic_vibe.adopt.tables import find_base, find_models
from alembic_vibe.config_files import ini_options
from alembic_vibe.config_paths import AlembicPaths
from alembic_vibe.config_rules import shown
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.lint.chain import read_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from alembic_vibe.adopt.model import Models
    from alembic_vibe.lint.chain import Chain

_HASH = set("0123456789abcdef")
_HASH_LENGTH = range(8, 41)
_NAMED = 3  # folders that a remark names


@dataclass(frozen=True)
class Folders:
    """The folders that paths are counted from: the project's, that of the configuration, the current one."""

    root: Path
    here: Path
    cwd: Path


class Assembly:
    """Puts environments together; files that several of them use are read once."""

    def __init__(self, pyproject: Path | None) -> None:
        """Take the project's pyproject.toml."""
        self._pyproject = pyproject
        self._files = Files()

    def configured(self, section: str, options: Mapping[str, str], ini: Path | None, folders: Folders) -> Environment:
        """Return the environment that a section of the configuration describes."""
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
            pyproject=self._pyproject,
            script_location=scripts,
            version_locations=versions,
            recursive=options.get("recursive_version_locations", "").lower() == "true",
            file_template=options.get("file_template", ""),
            env_py=scripts / "env.py" if (scripts / "env.py").is_file() else None,
            databases=tuple(name.strip() for name in options.get("databases", "").split(",") if name.strip()),
            notes=notes,
        )
        return self._complete(environment, options, folders.root, [*places.search_path(), folders.here, folders.cwd])

    def bare(self, scripts: Path, root: Path, ini: Path | None = None) -> Environment:
        """Return an environment that no configuration names, such as that of a package or of Flask-Migrate.

        Args:
            scripts: The folder with the env.py.
            root: The project.
            ini: An ini that lies beside env.py, and leaves the script location to the code that uses it.
        """
        options = ini_options(ini, root)
        environment = Environment(
            section="alembic",
            ini=ini,
            pyproject=None,
            script_location=scripts,
            version_locations=(scripts / "versions",),
            recursive=False,
            file_template=options.get("file_template", ""),
            env_py=scripts / "env.py",
            notes=("no configuration names this environment; the project may make it in its code",),
        )
        return self._complete(environment, options, root, [])

    def _complete(
        self, environment: Environment, options: Mapping[str, str], root: Path, search: Sequence[Path]
    ) -> Environment:
        """Add what env.py, the models and the revisions tell."""
        environment = _with_folders(environment, root)
        chain = read_chain(environment.version_locations, root, recursive=environment.recursive)
        environment = replace(
            environment,
            heads=tuple(revision.id for revision in chain.heads),
            branch_labels=tuple(sorted({label for revision in chain.revisions for label in revision.branch_labels})),
            revisions=len(chain.revisions),
            ids=_ids(chain),
            notes=(*environment.notes, *_trouble(chain)),
        )
        if environment.env_py is None:
            missing = f"{environment.script_location} has no env.py"
            return replace(environment, notes=(*environment.notes, missing))
        places = [*search, root, root / "src", *_package_parents(environment.script_location)]
        modules = Modules(places, self._files)
        reading = read_env(environment.env_py, shown(environment.env_py, root), modules, options)
        inside = [root] if environment.script_location.is_relative_to(root) else [environment.script_location.parent]
        origins = reading.origins
        if not origins:
            guessed = find_base(inside, modules, environment.version_locations)
            if guessed is not None:
                origins, base = (guessed,), base_of(guessed, modules, environment.env_py)
                note = f"taken to be {base.module}.{base.name}: no other base of the project has tables"
                reading = replace(reading, bases=(base,), notes=(*reading.notes, note))
        models = find_models(inside, modules, origins, environment.version_locations)
        return replace(
            environment,
            style=reading.style,
            version_table=reading.version_table,
            version_schema=reading.version_schema,
            transaction_per_migration=bool(reading.transaction_per_migration),
            transaction_known=reading.transaction_per_migration is not None,
            lock_timeout=reading.lock_timeout,
            statement_timeout=reading.statement_timeout,
            plugins=reading.plugins,
            bases=reading.bases,
            models=models,
            dialects=reading.dialects,
            neighbours=tuple(dict.fromkeys([*reading.neighbours, *_imported(models)])),
            notes=(*environment.notes, *reading.notes),
        )


def _imported(models: Models) -> Iterator[str]:
    """Yield the neighbours that the models use: their types, or their way to declare."""
    for path in models.files:
        yield from neighbours_in(path.read_text(encoding="utf-8", errors="replace"))


def _trouble(chain: Chain) -> Iterator[str]:
    """Yield what is wrong with the chain itself."""
    for missing in chain.unknown:
        yield f"{missing.revision.path.name} follows {missing.parent}, which no file has"
    for same in chain.duplicates:
        yield f"{len(same)} revisions have the id {same[0].id}"
    if chain.cycles:
        yield f"{len(chain.cycles)} groups of revisions come before themselves"


def _with_folders(environment: Environment, root: Path) -> Environment:
    """Say what lies below the version locations and is not searched; Alembic does so only where it is told.

    A project can tell it in its code. Where all revisions are in such folders, and one of them is PostgreSQL's, that
    one is taken.
    """
    if environment.recursive:
        return environment
    inner: dict[Path, int] = {}
    for location in environment.version_locations:
        for path in sorted(location.glob("*/**/*.py")):
            if path.parent not in environment.version_locations and b"down_revision" in path.read_bytes():
                inner[path.parent] = inner.get(path.parent, 0) + 1
    if not inner:
        return environment
    names = ", ".join(shown(folder, root) for folder in list(inner)[:_NAMED]) + (", …" if len(inner) > _NAMED else "")
    note = f"{sum(inner.values())} revisions lie in folders that the configuration does not name ({names})"
    chosen = [folder for folder in inner if folder.name in {"postgresql", "postgres"}]
    if len(chosen) == 1 and not any(b"down_revision" in path.read_bytes() for path in _direct(environment)):
        environment = replace(environment, version_locations=(chosen[0],))
        note = f"{note}; {shown(chosen[0], root)} is taken"
    return replace(environment, notes=(*environment.notes, note))


def _direct(environment: Environment) -> Iterator[Path]:
    """Yield the Python files that lie in the version locations themselves."""
    for location in environment.version_locations:
        yield from location.glob("*.py")


def _ids(chain: Chain) -> str:
    """Return the style of the ids: that of all, or of nearly all where a few were made by hand."""
    ids = [revision.id for revision in chain.revisions if revision.id]
    if ids and all(found.isdigit() and len(found) not in _HASH_LENGTH for found in ids):
        return "number"
    hashes = sum(1 for found in ids if set(found) <= _HASH and len(found) in _HASH_LENGTH)
    return "hash" if not ids or hashes * 2 > len(ids) else "other"


def _package_parents(folder: Path) -> Iterator[Path]:
    """Yield the folders that a package around the scripts is imported from."""
    for parent in folder.parents:
        if (parent / "__init__.py").is_file() and not (parent.parent / "__init__.py").is_file():
            yield parent.parent
            return
        if str(parent) in sys.path:
            return
