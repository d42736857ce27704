"""What the hook writes does the same as what Alembic writes, can be undone, and gives the linter nothing to say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import yaml

from alembic_vibe.autogenerate.directives import safe_directives
from tests.acceptance.directives.project import Place, models, title
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases/directives/safe.yaml").read_text("utf-8")
)
pytestmark = pytest.mark.server


@pytest.fixture
def wanted(server: ScratchServer, tmp_path: Path) -> Iterator[frozenset[str]]:
    """What Alembic's own revision makes; it cannot always be undone, so it has a database of its own."""
    name = server.create_database()
    place = _before(tmp_path / "plain", server.url(name))
    place.metadata = models(*(case["after"] for case in CASES))
    place.revise("0002")
    place.upgrade()
    yield schema_statements(pg_dump(server, name))
    server.drop_database(name)


def _before(folder: Path, url: str) -> Place:
    place = Place(folder, url)
    with place.engine.begin() as connection:
        connection.execute(sa.text('CREATE SCHEMA "Shop"'))
    place.metadata = models(*(case["before"] for case in CASES))
    place.revise("0001")
    place.upgrade()
    return place


def test_all_cases(server: ScratchServer, database: str, wanted: frozenset[str], tmp_path: Path) -> None:
    place = _before(tmp_path / "safe", server.url(database))
    before = schema_statements(pg_dump(server, database))
    place.metadata = models(*(case["after"] for case in CASES))
    place.hook = safe_directives
    files = place.revise("0002")
    place.upgrade()
    assert not difference(wanted, schema_statements(pg_dump(server, database)))
    place.check()
    titles = [title(file) for file in files]
    for case in CASES:
        assert [one for one in titles if one in case["revisions"]] == case["revisions"], case["name"]
    told = sorted({f"{one.rule}: {one.message}" for one in place.lint(files).diagnostics})
    expected = [line for case in CASES for line in case.get("lint", [])]
    assert [one for one in told if not any(one.startswith(line) for line in expected)] == []
    assert [line for line in expected if not any(one.startswith(line) for one in told)] == []
    place.downgrade("0001")
    assert not difference(before, schema_statements(pg_dump(server, database)))
    place.upgrade()
