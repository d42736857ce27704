"""From a specification to a migrated database, on the sample project and on public schemas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.corpus.corpus import PACKAGES, CorpusUnavailableError, corpus_spec
from tests.acceptance.journey import Project, empty_schema, expected_schema, new_project
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

SAMPLE = Path(__file__).parents[2] / "sample_project" / "docs" / "06-technical-specification.md"
SAMPLE_ROLES = ("app_admin", "app_rw", "app_ro")

pytestmark = pytest.mark.server


@dataclass(frozen=True)
class Migrated:
    """A project after ``generate``, what its schema should be, and a database that is at the head."""

    project: Project
    expected: frozenset[str]
    database: str


@pytest.fixture(scope="module", params=["sample_project", *(package.name for package in PACKAGES)])
def migrated(
    request: pytest.FixtureRequest, server: ScratchServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Migrated]:
    """One project for each specification; generating is the expensive part."""
    folder = tmp_path_factory.mktemp(request.param)
    markdown = SAMPLE
    roles: tuple[str, ...] = SAMPLE_ROLES
    extensions: tuple[str, ...] = ("btree_gist",)
    if request.param != "sample_project":
        package = next(package for package in PACKAGES if package.name == request.param)
        try:
            markdown, roles, extensions = corpus_spec(package, folder).markdown, (), ()
        except CorpusUnavailableError as error:
            pytest.skip(str(error))
    expected = expected_schema(server, markdown, roles, extensions)
    project = new_project(folder / "project", markdown, server)
    project.run("alembic-vibe", "generate")
    server.forget_roles(roles)
    database = server.create_database()
    project.run("alembic", "upgrade", "head", database=database)
    yield Migrated(project, expected, database)
    server.drop_database(database)
    server.reset_roles()


def test_the_migrated_database_is_what_the_specification_says(migrated: Migrated) -> None:
    actual = schema_statements(pg_dump(migrated.project.server, migrated.database))
    assert difference(migrated.expected, actual) == ""


def test_models_and_database_agree(migrated: Migrated) -> None:
    migrated.project.run("alembic", "check", database=migrated.database)


def test_a_second_run_writes_nothing(migrated: Migrated) -> None:
    before = migrated.project.files()
    migrated.project.run("alembic-vibe", "generate", "--check")
    migrated.project.run("alembic-vibe", "generate")
    assert migrated.project.files() == before


def test_the_downgrade_leaves_nothing(migrated: Migrated) -> None:
    server = migrated.project.server
    database = server.create_database()
    migrated.project.run("alembic", "upgrade", "head", database=database)
    migrated.project.run("alembic", "downgrade", "base", database=database)
    actual = schema_statements(pg_dump(server, database))
    server.drop_database(database)
    assert difference(empty_schema(server), actual) == ""
