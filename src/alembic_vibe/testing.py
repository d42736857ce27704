"""pytest plugin: the fixtures that rollback tests of a project use.

It is loaded in every pytest run of an environment that has alembic-vibe, so this module imports nothing but pytest and
the standard library; everything else is imported when a fixture is used.

Fixtures:
    migration_server: A PostgreSQL for the session: the embedded one, or that of ``TEST_DATABASE_URL``.
    migration_database: The name of an empty database of its own on it, gone afterwards.
    migrations: A :class:`~alembic_vibe.roundtrip.MigrationRunner` for the project's Alembic chain.
    migration_revision: Every revision of the chain in turn; parametrises the test.
    constraints: A :class:`~alembic_vibe.data.edges.checking.ConstraintRunner` on a database at the end of the chain.
    accepted_row, rejected_row: Every row of ``seeds/test`` in turn; parametrise the test.

The project is found by ``ALEMBIC_CONFIG``, the ini option ``alembic_config``, or ``alembic.ini`` or ``[tool.alembic]``
in ``pyproject.toml`` beside the tests or in a folder above them.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.data.edges.checking import ConstraintRunner as ConstraintRunner  # for the annotations of
    from alembic_vibe.data.edges.checking import TestRow as TestRow  # generated tests
    from alembic_vibe.data.edges.model import TableCases
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.roundtrip import MigrationRunner as MigrationRunner

_EXTENSION = re.compile(r"CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?\\?\"?([\w-]+)", re.IGNORECASE)


def find_config(start: Path, named: str = "") -> Path | None:
    """Find the file that configures Alembic: the named one, else in ``start`` or a folder above it."""
    if named:
        path = Path(named)
        return path if path.is_file() else None
    for folder in (start, *start.parents):
        if (folder / "alembic.ini").is_file():
            return folder / "alembic.ini"
        project = folder / "pyproject.toml"
        if project.is_file():
            with contextlib.suppress(tomllib.TOMLDecodeError, UnicodeDecodeError):
                if "alembic" in tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {}):
                    return project
    return None


def _extensions(config_file: Path) -> set[str]:
    """Extensions that the revisions make: they decide which PostgreSQL is started."""
    from alembic_vibe.roundtrip import home_of, load_config, scripts_of

    with contextlib.chdir(home_of(config_file)):
        script = scripts_of(load_config(config_file, io.StringIO()))
        return {
            name
            for revision in script.walk_revisions()
            if revision.path
            for name in _EXTENSION.findall(Path(revision.path).read_text(encoding="utf-8", errors="replace"))
        }


# pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option that names the project."""
    parser.addini(
        "alembic_config", "alembic.ini or pyproject.toml of the project, for the migration fixtures", default=""
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give tests one run for each revision or row that they ask for, named after it."""
    for name in ("accepted_row", "rejected_row"):
        if {name, "constraints"} <= set(metafunc.fixturenames):  # the name alone could be a fixture of the project's
            _parametrize_rows(metafunc, name)
    if "migration_revision" not in metafunc.fixturenames:
        return
    from alembic_vibe.roundtrip import home_of, load_config, revision_ids, scripts_of

    path = _config_for(metafunc.config, metafunc.definition.path.parent)
    with contextlib.chdir(home_of(path)):
        script = scripts_of(load_config(path, io.StringIO()))
        revisions = revision_ids(script)
        # The file's name says more than a hash; it usually begins with the identifier.
        names = {
            revision.revision: Path(revision.path or revision.revision).stem for revision in script.walk_revisions()
        }
    metafunc.parametrize("migration_revision", revisions, ids=[names[revision] for revision in revisions])


def _parametrize_rows(metafunc: pytest.Metafunc, name: str) -> None:
    from alembic_vibe.data.edges.checking import rows_of

    path = _config_for(metafunc.config, metafunc.definition.path.parent)
    rows = rows_of(_test_data(path), accepted=name == "accepted_row")
    metafunc.parametrize(name, rows, ids=[str(row) for row in rows])


def _test_data(config_file: Path) -> list[TableCases]:
    from alembic_vibe.config import load_project
    from alembic_vibe.data.edges.files import read_test_data
    from alembic_vibe.diagnostics import ConfigurationError

    try:
        project = load_project(config_file, config_file.parent, require_environment=False, read_only=True)
        return read_test_data(project.seeds)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


def _config_for(config: pytest.Config, start: Path) -> Path:
    named = os.environ.get("ALEMBIC_CONFIG") or str(config.getini("alembic_config") or "")
    if named and not Path(named).is_absolute():
        named = str(config.rootpath / named)
    found = find_config(start, named)
    if found is None:
        raise pytest.UsageError(
            f"{named} does not exist"
            if named
            else f"neither alembic.ini nor [tool.alembic] found in {start} or above it"
        )
    return found


@pytest.fixture(scope="module")
def migration_config(request: pytest.FixtureRequest) -> Path:
    """The file that configures the project's Alembic."""
    return _config_for(request.config, request.path.parent)


@pytest.fixture(scope="module")
def migration_server(migration_config: Path) -> Iterator[ScratchServer]:
    """A server on which databases may be made: that of ``TEST_DATABASE_URL``, else the embedded PostgreSQL.

    The database that the address names is only used to connect: tests make their own, and drop them.
    """
    from alembic_vibe.diagnostics import EnvironmentFailureError
    from alembic_vibe.postgres.server import scratch_server

    with contextlib.ExitStack() as stack:
        try:
            url = os.environ.get("TEST_DATABASE_URL") or None
            server = stack.enter_context(scratch_server(url, extensions=_extensions(migration_config)))
        except EnvironmentFailureError as error:
            pytest.fail(str(error), pytrace=False)
        before = server.existing_roles()
        stack.callback(lambda: server.forget_roles(server.existing_roles() - before))
        yield server


@pytest.fixture(scope="module")
def migration_database(migration_server: ScratchServer) -> Iterator[str]:
    """The name of an empty database, made for these tests and dropped after them."""
    name = migration_server.create_database()
    yield name
    migration_server.drop_database(name)


@pytest.fixture(scope="module")
def migrations(migration_server: ScratchServer, migration_database: str, migration_config: Path) -> MigrationRunner:
    """The project's chain, ready to run."""
    from alembic_vibe.roundtrip import MigrationRunner

    return MigrationRunner(migration_server, migration_database, migration_config)


@pytest.fixture(scope="module")
def constraints(
    migrations: MigrationRunner, migration_server: ScratchServer, migration_config: Path
) -> Iterator[ConstraintRunner]:
    """What inserts rows into the schema that the specification describes: the chain with all that is pending."""
    from alembic_vibe.data.edges.checking import ConstraintRunner

    migrations.upgrade("heads")
    with migrations.finished() as database, migration_server.connect(database) as connection:
        yield ConstraintRunner(connection, _test_data(migration_config))
        connection.rollback()
