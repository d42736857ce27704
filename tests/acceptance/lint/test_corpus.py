"""The corpus is right by itself: every revision runs, or fails as labelled; and the linter judges it as it is."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from bench.lint.labels import Labelled, LabelledProject, corpus, small_projects
from bench.lint.programs import Found, Place, ours
from bench.lint.score import judge
from tests.programs import run_program

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

PROGRAMS = Path(sys.executable).parent
PROJECTS = [corpus(), *small_projects()]
NOT_RUN = {"two_heads", "duplicate_ids", "syntax_error", "failing_imports"}  # Alembic itself refuses them


@pytest.fixture(scope="module", params=PROJECTS, ids=lambda project: project.name)
def linted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[LabelledProject, list[Found]]:
    project: LabelledProject = request.param
    return project, ours(project, Place(PROGRAMS, tmp_path_factory.mktemp("lint")), "--no-cache")


def test_every_harm_is_found_on_its_line(linted: tuple[LabelledProject, list[Found]]) -> None:
    project, found = linted
    score = judge(project, found)
    assert [_shown(labelled, label.line, label.rule) for labelled, label in score.missed] == []
    on_other_lines = [one for one in score.found if one not in score.on_line]
    assert [_shown(labelled, label.line, label.rule) for labelled, label in on_other_lines] == []


def test_no_safe_look_alike_is_warned_of(linted: tuple[LabelledProject, list[Found]]) -> None:
    project, found = linted
    score = judge(project, found)
    alarms = [one for alarms in score.alarms.values() for one in alarms]
    assert [_shown(labelled, finding.line, finding.rule) for labelled, finding in alarms] == []


@pytest.mark.server
def test_the_chain_runs_on_rows(server: ScratchServer, database: str) -> None:
    project = corpus()
    revisions = project.revisions
    base = next(labelled for labelled in reversed(revisions) if "_base_" in labelled.path.name)
    _alembic(server, database, project, "upgrade", _id(base))
    _fill(server, database, project)
    done = _alembic(server, database, project, "upgrade", "head")
    assert done.returncode == 0, done.stderr[-1000:]
    assert _id(revisions[-1]) in _alembic(server, database, project, "current").stdout


@pytest.mark.server
@pytest.mark.parametrize(
    "project", [one for one in small_projects() if one.name not in NOT_RUN], ids=lambda project: project.name
)
def test_revisions_run_or_are_refused_as_labelled(
    server: ScratchServer, database: str, project: LabelledProject
) -> None:
    if server.version_num < project.pg_version * 10_000:
        pytest.skip(f"needs PostgreSQL {project.pg_version}")
    for number, labelled in enumerate(project.revisions):
        done = _alembic(server, database, project, "upgrade", _id(labelled))
        error = re.search(r"\(psycopg\.errors\.(\w+)\)", done.stderr)
        state = getattr(psycopg.errors, error[1]).sqlstate if error else ""
        assert (labelled.path.name, state, bool(done.returncode)) == (
            labelled.path.name,
            labelled.fails,
            bool(labelled.fails),
        ), done.stderr[-1000:]
        if labelled.fails:
            _alembic(server, database, project, "stamp", _id(labelled))
        if number == 0:
            _fill(server, database, project)


def test_the_chain_can_be_printed() -> None:
    """``alembic upgrade head --sql`` is what linters of SQL are fed with."""
    done = subprocess.run(
        [os.fspath(PROGRAMS / "alembic"), "upgrade", "head", "--sql"],
        cwd=corpus().folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1000:]
    assert done.stdout.count("-- Running upgrade") == len(corpus().revisions)


def _alembic(
    server: ScratchServer, database: str, project: LabelledProject, *arguments: str
) -> subprocess.CompletedProcess[str]:
    url = server.url(database).replace("postgresql:", "postgresql+psycopg:", 1)
    return run_program(("alembic", *arguments), project.folder, {**os.environ, "DATABASE_URL": url})


def _fill(server: ScratchServer, database: str, project: LabelledProject) -> None:
    rows = project.folder / "rows.sql"
    if rows.is_file():
        with psycopg.connect(server.url(database)) as connection:
            connection.execute(rows.read_bytes())


def _id(labelled: Labelled) -> str:
    for node in ast.parse(labelled.path.read_bytes()).body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and target.id == "revision" and isinstance(node, ast.Assign | ast.AnnAssign):
            return str(ast.literal_eval(node.value)) if node.value else ""
    raise AssertionError(labelled.path)


def _shown(labelled: Labelled, line: int, rule: str) -> str:
    return f"{labelled.path.name}:{line} {rule}"
