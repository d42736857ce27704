"""``generate`` as a user runs it: what it writes, what it leaves alone, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.journey import SPEC, Project
from tests.programs import run_program

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

HEAD = """\
# Product

## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+

### 5.3 Core System Tables
```sql
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE
);
```
"""
MORE = """
### 5.4 Orders Schema
```sql
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id)
);
CREATE INDEX orders_user_id_idx ON orders (user_id);
```
"""


@dataclass(frozen=True)
class Answer:
    """What a run told."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object that ``--format json`` prints."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def codes(self) -> set[str]:
        """The codes of the diagnostics."""
        return {found["code"] for found in self.json["diagnostics"]}


def vibe(project: Project, *arguments: str) -> Answer:
    """Run ``alembic-vibe`` whatever it answers; only a traceback fails the test."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DATABASE_URL"))}
    done = run_program(("alembic-vibe", *arguments), project.folder, environment)
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


def generate(project: Project, *arguments: str, code: int = 0) -> Answer:
    """Run ``generate --format json`` without the proof, unless it is asked for."""
    answer = vibe(project, "generate", "--format", "json", *(arguments or ("--no-prove",)))
    assert answer.code == code, answer.out + answer.err
    return answer


def start(folder: Path, server: ScratchServer, spec: str = HEAD, *arguments: str) -> Project:
    """Make a project with a specification."""
    folder.mkdir(parents=True, exist_ok=True)
    project = Project(folder, server)
    project.run("alembic-vibe", "init", ".", "--package", "product", *arguments)
    write(project, spec)
    return project


def write(project: Project, spec: str) -> None:
    """Replace the specification."""
    (project.folder / SPEC).write_bytes(spec.encode())


def revisions(project: Project, folder: str = "migrations/versions") -> list[str]:
    """Return the names of the revisions."""
    return sorted(path.name for path in (project.folder / folder).glob("*.py"))


@pytest.fixture(scope="module")
def generated(server: ScratchServer, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after its first run; tests work on copies."""
    project = start(tmp_path_factory.mktemp("generated") / "project", server)
    generate(project)
    return project


@pytest.fixture
def project(generated: Project, tmp_path: Path) -> Project:
    """A copy of the generated project."""
    shutil.copytree(generated.folder, tmp_path / "project")
    return Project(tmp_path / "project", generated.server)


# -- nothing to do ---------------------------------------------------------------------------------------------------


def test_a_second_run_says_that_there_is_nothing_to_do(project: Project) -> None:
    before = project.files()
    told = vibe(project, "generate", "--no-prove")
    assert told.code == 0
    assert project.files() == before
    assert "nothing" in told.err.lower() or "up to date" in told.err.lower(), told.err
    assert generate(project).json["written"] == []


def test_check_finds_what_would_be_written(project: Project) -> None:
    assert generate(project, "--check", "--no-prove").code == 0
    write(project, HEAD + MORE)
    before = project.files()
    answer = generate(project, "--check", "--no-prove", code=1)
    assert any("versions/" in path for path in answer.json["written"])
    assert project.files() == before
    (project.folder / "product/models/core_system.py").unlink()
    write(project, HEAD)
    generate(project, "--check", "--no-prove", code=1)


def test_dry_run_shows_a_diff_and_writes_nothing(project: Project) -> None:
    write(project, HEAD + MORE)
    before = project.files()
    told = vibe(project, "generate", "--dry-run", "--no-prove")
    assert told.code == 0
    assert project.files() == before
    assert "--- /dev/null" in told.out
    assert "+    op.create_table(" in told.out


def test_another_layout_of_the_specification_is_no_change(project: Project) -> None:
    write(project, HEAD.replace("# Product", "# Product\n\nSome words."))
    before = project.files().keys()
    generate(project)
    assert revisions(project) == [name for name in revisions(project) if name.startswith("0001")]
    assert project.files().keys() == before


# -- additions -------------------------------------------------------------------------------------------------------


def test_a_new_table_comes_before_its_foreign_key_to_one_in_use(project: Project, database: str) -> None:
    project.run("alembic", "upgrade", "head", database=database)
    write(project, HEAD + MORE)
    answer = generate(project, "--format", "json")  # with the proof
    assert [found["revision"] for found in answer.json["revisions"]] == ["0002", "0003"]
    assert len(answer.json["proof"]) >= 2
    project.run("alembic", "upgrade", "head", database=database)
    project.run("alembic", "check", database=database)
    project.run("alembic", "downgrade", "0001", database=database)
    with project.server.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('users') IS NOT NULL, to_regclass('orders')").fetchone() == (
            True,
            None,
        )


@pytest.mark.parametrize(
    ("old", "new", "phases", "pending"),
    [
        ("email text NOT NULL UNIQUE", "email text NOT NULL", [], ["users_email_key"]),
        (",\n    email text NOT NULL UNIQUE", "", ["expand"], ["email", "email"]),
        (
            "email text NOT NULL UNIQUE\n",
            "email text NOT NULL UNIQUE,\n    CHECK (email <> '')\n",
            [],
            ["users_email_check", "users_email_check"],
        ),
    ],
    ids=["constraint gone", "column gone", "constraint on a table in use"],
)
def test_what_tightens_or_goes_is_pending(
    project: Project, old: str, new: str, phases: list[str], pending: list[str]
) -> None:
    write(project, HEAD.replace(old, new))
    answer = generate(project, "--no-prove", "--accept", "data-loss")
    assert {found["phase"] for found in answer.json["revisions"]} == set(phases)
    assert len(answer.json["pending"]) >= len(pending)
    assert all(any(name in title for title in answer.json["pending"]) for name in pending)


# -- what people wrote is left alone ---------------------------------------------------------------------------------


def test_a_model_that_was_edited_keeps_the_edit_and_follows(project: Project) -> None:
    model = project.folder / "product/models/core_system.py"
    method = "\n    def shown(self) -> str:\n        return self.email  # mine\n"
    model.write_text(model.read_text() + method)
    answer = generate(project)
    assert answer.json["written"] == []
    more = HEAD.replace(
        "email text", "name text NOT NULL DEFAULT '',\n    team_id bigint REFERENCES teams (id),\n    email text"
    )
    write(project, more.replace("```sql\n", "```sql\nCREATE TABLE teams (id bigint PRIMARY KEY);\n"))
    answer = generate(project)
    assert "AV851" not in answer.codes
    assert "product/models/__init__.py" in answer.json["written"]
    assert method in model.read_text()
    assert generate(project).json["written"] == []
    project.run("python", "-c", "from product.models import *; Team(), User(name='a', team=Team()).shown()")


def hand_written(project: Project, name: str, revision: str, down: str | None, upgrade: str, downgrade: str) -> None:
    """Write a revision as people do."""
    text = (
        f'"""{name}"""\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f"revision = {revision!r}\ndown_revision = {down!r}\nbranch_labels = None\ndepends_on = None\n\n\n"
        f"def upgrade():\n    {upgrade}\n\n\ndef downgrade():\n    {downgrade}\n"
    )
    (project.folder / "migrations/versions" / f"{revision}_{name}.py").write_text(text)


def test_tables_of_hand_written_revisions_are_left_alone(project: Project, database: str) -> None:
    create = "op.create_table('legacy', sa.Column('id', sa.Integer, primary_key=True))"
    hand_written(project, "legacy", "0002", "0001", create, "op.drop_table('legacy')")
    write(project, HEAD + MORE)
    answer = generate(project, "--format", "json")
    assert "AV832" in answer.codes
    assert [found["revision"] for found in answer.json["revisions"]] == ["0003", "0004"]
    project.run("alembic", "upgrade", "head", database=database)
    with project.server.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('legacy') IS NOT NULL").fetchone() == (True,)


def test_several_heads_are_refused(project: Project) -> None:
    for number in ("0002", "0003"):
        hand_written(project, "branch", number, "0001", "pass", "pass")
    write(project, HEAD + MORE)
    before = project.files()
    answer = generate(project, "--no-prove", code=3)
    assert answer.codes >= {"AV821"}
    assert project.files() == before


def test_a_chain_of_hashes_goes_on_with_hashes(server: ScratchServer, tmp_path: Path, database: str) -> None:
    project = start(tmp_path / "project", server)
    hand_written(project, "first", "a1b2c3d4e5f6", None, "op.execute('SELECT 1')", "pass")
    answer = generate(project)
    (made,) = answer.json["revisions"]
    assert len(made["revision"]) == 12
    assert int(made["revision"], 16)
    project.run("alembic", "upgrade", "head", database=database)
    write(project, HEAD + MORE)
    others = [found["revision"] for found in generate(project).json["revisions"]]
    assert len({made["revision"], *others}) == 1 + len(others) > 1
    project.run("alembic", "upgrade", "head", database=database)


def test_a_revision_that_fails_is_told(project: Project) -> None:
    hand_written(project, "broken", "0002", "0001", "op.execute('SELECT 1/0')", "pass")
    write(project, HEAD + MORE)
    before = project.files()
    answer = generate(project, "--no-prove", code=4)
    assert "AV801" in answer.codes
    assert "division by zero" in answer.out
    assert project.files() == before


def test_a_damaged_snapshot_is_one_diagnostic(project: Project) -> None:
    snapshot = project.folder / "migrations/vibe_snapshot.json"
    snapshot.write_text("<<<<<<< HEAD\n" + snapshot.read_text())
    answer = generate(project, "--no-prove", code=2)
    assert [found["code"] for found in answer.json["diagnostics"] if found["severity"] == "error"] == ["AV811"]


# -- projects of other shapes ----------------------------------------------------------------------------------------


def test_file_names_and_places_are_the_projects(server: ScratchServer, tmp_path: Path, database: str) -> None:
    project = start(tmp_path / "project", server)
    ini = project.folder / "alembic.ini"
    lines = [line for line in ini.read_text().splitlines() if not line.startswith(("file_template", "path_sep"))]
    place = next(i for i, line in enumerate(lines) if line.startswith("script_location"))
    lines[place + 1 : place + 1] = [
        "file_template = %%(year)d_%%(rev)s_%%(slug)s",
        "path_separator = os",
        "version_locations = %(here)s/db/chain",
    ]
    ini.write_text("\n".join(lines) + "\n")
    (project.folder / "db/chain").mkdir(parents=True)
    generate(project, "--format", "json")
    (name,) = revisions(project, "db/chain")
    assert name.startswith("20")
    assert revisions(project) == []
    project.run("alembic", "upgrade", "head", database=database)
    assert generate(project).json["written"] == []


def test_an_asynchronous_project(server: ScratchServer, tmp_path: Path, database: str) -> None:
    project = start(tmp_path / "project", server, HEAD + MORE, "--async")
    answer = generate(project, "--format", "json")
    assert answer.json["proof"]
    project.run("alembic", "upgrade", "head", database=database)
    project.run("alembic", "check", database=database)


def test_windows_line_ends_and_a_folder_with_spaces(server: ScratchServer, tmp_path: Path, database: str) -> None:
    project = start(tmp_path / "mein Projekt \u2013 größer", server, "\ufeff" + (HEAD + MORE).replace("\n", "\r\n"))
    generate(project, "--format", "json")
    project.run("alembic", "upgrade", "head", database=database)
    project.run("alembic", "check", database=database)
    assert generate(project).json["written"] == []


def test_titles_cannot_reach_out_of_the_project(server: ScratchServer, tmp_path: Path) -> None:
    spec = (HEAD + MORE).replace("### 5.4 Orders Schema", "### 5.4 ../../evil Schema")
    project = start(tmp_path / "outer/inner/project", server, spec)
    answer = generate(project)
    assert any("evil" in path for path in answer.json["written"])
    made = [path for path in (tmp_path / "outer").rglob("*evil*") if "__pycache__" not in path.parts]
    assert made
    assert all(path.is_relative_to(project.folder) for path in made)


TITLES = ['Users\'s "Best" \\d `x` Schema', '""" Schema', "% ${evil} <%! x %> Schema", "日本語 Schema"]


def test_titles_survive(server: ScratchServer, tmp_path: Path, database: str) -> None:
    sections = [
        MORE.replace("5.4 Orders Schema", f"5.{number} {title}").replace("orders", f"orders_{number}")
        for number, title in enumerate(TITLES, 4)
    ]
    project = start(tmp_path / "project", server, HEAD + "".join(sections))
    generate(project)
    models = [path.read_text(encoding="utf-8") for path in (project.folder / "product/models").glob("*.py")]
    assert all(any(f"orders_{number}" in text for text in models) for number, _ in enumerate(TITLES, 4))
    project.run("alembic", "upgrade", "head", database=database)
    project.run("alembic", "check", database=database)


HARD = [
    "%(x)s",
    "100%",
    "%s %%",
    ":name",
    "a :b: c",
    "\\d+\\.\\s",
    "{}",
    '{"a": {"b": ":c"}}',
    "it's",
    '"""',
    "'''",
    "two\nlines",
    "  deep\n    deeper\n",
    "${x} <% y %> ## z",
    "% for x in y:",
    "ünïcödé 🎉",
    "ends with \\",
]


def test_texts_reach_the_database_exactly(server: ScratchServer, tmp_path: Path, database: str) -> None:
    def literal(text: str) -> str:
        quoted = text.replace("'", "''").replace("\\", "\\\\").replace("\n", "\\n")
        return f"E'{quoted}'"

    def name(text: str) -> str:
        return '"' + text.replace('"', '""').replace("\n", " ") + '"'

    columns = ",\n    ".join(f"{name(text)} text NOT NULL DEFAULT {literal(text)}" for text in HARD)
    comments = "\n".join(f"COMMENT ON COLUMN hard.{name(text)} IS {literal(text)};" for text in HARD)
    sql = f"CREATE TABLE hard (\n    id bigint PRIMARY KEY,\n    {columns}\n);\n{comments}\n"
    project = start(tmp_path / "project", server, HEAD + f"\n### 5.4 Hard Schema\n```sql\n{sql}```\n")
    generate(project, "--format", "json")
    project.run("alembic", "upgrade", "head", database=database)
    project.run("alembic", "check", database=database)
    with server.connect(database) as connection:
        row = connection.execute("INSERT INTO hard (id) VALUES (1) RETURNING *").fetchone()
        told = connection.execute(
            "SELECT col_description(attrelid, attnum), attname FROM pg_attribute "
            "WHERE attrelid = 'hard'::regclass AND attnum > 1 ORDER BY attnum"
        ).fetchall()
    assert row is not None
    assert list(row[1:]) == HARD
    assert told == [(text, text.replace("\n", " ")) for text in HARD]
