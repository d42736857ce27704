"""What becomes of generated files: written, left as they are, or held back."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.artifacts import sort_out
from alembic_vibe.config import Project
from alembic_vibe.history.snapshot import digest
from alembic_vibe.render.template import render

BASE, INIT, MODEL = "app/models/base.py", "app/models/__init__.py", "app/models/accounts.py"
SEED = "seeds/roles.json"
OLD = "class User:\n    id: int\n"
NEW = "class User:\n    id: int\n    email: str\n"
EDITED = OLD + "\n\ndef mine() -> None: ...\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(
        root=tmp_path,
        ini=None,
        pyproject=None,
        has_environment=True,
        script_location=tmp_path / "migrations",
        version_locations=(tmp_path / "migrations/versions",),
        package="app",
        package_dir=tmp_path / "app",
        spec=tmp_path / "docs/spec.md",
        models=tmp_path / "app/models",
        seeds=tmp_path / "seeds",
        tests=tmp_path / "tests/migrations",
    )


def put(project: Project, **files: str) -> None:
    """Write files, by short names for their paths."""
    for name, text in files.items():
        path = project.root / {"model": MODEL, "seed": SEED, "base": BASE, "init": INIT}[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def test_a_new_file_is_written(project: Project) -> None:
    found = sort_out(project, {MODEL: NEW}, {})
    assert (dict(found.write), found.same, found.diagnostics) == ({MODEL: NEW}, (), ())
    assert found.digests == {MODEL: digest(NEW)}


def test_what_is_there_already_is_not_written(project: Project) -> None:
    put(project, model=NEW)
    for known in ({}, {MODEL: digest(NEW)}, {MODEL: digest(OLD)}):
        found = sort_out(project, {MODEL: NEW}, known)
        assert (dict(found.write), found.same, found.diagnostics) == ({}, (MODEL,), ())
        assert found.digests == {MODEL: digest(NEW)}


def test_a_file_of_an_earlier_run_is_written_anew(project: Project) -> None:
    put(project, model=OLD)
    found = sort_out(project, {MODEL: NEW}, {MODEL: digest(OLD)})
    assert (dict(found.write), found.same, found.diagnostics) == ({MODEL: NEW}, (), ())


def test_a_deleted_file_is_written_again(project: Project) -> None:
    assert dict(sort_out(project, {MODEL: NEW}, {MODEL: digest(NEW)}).write) == {MODEL: NEW}


def test_a_file_that_nobody_generated_is_left_alone(project: Project) -> None:
    put(project, seed="mine")
    found = sort_out(project, {SEED: "ours"}, {})
    assert (dict(found.write), found.same) == ({}, (SEED,))
    (diagnostic,) = found.diagnostics
    assert (diagnostic.code, diagnostic.path) == ("AV851", SEED)


def test_an_edited_file_is_left_alone(project: Project) -> None:
    put(project, seed="edited")
    found = sort_out(project, {SEED: "new"}, {SEED: digest("old")})
    assert (dict(found.write), found.same) == ({}, (SEED,))
    (diagnostic,) = found.diagnostics
    assert diagnostic.message == (
        f"{SEED} was edited by hand and is left as it is; the specification asks for other content"
    )


def test_an_edit_is_no_news_while_the_specification_asks_for_nothing_else(project: Project) -> None:
    put(project, seed="edited", model=EDITED)
    files = {SEED: "old", MODEL: OLD}
    found = sort_out(project, files, {path: digest(text) for path, text in files.items()})
    assert (dict(found.write), found.same, found.diagnostics) == ({}, (MODEL, SEED), ())


def test_a_file_that_was_saved_in_another_encoding_is_left_alone(project: Project) -> None:
    put(project, seed="")
    (project.root / SEED).write_bytes("größer".encode("latin-1"))
    found = sort_out(project, {SEED: "new"}, {SEED: digest("old")})
    assert dict(found.write) == {}


def test_the_placeholders_of_init_are_replaced(project: Project) -> None:
    put(project, base=render("project/base.py.mako"), init=render("project/models.py.mako", models="app.models"))
    found = sort_out(project, {BASE: NEW, INIT: NEW}, {})
    assert (dict(found.write), found.diagnostics) == ({BASE: NEW, INIT: NEW}, ())


def test_an_edited_placeholder_is_left_alone(project: Project) -> None:
    put(project, base=render("project/base.py.mako") + "\nMINE = 1\n")
    found = sort_out(project, {BASE: "class Base: ...\n"}, {})
    assert (dict(found.write), [diagnostic.path for diagnostic in found.diagnostics]) == ({}, [BASE])


# -- models name each other ------------------------------------------------------------------------------------------


def test_models_wait_for_an_edited_one_that_lacks_something(project: Project) -> None:
    put(project, model=EDITED, init=OLD)
    known = {MODEL: digest(OLD), INIT: digest(OLD)}
    found = sort_out(project, {MODEL: NEW, INIT: NEW, BASE: NEW, SEED: "new"}, known)
    assert dict(found.write) == {SEED: "new"}
    assert found.same == (INIT, MODEL, BASE)
    (diagnostic,) = found.diagnostics
    assert (diagnostic.path, "it lacks User.email," in diagnostic.message) == (MODEL, True)
    # What was held back is not remembered as written: the next run still knows the file on the disk as its own.
    assert found.digests == {MODEL: digest(NEW), INIT: digest(OLD), SEED: digest("new")}
    again = sort_out(project, {MODEL: NEW, INIT: NEW, BASE: NEW}, found.digests)
    assert dict(again.write) == {}
    assert [diagnostic.path for diagnostic in again.diagnostics] == [MODEL]


def test_models_are_written_once_the_edited_one_has_what_they_name(project: Project) -> None:
    put(project, model=EDITED.replace("id: int\n", "id: int\n    email: str\n"), init=OLD)
    known = {MODEL: digest(NEW), INIT: digest(OLD)}
    found = sort_out(project, {MODEL: NEW, INIT: NEW}, known)
    assert (dict(found.write), found.diagnostics) == ({INIT: NEW}, ())


def test_models_wait_for_an_edited_one_that_is_no_python(project: Project) -> None:
    put(project, model="class User(\n")
    found = sort_out(project, {MODEL: NEW, BASE: NEW}, {MODEL: digest(OLD)})
    assert dict(found.write) == {}
    (diagnostic,) = found.diagnostics
    assert "it is no Python" in diagnostic.message


def test_many_missing_names_are_not_all_said(project: Project) -> None:
    put(project, model="MINE = 1\n")
    wanted = "".join(f"NAME_{i} = {i}\n" for i in range(20))
    (diagnostic,) = sort_out(project, {MODEL: wanted}, {}).diagnostics
    assert "NAME_7 ...," in diagnostic.message
    assert "NAME_8" not in diagnostic.message
