"""The sample project, six versions of a specification long: the linter has nothing to say about it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from alembic_vibe import pipeline
from alembic_vibe.config import Project, load_project
from alembic_vibe.lint.runs import Asked, Outcome, lint

SAMPLE = Path(__file__).parents[3] / "sample_project"
EVERYTHING = Asked(all=True, use_cache=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    shutil.copytree(SAMPLE, tmp_path / "sample", ignore=shutil.ignore_patterns("__pycache__"))
    return load_project(None, tmp_path / "sample")


def _lint(project: Project) -> Outcome:
    return lint(project, EVERYTHING, project.root, pipeline.drift)


def test_nothing_that_was_generated_is_flagged(project: Project) -> None:
    outcome = _lint(project)
    assert outcome.result.linted == outcome.result.analysed > 40
    assert [f"{d.shown_path}:{d.line} {d.rule}: {d.message}" for d in outcome.diagnostics] == []


def test_a_specification_without_its_revisions_is_drift(project: Project) -> None:
    text = project.spec.read_text(encoding="utf-8")
    late = "CREATE TABLE late (id bigint PRIMARY KEY);\n\nCREATE TABLE"
    project.spec.write_text(text.replace("CREATE TABLE", late, 1))
    assert [diagnostic.rule for diagnostic in _lint(project).diagnostics] == ["spec-drift"]
