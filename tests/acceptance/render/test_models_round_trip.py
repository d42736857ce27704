"""DDL → facts → models → ``create_all`` → the same facts; Alembic and the type checker agree with the models."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.facts import Composite, Constraint, Domain, Enum, Extension, Index, Range, Sequence, Table
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.render.models import ModelSection, render_models

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server
COMPARED = (Table, Constraint, Index, Sequence, Enum, Domain, Composite, Range, Extension)

# Runs in a process of its own: the models are a package that is imported once.
CHECK = """
import json, sys, warnings
import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers
warnings.simplefilter("error", sa.exc.SAWarning)
from shop.models import Base
configure_mappers()
warnings.simplefilter("ignore")
for url in sys.argv[1:2]:
    engine = sa.create_engine(url)
    Base.metadata.create_all(engine)
    Base.metadata.create_all(engine)
    engine.dispose()
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
def keep(name, kind, parents):
    return not (kind == "table" and name == "events_2024")
found = []
for url in sys.argv[1:]:
    for defaults in (False, True):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            options = {"compare_server_default": defaults, "include_schemas": True, "include_name": keep}
            context = MigrationContext.configure(connection, opts=options)
            for difference in compare_metadata(context, Base.metadata):
                first = difference[0] if isinstance(difference, list) else difference
                found.append([defaults, [str(part) for part in first[:4]]])
        engine.dispose()
print(json.dumps(found))
"""


@pytest.fixture
def project(wide: Catalog, tmp_path: Path) -> Path:
    """A package with the models of the wide schema in three modules that need each other."""
    tables = [table.key for table in wide.of_type(Table)]
    sections = [ModelSection(f"part_{i}", f"Part {i}", tuple(tables[i::3])) for i in range(3)]
    (tmp_path / "shop" / "models").mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").touch()
    for path, text in render_models(wide, sections, "shop").items():
        (tmp_path / "shop" / path).write_text(text, encoding="utf-8")
    return tmp_path


def expected_fact(fact: Fact) -> Fact:
    """An heir declares the columns that it inherits, so that queries know them: nothing else may differ."""
    if isinstance(fact, Table) and fact.inherits:
        return replace(fact, columns=tuple(replace(column, inherited=False) for column in fact.columns))
    return fact


def test_create_all_makes_the_same_facts(
    server: ScratchServer, database: str, other: str, wide: Catalog, project: Path
) -> None:
    urls = [server.sqlalchemy_url(other), server.sqlalchemy_url(database)]
    done = subprocess.run(
        [sys.executable, "-c", CHECK, *urls], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with server.connect(other) as connection:
        made = read_catalog(connection).catalog
    expected = {key: expected_fact(fact) for key, fact in wide.facts.items() if isinstance(fact, COMPARED)}
    assert {key: fact for key, fact in made.facts.items() if isinstance(fact, COMPARED)} == expected

    differences = json.loads(done.stdout)
    assert [parts for defaults, parts in differences if not defaults] == []
    # Alembic takes the default of a serial column away, and a domain's default for the column's own.
    known = {("serials", "other"), ("serials", "big"), ("users", "amt"), ("invoices", "total")}
    assert {(parts[2], parts[3]) for _, parts in differences} <= known


@pytest.mark.parametrize(
    "command",
    [
        ("mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null", "shop"),
        ("ruff", "check", "--isolated", "--extend-select=I,UP", "shop"),
        ("ruff", "format", "--isolated", "--check", "shop"),
    ],
    ids=["mypy", "ruff check", "ruff format"],
)
def test_the_models_please_the_tools_of_the_project(project: Path, command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
