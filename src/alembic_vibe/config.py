"""Where a project keeps its things: the Alembic configuration, and ``[tool.alembic-vibe]`` of pyproject.toml.

Light on purpose: ``check`` must not pay for Alembic or SQLAlchemy just to find the spec. The rules of the search
(``-c``, then ``ALEMBIC_CONFIG``, then ``alembic.ini``, with ``[tool.alembic]`` of ``pyproject.toml`` behind the ini)
are those of ``alembic.config.CommandLine`` and ``Config.get_alembic_option`` in Alembic 1.20; older releases know
the ini only, which is the same search with one candidate less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.config_files import candidates, environments, ini_options, read_pyproject, table_of, toml_options
from alembic_vibe.config_paths import AlembicPaths
from alembic_vibe.config_rules import (
    BAD_SETTING,
    NO_ENVIRONMENT,
    NO_SECTION,
    OUTSIDE_PROJECT,
    PYPROJECT,
    TABLE,
    UNKNOWN_SETTING,
    refusal,
    shown,
)
from alembic_vibe.config_settings import DEFAULT_SPEC, SETTINGS, Setting, Settings, module_name, package_name
from alembic_vibe.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "BAD_SETTING",
    "DEFAULT_SPEC",
    "NO_ENVIRONMENT",
    "OUTSIDE_PROJECT",
    "PYPROJECT",
    "SETTINGS",
    "TABLE",
    "UNKNOWN_SETTING",
    "Project",
    "Setting",
    "load_project",
    "package_name",
    "read_pyproject",
]


@dataclass(frozen=True)
class Project:
    """The paths of one project, all absolute.

    ``ini`` and ``pyproject`` are what ``alembic.config.Config(file_, toml_file=)`` takes; each is ``None`` where
    there is no such file. ``models`` is a folder, or a single module (``app/models.py``).
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
    section: str = "alembic"  # of the ini, Alembic's -n
    home: Path | None = None  # the folder that Alembic is run in; None: the root
    search: tuple[Path, ...] = ()  # where modules may lie as well, behind everything else

    def shown(self, path: Path) -> str:
        """Return the path as people read it: relative to the root where it lies inside."""
        return shown(path, self.root)

    @property
    def models_module(self) -> str:
        """The dotted name of the models, such as ``shop.models``."""
        return module_name(self.models, self.root, self.import_paths)

    @property
    def has_models_file(self) -> bool:
        """Whether the models are one module, as opposed to a folder of them."""
        return self.models.suffix == ".py"


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
    ini, pyproject = candidates(config, cwd)
    root, here = (pyproject or ini or cwd / PYPROJECT).parent, (ini or pyproject or cwd / PYPROJECT).parent
    source, document = read_pyproject(pyproject, root)
    settings = Settings(source, table_of(document, "tool", TABLE), root)
    section = settings.text("section", "alembic")
    options = {**toml_options(document, root), **ini_options(ini, root, section)}
    has_environment = "script_location" in options
    if require_environment and not has_environment:
        if section != "alembic":
            raise _no_section(settings, section, ini, root)
        raise _no_environment(ini, pyproject, root)

    places = AlembicPaths(options, here, cwd, root, anywhere=read_only)
    scripts = places.scripts() if has_environment else root / "migrations"
    import_paths = tuple(places.search_path())
    package, package_dir = settings.package(import_paths)
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
        import_paths=import_paths,
        recursive=options.get("recursive_version_locations", "").lower() == "true",
        section=section,
        home=places.home(),
        search=tuple(dict.fromkeys((root, cwd))),
    )


def _no_environment(ini: Path | None, pyproject: Path | None, root: Path) -> ConfigurationError:
    found = ini or pyproject
    help_ = "Run this in the project's folder, name the file with `-c PATH`, or run `alembic-vibe init .` to begin."
    if found is None:
        message = "no Alembic environment here: neither alembic.ini nor [tool.alembic] in pyproject.toml"
        return refusal(NO_ENVIRONMENT, message, help=help_)
    message = f"{shown(found, root)} names no script_location, so there is no Alembic environment to write into"
    named = environments(ini, root)
    if named:
        message = f"{shown(found, root)} has no section [alembic], but {_sections(named)}"
        help_ = f'Say in pyproject.toml which one is meant: [tool.{TABLE}] section = "{named[0]}".'
    return refusal(NO_ENVIRONMENT, message, help=help_, path=shown(found, root))


def _no_section(settings: Settings, section: str, ini: Path | None, root: Path) -> ConfigurationError:
    where = shown(ini, root) if ini is not None else "the configuration"
    named = environments(ini, root)
    message = f"{where} has no section [{section}] with a script_location" + (f"; {_sections(named)}" if named else "")
    return ConfigurationError(settings.problem(NO_SECTION, "section", message, NO_SECTION.fix))


def _sections(names: list[str]) -> str:
    return f"{', '.join(f'[{name}]' for name in names)} {'has' if len(names) == 1 else 'have'} one"
