"""From a specification to a migrated database, on the sample project and on public schemas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.autogenerate.managed import ownerless
from alembic_vibe.catalog.bookkeeping import without_version_table
from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import compare
from alembic_vibe.postgres.introspect import read_catalog
from tests.acceptance.corpus.corpus import PACKAGES, CorpusUnavailableError, corpus_spec
from tests.acceptance.journey import Project, empty_schema, expected_schema, new_project
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

SAMPLE = Path(__file__).parents[2] / "sample_project" / "docs" / "06-technical-specification.md"
SAMPLE_ROLES = ("app_admin", "app_rw", "app_ro")

pytestmark = pytest.mark.server


CREATE_ALL = """
import sys
import sqlalchemy as sa
from product.models import Base
Base.metadata.create_all(sa.create_engine(sys.argv[1]))
"""
# What only its author's statement says, and whose objects they are, is the migrations' business.
NOT_CARRIED = {Kind.OTHER}


def carried(server: ScratchServer, database: str) -> Catalog:
    """Read what the models say, or what hangs on their metadata: all but a few kinds, and the owners."""
    with server.connect(database, autocommit=True) as connection:
        catalog = without_version_table(read_catalog(connection).catalog)
    return Catalog({key: fact for key, fact in ownerless(catalog).facts.items() if key.kind not in NOT_CARRIED})


@dataclass(frozen=True)
class Migrated:
    """A project after ``generate``, what its schema should be, and a database that is at the head."""

    project: Project
    expected: frozenset[str]
    database: str


# One worker for all tests of a specification: generating is the expensive part.
SPECS = [
    pytest.param(name, marks=pytest.mark.xdist_group(name))
    for name in ("sample_project", *(package.name for package in PACKAGES))
]


@pytest.fixture(scope="module", params=SPECS)
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


def test_create_all_makes_what_the_migrations_make(migrated: Migrated) -> None:
    """Code, policies, privileges and partitions hang on the metadata as well."""
    server = migrated.project.server
    database = server.create_database()
    made = migrated.project.python(CREATE_ALL, server.sqlalchemy_url(database))
    assert made.returncode == 0, made.stderr
    differences = [
        change.describe() for change in compare(carried(server, migrated.database), carried(server, database))
    ]
    server.drop_database(database)
    assert differences == []


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
