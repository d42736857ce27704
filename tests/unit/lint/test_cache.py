"""What is remembered is what a fresh run finds, and is used only while nothing it depends on has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from alembic_vibe.config import load_project
from alembic_vibe.lint import cache, engine, renderer
from alembic_vibe.lint.model import Settings
from alembic_vibe.lint.request import Request, Result, Scope
from alembic_vibe.lint.watch import watching

HEAD = """import alembic.op as op
import sqlalchemy as sa
{imports}
revision = {id!r}
down_revision = {down!r}


def upgrade():
    {body}


def downgrade():
    pass
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a chain of three revisions, the last of them imports from the project."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("ALEMBIC_CONFIG", raising=False)
    root = tmp_path / "project"
    (root / "migrations/versions").mkdir(parents=True)
    (root / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
    (root / "migrations/env.py").write_text("context.configure(connection=c, transaction_per_migration=True)\n")
    put(root, "a1", None, 'op.create_table("one", sa.Column("id", sa.BigInteger, primary_key=True))')
    put(root, "b2", "a1", 'op.create_index("ix", "one", ["id"])')
    (root / "names.py").write_text('TABLE = "one"\n')
    put(root, "c3", "b2", 'op.create_index("iy", names.TABLE, ["id"])', "import names")
    monkeypatch.chdir(root)
    return root


def put(root: Path, id_: str, down: str | None, body: str, imports: str = "") -> Path:
    path = root / "migrations/versions" / f"{id_}.py"
    path.write_text(HEAD.format(id=id_, down=down, body=body, imports=imports))
    return path


def scope(root: Path) -> Scope:
    project = load_project(None, root, read_only=True)
    return Scope(root, project.version_locations, (root,), project)


REQUEST = Request(all=True, today=dt.date(2026, 1, 1))


def lint(root: Path, request: Request = REQUEST) -> Result:
    """Lint with the cache; what it says must be what a run without it says."""
    result = cache.run(scope(root), request)
    fresh = engine.run(scope(root), request)
    assert shown(result) == shown(fresh)
    return result


def shown(result: Result) -> object:
    places = [(found.shown_path, found.line, found.column) for found in result.diagnostics]
    bare = [replace(found, source=None) for found in result.diagnostics]
    return places, bare, replace(result, diagnostics=())


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The revisions that were rendered, not remembered."""
    found: list[str] = []
    original = renderer.Renderer._render

    def render(self: renderer.Renderer, revision: object, directions: object) -> object:
        if self._remembers:
            found.append(revision.id)  # type: ignore[attr-defined]
        return original(self, revision, directions)  # type: ignore[arg-type]

    monkeypatch.setattr(renderer.Renderer, "_render", render)
    return found


def again(root: Path, rendered: list[str], request: Request = REQUEST) -> list[str]:
    """Lint once more, and return which revisions had to be rendered."""
    rendered.clear()
    lint(root, request)
    return list(rendered)


def test_a_second_run_renders_nothing_and_finds_the_same(project: Path, rendered: list[str]) -> None:
    first = lint(project)
    assert len(first.diagnostics) >= 2
    assert rendered == ["a1", "b2", "c3"]
    assert again(project, rendered) == []


def test_the_answer_is_kept_whole(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = lint(project)
    monkeypatch.setattr(engine, "run", None)
    assert shown(cache.run(scope(project), REQUEST)) == shown(first)


@pytest.mark.parametrize(
    "other",
    [
        Request(Settings(pg_version=18), all=True),
        Request(Settings(strict=True), all=True),
        Request(Settings(severities={"index-not-concurrent": None}), all=True),
        Request(all=True, today=dt.date(2026, 1, 2)),
        Request(paths=(Path("migrations/versions/b2.py"),)),
    ],
)
def test_other_options_are_another_question_but_render_nothing(
    project: Path, rendered: list[str], other: Request
) -> None:
    lint(project)
    assert again(project, rendered, replace(other, today=other.today)) == []


def test_only_what_has_changed_is_rendered_again(project: Path, rendered: list[str]) -> None:
    lint(project)
    put(project, "b2", "a1", 'op.create_index("other", "one", ["id"])')
    assert again(project, rendered) == ["b2"]
    put(project, "d4", "c3", "pass")
    assert again(project, rendered) == ["d4"]
    (project / "migrations/versions/d4.py").unlink()
    assert again(project, rendered) == []


def test_modules_of_the_project_count(project: Path, rendered: list[str]) -> None:
    lint(project)
    (project / "names.py").write_text('TABLE = "two"\n')
    assert again(project, rendered) == ["c3"]
    assert again(project, rendered) == []


def test_files_that_a_revision_reads_count(project: Path, rendered: list[str]) -> None:
    (project / "sql").mkdir()
    (project / "sql/one.sql").write_text("CREATE INDEX iz ON one (id)")
    put(project, "d4", "c3", '[op.execute(p.read_text()) for p in pathlib.Path("sql").glob("*.sql")]', "import pathlib")
    before = len(lint(project).diagnostics)
    (project / "sql/one.sql").write_text("SELECT 1")
    assert again(project, rendered) == ["c3", "d4"]
    assert len(lint(project).diagnostics) < before
    (project / "sql/two.sql").write_text("CREATE INDEX iz ON one (id)")
    assert "d4" in again(project, rendered)
    assert len(lint(project).diagnostics) == before


def test_environment_variables_count_where_they_are_read(
    project: Path, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, "d4", "c3", 'op.create_index("iz", os.environ.get("SHOP_TABLE", "one"), ["id"])', "import os")
    lint(project)
    monkeypatch.setenv("SHOP_TABLE", "two")
    assert again(project, rendered) == ["c3", "d4"]


def test_what_could_not_be_imported_is_tried_again(project: Path, rendered: list[str]) -> None:
    put(project, "d4", "c3", 'op.create_index("iz", "one", ["id"])', "import not_there_yet")
    assert lint(project).analysed == 3
    put(project, "b2", "a1", "pass")
    assert again(project, rendered) == ["b2", "d4"]
    (project / "not_there_yet.py").write_text("")
    assert lint(project).analysed == 4


def test_the_environment_and_the_configuration_count(project: Path) -> None:
    before = lint(project)
    (project / "migrations/env.py").write_text("context.configure(connection=c)\n")
    rules = {found.rule for found in lint(project).diagnostics} - {found.rule for found in before.diagnostics}
    assert "env-transaction-per-migration" in rules


def test_a_damaged_cache_is_none(project: Path, tmp_path: Path, rendered: list[str]) -> None:
    lint(project)
    files = list((tmp_path / "cache").rglob("*.json"))
    assert {path.parent.name for path in files} == {"lint-runs", "lint-renderings", "lint-sources"}
    for text in ("", "{", "[]", "1", '{"entries": 1}', '{"entries": {}, "groups": 1}', "\ud800"):
        for path in files:
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert again(project, rendered) == ["a1", "b2", "c3"]


def test_damaged_entries_are_none(project: Path, tmp_path: Path, rendered: list[str]) -> None:
    lint(project)
    for path in (tmp_path / "cache").rglob("*.json"):
        text = path.read_text().replace('"upgrade":[[', '"upgrade":[[0,').replace('"counts":[3', '"counts":["3"')
        path.write_text(text.replace('"counts"', '"count"'))
    assert again(project, rendered) == ["a1", "b2", "c3"]


def test_a_cache_that_cannot_be_written(project: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert len(lint(project).diagnostics) >= 2


def test_nothing_is_remembered_unless_asked(project: Path, tmp_path: Path) -> None:
    engine.run(scope(project), REQUEST)
    assert not (tmp_path / "cache").exists()


def test_a_watch_notes_what_is_read_below_its_folders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a").write_text("1")
    (tmp_path / "out").write_text("1")
    with watching([tmp_path / "in"]) as watch:
        (tmp_path / "in/a").read_text()
        (tmp_path / "in/b").write_text("written, not read")
        (tmp_path / "out").read_text()
        list((tmp_path / "in").glob("*"))
    (tmp_path / "in/b").read_text()
    assert watch.read() == [str(tmp_path / "in"), str(tmp_path / "in/a")]
