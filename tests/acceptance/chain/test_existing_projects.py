"""``generate`` on top of a chain that people wrote: what it adds and leaves alone, and where its state comes from."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest

from alembic_vibe import pipeline
from alembic_vibe.config import load_project
from alembic_vibe.diagnostics import EnvironmentFailureError
from alembic_vibe.history.chain import Chain
from alembic_vibe.postgres.connect import open_read_only
from alembic_vibe.results import GenerateOptions
from alembic_vibe.roundtrip import MigrationRunner
from tests.acceptance.chain.existing import INI, SPEC, write_existing
from tests.acceptance.pgdump import pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.results import GenerateResult

pytestmark = pytest.mark.server

CHANGED = SPEC.replace("    amount integer NOT NULL\n", "    amount integer NOT NULL,\n    tags jsonb\n")
FIRST = "backend/db/versions/2023_shop_001_begin.py"


@dataclass(frozen=True)
class Run:
    """A project in a folder, and the server that it is compiled on."""

    folder: Path
    server: ScratchServer

    def generate(self, spec: str = SPEC, *, database: str = "", prove: bool = True) -> GenerateResult:
        (self.folder / "docs/spec.md").write_text(spec, encoding="utf-8")
        project = load_project(None, self.folder)
        options = GenerateOptions(
            scratch_url=self.server.url("postgres"),
            database_url=self.server.url(database) if database else None,
            prove=prove,
        )
        return pipeline.generate(project, project.spec, options)

    def files(self) -> dict[str, str]:
        found = (path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(self.folder).as_posix(): path.read_text(encoding="utf-8") for path in found}

    def break_chain(self) -> None:
        path = self.folder / FIRST
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("def upgrade():", 'def upgrade():\n    op.drop_table("made_elsewhere")'))


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory, server: ScratchServer) -> tuple[Run, GenerateResult]:
    run = Run(write_existing(tmp_path_factory.mktemp("adopted") / "shop"), server)
    return run, run.generate()


@pytest.fixture
def run(adopted: tuple[Run, GenerateResult], tmp_path: Path) -> Run:
    """A copy of the project, after the first run."""
    done, _ = adopted
    shutil.copytree(done.folder, tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "shop/alembic.ini").write_text(INI.format(hook=tmp_path / "shop/hook.sh"), encoding="utf-8")
    return Run(tmp_path / "shop", done.server)


@pytest.fixture(scope="module")
def migrated(adopted: tuple[Run, GenerateResult], server: ScratchServer) -> str:
    """A database at the head of the chain."""
    folder = adopted[0].folder
    name = server.create_database()
    with Chain(folder, "shop") as chain:
        chain.open(folder / "alembic.ini", None)
        chain.upgrade("head", server.sqlalchemy_url(name))
    return name


@pytest.fixture
def copy(migrated: str, server: ScratchServer) -> Iterator[str]:
    """A copy of it."""
    name = server.create_database(template=migrated)
    yield name
    server.drop_database(name)


def test_the_first_run_plans_nothing(adopted: tuple[Run, GenerateResult]) -> None:
    done, result = adopted
    assert result.revisions == ()
    assert result.pending == ()
    owned = json.loads(done.files()["backend/db/vibe_snapshot.json"])
    assert owned["head"] == "shop_002"
    assert "orders" in str(owned["objects"])
    assert "import_log" not in str(owned["objects"])
    assert "legacy_code" not in str(owned["objects"])
    left = next(found for found in result.diagnostics if found.code == "AV832")
    assert "customers.legacy_code, import_log" in left.message
    assert not re.search(r"shop_versions|\bops\b", str(owned["objects"]) + left.message)


def test_a_revision_is_written_in_the_style_of_the_project(run: Run) -> None:
    before = run.files()
    result = run.generate(CHANGED)
    path = "backend/db/later/2026_shop_003_expand_orders_tags.py"
    shown = re.sub(r"/\d{4}_", "/2026_", result.revisions[0].path)
    after = run.files()
    assert (shown, len(result.revisions)) == (path, 1)
    text = after[result.revisions[0].path]
    assert text.startswith('# Copyright Shop Ltd.\n"""Migration: expand orders.tags.\n\nSection 5.3')
    assert "Phase:           expand" in text
    assert "import sqlalchemy as sa\nfrom sqlalchemy.dialects import postgresql\n" in text
    assert "revision = 'shop_003'\ndown_revision = 'shop_002'\nbranch_labels = None\n" in text
    assert text.endswith("# formatted\n")  # the project's hook, on the text as it stays
    assert any("without a trace" in line for line in result.proof)
    ours = {name for name in after if after[name] != before.get(name)}
    assert {name for name in ours if not name.startswith("backend/shop/models/")} == {
        "docs/spec.md",
        "backend/db/vibe_snapshot.json",
        result.revisions[0].path,
    }


def test_the_snapshot_stands_in_for_a_chain_that_cannot_be_replayed(run: Run) -> None:
    run.break_chain()
    result = run.generate(CHANGED)
    told = next(found for found in result.diagnostics if found.code == "AV813")
    assert f"{FIRST}:" in told.message
    assert "made_elsewhere" in told.message
    assert [found.revision for found in result.revisions] == ["shop_003"]
    assert any("without a trace" in line for line in result.proof)


def test_without_env_py_the_revisions_are_proven_all_the_same(run: Run) -> None:
    """What the chain makes is known from an earlier run, so only the proof finds out."""
    (run.folder / "backend/shop/settings.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    result = run.generate(CHANGED)
    told = {found.code: found for found in result.diagnostics}
    assert {"AV813", "AV817"} <= told.keys()
    assert (told["AV817"].shown_path, told["AV817"].line) == ("backend/shop/settings.py", 1)
    assert any("without a trace" in line for line in result.proof)


def test_a_staging_copy_is_read_and_left_as_it_is(run: Run, copy: str) -> None:
    run.break_chain()
    (run.folder / "backend/db/vibe_snapshot.json").unlink()
    with run.server.connect(copy) as connection:
        connection.execute("CREATE VIEW by_hand AS SELECT id, amount FROM orders")
        connection.execute('CREATE COLLATION nobody_makes FROM "C"')
    before = schema_statements(pg_dump(run.server, copy))
    result = run.generate(CHANGED, database=copy, prove=False)
    assert schema_statements(pg_dump(run.server, copy)) == before
    told = {found.code: found.message for found in result.diagnostics}
    assert "revision shop_002" in told["AV815"]
    assert "nobody_makes" in told["AV816"]
    assert "by_hand" in told["AV832"]
    assert [found.revision for found in result.revisions] == ["shop_003"]


def test_a_copy_at_another_revision_is_refused(run: Run, copy: str) -> None:
    with run.server.connect(copy) as connection:
        connection.execute("UPDATE ops.shop_versions SET version_num = 'shop_001'")
    with pytest.raises(EnvironmentFailureError) as caught:
        run.generate(CHANGED, database=copy)
    found = caught.value.diagnostics[0]
    assert found.code == "AV814"
    assert "shop_002" in found.message
    assert "ops.shop_versions says shop_001" in found.message


def test_what_the_specification_has_must_be_there_to_be_proven(run: Run, copy: str) -> None:
    with run.server.connect(copy) as connection:
        connection.execute('CREATE COLLATION nobody_makes FROM "C"')
        connection.execute("ALTER TABLE customers ALTER COLUMN email TYPE text COLLATE nobody_makes")
    with pytest.raises(EnvironmentFailureError) as caught:
        run.generate(CHANGED, database=copy)
    found = caught.value.diagnostics[0]
    assert (found.code, found.severity) == ("AV816", "error")
    assert "customers" in found.message


@pytest.mark.parametrize("statement", ["CREATE TABLE t ()", "SET TRANSACTION READ WRITE"])
def test_nothing_can_be_written_to_a_copy(server: ScratchServer, database: str, statement: str) -> None:
    with open_read_only(server.sqlalchemy_url(database)) as connection:
        assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        assert connection.execute("SHOW transaction_isolation").fetchone() == ("repeatable read",)
        with pytest.raises(psycopg.Error):
            connection.execute(statement.encode())


def test_its_rollback_tests_leave_its_own_database_alone(
    adopted: tuple[Run, GenerateResult], server: ScratchServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """env.py would connect to a host that does not exist; the section, the version table and its schema are its own."""
    monkeypatch.setenv("PGAPPNAME", "mine")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    migrations = MigrationRunner(server, server.create_database(), adopted[0].folder / "alembic.ini")
    trip = migrations.round_trip("shop_002")
    assert (trip.failure, trip.left_behind, trip.changed_again, trip.lost_rows) == ("", [], [], [])
    assert os.environ["PGAPPNAME"] == "mine"
    assert "DATABASE_URL" not in os.environ
    with psycopg.connect(server.url("postgres")) as connection:  # and nothing is led any more
        assert connection.info.dbname == "postgres"
