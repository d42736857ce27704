"""The run over public chains sees a failure of the linter, and finds chains as Alembic does."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from bench.lint_real.places import Places
from bench.lint_real.projects import PROJECTS, Project
from bench.lint_real.runs import lint

SAYS = """\
import json, sys
from pathlib import Path
{more}
print(json.dumps({{"diagnostics": found, "summary": {{"linted": 3, "analysed": 1}}}}))
sys.exit(1)
"""


def program(folder: Path, more: str) -> Path:
    """Put a program beside a Python that says what the linter might say; return that Python."""
    file = folder / "alembic-vibe"
    file.write_text(f"#!{sys.executable}\n{SAYS.format(more=dedent(more))}", encoding="utf-8")
    file.chmod(0o755)
    return folder / "python"


def finding(path: str, message: str) -> str:
    return f"dict(rule='partially-analyzed', severity='warning', path={path!r}, message={message!r})"


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a script")
def test_partly_followed_revisions_are_counted_by_reason(tmp_path: Path) -> None:
    condition = finding("a.py", "cannot be followed: it depends on what the database holds")
    names = [finding("b.py", f"cannot be followed: `shop.{name}` cannot be imported here") for name in ("x", "y")]
    outcome = lint(program(tmp_path, f"found = [{', '.join([condition, *names])}]"), tmp_path / "x.ini", tmp_path / "s")
    assert (outcome.revisions, outcome.whole, outcome.guessed, outcome.crashes) == (3, 1, 1, ())
    assert sorted(outcome.reasons.values()) == [1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a script")
@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("raise ValueError('the linter broke')", "the linter broke"),
        ("sys.exit(70)", "exit code 70"),
        ("found = [dict(rule='x', severity='error', path='', message=Path.cwd().name)]; sys.exit(1)", "exit code 1"),
        ("there = Path('there'); found = [1] if there.exists() else []; there.touch()", "something else"),
    ],
)
def test_a_failure_is_seen(tmp_path: Path, more: str, complaint: str) -> None:
    outcome = lint(program(tmp_path, more), tmp_path / "x.ini", tmp_path / "s")
    assert any(complaint in crash for crash in outcome.crashes)


@pytest.mark.parametrize("project", [PROJECTS[0], next(one for one in PROJECTS if one.recursive)], ids=lambda p: p.name)
def test_alembic_finds_the_chain_by_the_configuration(tmp_path: Path, project: Project) -> None:
    folder = tmp_path / project.folder / project.versions / ("2024" if project.recursive else "")
    folder.mkdir(parents=True)
    (folder / "one.py").write_text("revision = '1'\ndown_revision = None\n", encoding="utf-8")
    configuration = Places(tmp_path).configuration(project, tmp_path)
    assert ScriptDirectory.from_config(Config(str(configuration))).get_heads() == ["1"]
