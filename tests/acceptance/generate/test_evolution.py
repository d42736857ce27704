"""The life of a small project: its specification changes, and every phase is written, run, proven and cleaned up."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.acceptance.generate.test_generate import Answer, revisions, start, vibe, write
from tests.acceptance.journey import Project
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

SPEC = """\
# Product

## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+

### 5.3 Core System Tables
```sql
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    nickname text
);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    status text NOT NULL,
    amount integer NOT NULL
);
CREATE INDEX orders_user_id_idx ON orders (user_id);
```
"""
CHANGED = (
    SPEC.replace("    nickname text\n", "    visits integer\n")
    .replace("amount integer NOT NULL", "amount bigint NOT NULL")
    .replace("ON orders (user_id);", "ON orders (user_id);\nCREATE INDEX orders_status_idx ON orders (status);")
)
ROWS = (
    "INSERT INTO users (email) SELECT 'user ' || n FROM generate_series(1, 20) AS n",
    "INSERT INTO orders (user_id, status, amount) SELECT id, 'new', id FROM users",
)


class Life:
    """A project and the database that it is deployed to."""

    def __init__(self, project: Project, database: str) -> None:
        self.project = project
        self.database = database

    def vibe(self, *arguments: str, code: int = 0) -> Answer:
        """Run a command, and expect an answer."""
        answer = vibe(self.project, *arguments)
        assert answer.code == code, f"{arguments}: {answer.code}\n{answer.out}\n{answer.err}"
        return answer

    def generate(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """Run ``generate`` without the proof."""
        return self.vibe("generate", "--no-prove", "--format", "json", *arguments, code=code).json

    def alembic(self, *arguments: str, code: int = 0) -> str:
        """Run Alembic on the database."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        environment["DATABASE_URL"] = self.project.server.url(self.database)
        done = run_program(("alembic", *arguments), self.project.folder, environment)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def own_tests(self) -> None:
        """Run the migration tests that the project has got."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DATABASE_URL"))}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/migrations"]
        done = subprocess.run(
            command, cwd=self.project.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def query(self, sql: str) -> list[Any]:
        """Return the first values of the rows of a query."""
        with self.project.server.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return [row[0] for row in cursor.fetchall()] if cursor.description else []

    def left(self) -> list[str]:
        """Return everything in the database whose name, or whose schema's, is one of the product's own."""
        return self.query(
            "SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^vibe' "
            "UNION ALL SELECT relname::text FROM pg_class WHERE relname ~ '^vibe_' "
            "UNION ALL SELECT attname::text FROM pg_attribute WHERE attname ~ '^vibe_' AND NOT attisdropped "
            "UNION ALL SELECT conname::text FROM pg_constraint WHERE conname ~ '^vibe_' "
            "UNION ALL SELECT tgname::text FROM pg_trigger WHERE tgname ~ '^vibe_' "
            "UNION ALL SELECT proname::text FROM pg_proc WHERE proname ~ '^vibe_'"
        )

    def edit(self, old: str, new: str) -> None:
        """Change the specification."""
        path = self.project.folder / "docs" / "06-technical-specification.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        write(self.project, text.replace(old, new))


@pytest.fixture(scope="module")
def generated(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after its first run; tests work on copies."""
    project = start(tmp_path_factory.mktemp("life") / "project", server, SPEC)
    assert vibe(project, "generate", "--no-prove").code == 0
    return project


@pytest.fixture
def life(generated: Project, tmp_path: Path, server: ScratchServer) -> Iterator[Life]:
    """A copy of the project, and an empty database for it."""
    shutil.copytree(generated.folder, tmp_path / "project")
    database = server.create_database()
    yield Life(Project(tmp_path / "project", server), database)
    server.drop_database(database)


@pytest.fixture
def deployed(life: Life) -> Life:
    """The project on a database with rows."""
    life.alembic("upgrade", "head")
    for sql in ROWS:
        life.query(sql)
    return life


# -- a whole life ----------------------------------------------------------------------------------------------------


def test_a_change_from_its_plan_to_its_purge(deployed: Life) -> None:
    life, project = deployed, deployed.project
    write(project, CHANGED)
    before = project.files()
    plan = life.vibe("plan", "--format", "json").json
    assert set(plan) == {"diagnostics", "counts", "revisions", "pending", "repairs", "coverage"}
    assert {found["phase"] for found in plan["revisions"]} == {"expand", "migrate", "contract", "purge"}
    told = life.vibe("plan").err
    for words in ("Expand, before", "Migrate, beside", "Contract, after", "Purge, when", "--accept data-loss:users"):
        assert words in told
    assert "ALTER TABLE" not in told
    assert "ALTER TABLE" in life.vibe("plan", "-v").err
    assert project.files() == before

    first = life.vibe("generate", "--format", "json").json
    assert {found["phase"] for found in first["revisions"]} == {"expand", "migrate"}
    assert {title.split()[0] for title in first["pending"]} == {"contract", "purge"}
    assert any("running release" in line for line in first["proof"])
    again = life.vibe("generate", "--no-prove")
    assert "up to date" in again.err
    life.alembic("upgrade", "head")
    assert life.query("SELECT count(*) FROM orders WHERE vibe_new_amount IS DISTINCT FROM amount") == [0]
    life.own_tests()

    status = life.vibe("status", "--format", "json").json
    assert [found["phase"] for found in status["pending"]] == [title.split()[0] for title in first["pending"]]
    assert {found["since"] for found in status["pending"]} == {"0002"}
    assert {found["days"] for found in status["pending"]} == {0}
    assert "0 days old" in life.vibe("status").err

    early = life.vibe("generate", "--no-prove", "--phase", "purge", "--accept", "data-loss")
    assert "due yet" in early.err
    contract = life.vibe("generate", "--format", "json", "--phase", "contract").json
    assert {found["phase"] for found in contract["revisions"]} == {"contract"}
    life.alembic("upgrade", "head")
    life.own_tests()
    assert life.left()

    files = project.files()
    refused = life.generate("--phase", "purge", code=3)
    assert refused["diagnostics"][0]["code"] == "AV841"
    assert "--accept data-loss:users.nickname" in refused["diagnostics"][0]["help"]
    assert project.files() == files
    assert "users" in life.vibe("status").err
    life.vibe("generate", "--phase", "purge", "--accept", "data-loss:users.nickname")
    life.alembic("upgrade", "head")
    assert life.left() == []
    assert life.query("SELECT sum(amount)::bigint FROM orders") == life.query("SELECT sum(id)::bigint FROM users")
    life.own_tests()
    life.vibe("verify")
    assert "Nothing is pending" in life.vibe("status").err
    assert "up to date" in life.vibe("generate", "--no-prove").err
    assert life.alembic("upgrade", "head", "--sql").count("COMMIT") > len(revisions(project))
    life.alembic("downgrade", "base")
    assert life.left() == []


def test_verify_finds_what_breaks_the_running_release(life: Life) -> None:
    life.edit("    nickname text\n", "    nickname text,\n    visits integer\n")
    life.generate()
    (path,) = (life.project.folder / "migrations" / "versions").glob("0002_*.py")
    text = path.read_text(encoding="utf-8")
    tampered = re.sub(r"(    op\.add_column.*\n)", r'\1    op.drop_column("users", "nickname")\n', text, count=1)
    assert tampered != text
    path.write_text(tampered, encoding="utf-8")
    answer = vibe(life.project, "verify")
    assert answer.code == 1
    assert "nickname" in answer.err
    assert "0002" in answer.err


# -- questions and refusals --------------------------------------------------------------------------------------------


def test_nothing_is_written_by_dry_run_and_check(life: Life) -> None:
    write(life.project, CHANGED)
    before = life.project.files()
    assert "+++ " in life.vibe("generate", "--no-prove", "--dry-run").out
    life.generate("--check", code=1)
    assert life.project.files() == before


def test_an_unknown_hazard_is_named(life: Life) -> None:
    write(life.project, CHANGED)
    found = life.generate("--accept", "dataloss", code=3)
    assert [d["code"] for d in found["diagnostics"]] == ["AV842"]
    assert "data-loss" in found["diagnostics"][0]["message"]


def test_a_hazard_is_refused_until_it_is_accepted(life: Life) -> None:
    write(life.project, SPEC.replace("email text NOT NULL UNIQUE", 'email text COLLATE "C" NOT NULL UNIQUE'))
    before = life.project.files()
    plan = life.vibe("plan", "--format", "json").json
    hazards = [h for r in plan["revisions"] for step in r["steps"] for h in step["hazards"] if r["phase"] != "purge"]
    assert hazards
    found = life.generate(code=3)
    assert "AV841" in {d["code"] for d in found["diagnostics"]}
    assert life.project.files() == before
    options = [part for slug, name, _ in hazards for part in ("--accept", f"{slug}:{name}")]
    assert life.generate(*options)["revisions"]


def test_a_renaming_is_asked_about_and_done(deployed: Life) -> None:
    life = deployed
    write(life.project, SPEC.replace("nickname text", "alias text"))
    before = life.project.files()
    for command in ("plan", "generate"):
        asked = vibe(life.project, command, "--format", "json")
        assert asked.code == 3
        assert asked.codes == {"AV837"}
    assert life.project.files() == before
    dropped = life.vibe("plan", "--format", "json", "--accept", "data-loss:users.nickname").json
    assert any("drop users.nickname" in found["title"] for found in dropped["revisions"])
    renamed = life.vibe("plan", "--format", "json", "--rename", "users.nickname=alias").json
    assert not any("drop users.nickname" in found["title"] for found in renamed["revisions"])
    life.query("UPDATE users SET nickname = 'nick ' || id")
    life.edit("alias text", "alias text -- renamed from: nickname")
    life.generate()
    life.generate("--phase", "contract")
    life.generate("--phase", "purge", "--accept", "data-loss")
    life.alembic("upgrade", "head")
    assert life.query("SELECT count(*) FROM users WHERE alias = 'nick ' || id") == [20]
    assert life.left() == []
    assert life.generate()["written"] == []


def test_a_second_change_waits_only_for_what_is_pending(life: Life) -> None:
    write(life.project, CHANGED)
    life.generate()
    life.edit("amount bigint NOT NULL", "amount numeric NOT NULL")
    before = life.project.files()
    refused = life.generate(code=3)
    assert [d["code"] for d in refused["diagnostics"]] == ["AV840"]
    assert "amount" in refused["diagnostics"][0]["message"]
    assert life.project.files() == before
    life.edit("amount numeric NOT NULL", "amount bigint NOT NULL,\n    remark text")
    found = life.vibe("generate", "--format", "json").json
    assert [r["title"] for r in found["revisions"]] == ["expand orders.remark"]
    life.generate("--phase", "contract")
    life.generate("--phase", "purge", "--accept", "data-loss")
    life.alembic("upgrade", "head")
    assert life.left() == []
    assert life.generate()["written"] == []


def test_damage_in_what_is_pending_is_told(life: Life) -> None:
    write(life.project, CHANGED)
    life.generate()
    path = life.project.folder / "migrations" / "vibe_snapshot.json"
    text = path.read_text(encoding="utf-8")
    assert '"contract"' in text
    path.write_text(text.replace('"contract"', '"sometime"'), encoding="utf-8")
    for command in (["status"], ["generate", "--no-prove"]):
        answer = vibe(life.project, *command, "--format", "json")
        assert answer.code != 0
        assert answer.codes == {"AV811"}


# -- what others did -------------------------------------------------------------------------------------------------


def by_hand(life: Life, sql: str, undo: str) -> None:
    """Add a revision that somebody wrote."""
    text = life.alembic("revision", "-m", "by hand")
    path = Path(text.split("Generating ")[1].split(" ...")[0].strip())
    body = path.read_text(encoding="utf-8")
    up, down = body.split("def downgrade")
    up = up.replace("    pass", f'    op.execute("""{sql}""")')
    down = down.replace("    pass", f'    op.execute("""{undo}""")')
    path.write_text(f"{up}def downgrade{down}", encoding="utf-8")


def test_drift_is_told_three_ways_and_undone_when_accepted(deployed: Life) -> None:
    life = deployed
    by_hand(life, "ALTER TABLE orders ALTER status SET DEFAULT 'x'", "ALTER TABLE orders ALTER status DROP DEFAULT")
    life.alembic("upgrade", "head")
    life.edit("status text NOT NULL", "status text DEFAULT 'new' NOT NULL")
    asked = life.generate(code=3)
    (found,) = [d for d in asked["diagnostics"] if d["severity"] == "error"]
    assert "status" in found["message"]
    assert "--accept drift" in found["help"]
    told = life.vibe("generate", "--no-prove", code=3).err
    assert "revisions: 'x'" in told
    assert "specification now: 'new'" in told
    life.generate("--accept", "drift", "--accept", "shared-behaviour")
    life.alembic("upgrade", "head")
    defaults = "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'orders'::regclass"
    assert life.query(defaults) == ["'new'::text"]


def test_foreign_objects_are_told_once_and_left_alone(deployed: Life) -> None:
    life = deployed
    by_hand(life, "CREATE TABLE somebodys (id int PRIMARY KEY)", "DROP TABLE somebodys")
    life.edit("    nickname text\n", "    nickname text,\n    visits integer\n")
    first = life.generate()
    assert any("somebodys" in d["message"] for d in first["diagnostics"])
    life.edit("visits integer", "visits integer,\n    score integer")
    second = life.generate()
    assert second["revisions"]
    assert not any("somebodys" in d["message"] for d in second["diagnostics"])
    life.alembic("upgrade", "head")
    assert life.query("SELECT count(*) FROM somebodys") == [0]


# -- backfills and crashes ---------------------------------------------------------------------------------------------


def test_a_detached_backfill_is_run_with_psql_before_the_contract(deployed: Life) -> None:
    life, server = deployed, deployed.project.server
    life.edit("amount integer NOT NULL", "amount bigint NOT NULL")
    found = life.vibe("generate", "--detach-backfill", "--format", "json").json
    (script,) = [path for path in found["written"] if path.endswith(".sql")]
    assert {r["phase"] for r in found["revisions"]} == {"expand"}
    life.generate("--phase", "contract")
    refused = life.alembic("upgrade", "head", code=1)
    assert "rows of orders" in refused
    if server.bin_dir is None or not (server.bin_dir / "psql").exists():
        pytest.skip("no psql beside the server's programs")
    psql = [str(server.bin_dir / "psql"), "-X", "-v", "ON_ERROR_STOP=1", "-f", script, server.url(life.database)]
    done = subprocess.run(psql, cwd=life.project.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    life.alembic("upgrade", "head")
    assert life.query("SELECT sum(amount)::bigint FROM orders") == [210]


def test_an_interrupted_revision_is_run_again(deployed: Life) -> None:
    """A build that fails for its rows leaves an invalid index; the same command ends well when they are mended."""
    life = deployed
    life.edit(
        "CREATE INDEX orders_user_id_idx",
        "CREATE UNIQUE INDEX users_nick ON users (nickname);\nCREATE INDEX orders_user_id_idx",
    )
    life.generate()
    life.query("UPDATE users SET nickname = 'same'")
    pending = life.vibe("status", "--format", "json").json["pending"]
    if pending:
        life.generate("--phase", "contract")
    life.alembic("upgrade", "head", code=1)
    life.query("UPDATE users SET nickname = id::text")
    life.alembic("upgrade", "head")
    assert life.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'users_nick'::regclass") == [True]
    with pytest.raises(psycopg.errors.UniqueViolation):
        life.query("UPDATE users SET nickname = 'same'")
