"""What is found in an existing project, and what would be changed in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Style(StrEnum):
    """How an env.py reaches the database."""

    SYNC = "sync"
    ASYNC = "async"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Place:
    """A line of a file of the project; ``line`` counts from 1, 0 is the file as a whole."""

    path: Path
    line: int = 0


@dataclass(frozen=True)
class Base:
    """A declarative base (or a bare ``MetaData``) that env.py compares the database with.

    ``module`` is its dotted name (``shop.db.base``), ``name`` the attribute (``Base`` or ``metadata``).
    ``naming_convention`` is what its metadata says, empty where it says nothing or it cannot be read.
    """

    module: str
    name: str
    place: Place
    naming_convention: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Models:
    """The modules that define tables of one base: ``files`` in the order of their paths."""

    files: tuple[Path, ...] = ()
    classes: int = 0
    tables: int = 0  # Table(...) calls, without a class
    doubtful: tuple[Path, ...] = ()  # modules whose classes have tables, and bases of another package only


@dataclass(frozen=True)
class Environment:
    """One Alembic environment: a section of the configuration with its scripts.

    A project with several ``[name]`` sections has several environments. All paths are absolute.
    """

    section: str  # "alembic" unless the configuration has named sections
    ini: Path | None
    pyproject: Path | None
    script_location: Path
    version_locations: tuple[Path, ...]
    recursive: bool
    file_template: str  # empty: Alembic's own default
    env_py: Path | None
    style: Style = Style.UNKNOWN
    version_table: str = "alembic_version"
    version_schema: str = ""
    transaction_per_migration: bool = False
    lock_timeout: bool = False  # env.py or the configuration sets one
    statement_timeout: bool = False
    plugins: tuple[str, ...] = ()  # autogenerate_plugins of context.configure()
    bases: tuple[Base, ...] = ()
    models: Models = Models()
    heads: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    revisions: int = 0
    ids: str = "hash"  # "number" where all ids are digits, "other" where they are neither
    dialects: tuple[str, ...] = ()  # what the configuration's URL and env.py name: ("postgresql",), ("sqlite",)
    neighbours: tuple[str, ...] = ()  # packages that env.py or the models use: alembic_utils, sqlmodel …
    notes: tuple[str, ...] = ()  # what could not be found out, and why
    transaction_known: bool = True  # False: env.py leaves ``transaction_per_migration`` to what happens
    databases: tuple[str, ...] = ()  # ``databases = …`` of Alembic's multidb template: one chain for several


@dataclass(frozen=True)
class Findings:
    """What is known of a project before anything is changed."""

    root: Path
    environments: tuple[Environment, ...]
    has_git: bool
    pre_commit: Path | None  # .pre-commit-config.yaml
    settings: bool  # pyproject.toml has [tool.alembic-vibe] already
    notes: tuple[str, ...] = ()  # what was passed over, and why


@dataclass(frozen=True)
class Edit:
    """A file as it would be: ``before`` is ``None`` for a new file; ``why`` is said above its diff."""

    path: Path
    before: str | None
    after: str
    why: tuple[str, ...] = ()
