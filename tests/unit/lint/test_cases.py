"""Rules of the linter, by data: ``tests/cases/lint/RULE.yaml``.

A case has ``name``, ``chain`` (the code of earlier revisions: whole functions, or the lines of ``upgrade``),
``revision`` (the same), ``pg_version`` (15), ``strict``, ``also`` (opt-in rules that are on), ``environment`` (text of
env.py), and ``finds``: what the file's rule finds, each with ``line`` (in ``revision``) and, where they matter,
``direction``, ``contains``, ``help`` and ``severity``.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
import yaml

from alembic_vibe.diagnostics import Diagnostic, Severity
from alembic_vibe.lint import rules
from alembic_vibe.lint.chain import read_chain
from alembic_vibe.lint.engine import run
from alembic_vibe.lint.model import Direction, Settings
from alembic_vibe.lint.request import Request, Scope

CASES = Path(__file__).parents[2] / "cases" / "lint"
HEADER = (
    '"""{docstring}"""\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = "{id}"\ndown_revision = {down}\n'
)
FINISHED = "\n\ndef downgrade():\n    raise NotImplementedError\n"


def _cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("slug", "case"), _cases())
def test_case(slug: str, case: dict[str, Any], tmp_path: Path) -> None:
    found, first_line, directions = _lint(slug, case, tmp_path)
    mine = sorted((d for d in found if d.rule == slug), key=lambda d: (d.line, d.column, d.message))
    shown = [(d.line - first_line + 1, d.message) for d in mine]
    wanted = case["finds"]
    assert [line for line, _ in shown] == [want["line"] for want in wanted], shown
    for want, diagnostic in zip(wanted, mine, strict=True):
        assert want.get("contains", "") in diagnostic.message
        assert want.get("help", "") in diagnostic.help
        assert str(diagnostic.severity) == want.get("severity", str(diagnostic.severity))
        if "direction" in want:
            assert directions(diagnostic) == want["direction"]


@pytest.mark.parametrize("module", rules.modules(), ids=lambda module: module.RULE.slug)
def test_every_file_of_cases_is_of_a_rule(module: Any) -> None:
    path = CASES / f"{module.RULE.slug}.yaml"
    if path.exists():
        assert any(not case["finds"] for case in yaml.safe_load(path.read_text(encoding="utf-8")))


def test_no_file_of_cases_is_left_over() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} <= {module.RULE.slug for module in rules.modules()}


def _lint(slug: str, case: dict[str, Any], folder: Path) -> tuple[tuple[Diagnostic, ...], int, Any]:
    chain = case.get("chain", [])
    path = folder
    first_line = 0
    for number, code in enumerate([*chain, case["revision"]], 1):
        docstring = "A revision."
        if code.startswith('"""'):
            docstring, _, code = code[3:].partition('"""')
            code = code.lstrip("\n")
        header = HEADER.format(docstring=docstring, id=number, down=f'"{number - 1}"' if number > 1 else None)
        path = folder / f"r{number}.py"
        text = header + _functions(code)
        path.write_text(text, encoding="utf-8")
        first_line = header.count("\n") + (1 if "def upgrade" in code else 2)
    severities: dict[str, Severity | None] = {}
    for module in rules.modules():
        if getattr(module, "OPT_IN", False) and module.RULE.slug in {slug, *case.get("also", ())}:
            severities[module.RULE.slug] = module.RULE.severity
    settings = Settings(case.get("pg_version", 15), strict=case.get("strict", False), severities=severities)
    result = run(Scope(folder, (folder,)), Request(settings, paths=(path,)))
    facts = read_chain((folder,), folder).by_id[str(len(chain) + 1)].facts
    return result.diagnostics, first_line, lambda diagnostic: _direction(diagnostic.line, facts)


def _functions(code: str) -> str:
    code = dedent(code)
    if "def upgrade" not in code:
        code = "def upgrade():\n" + indent(code, "    ")
    return code if "def downgrade" in code else code + FINISHED


def _direction(line: int, facts: Any) -> str:
    for direction in Direction:
        function = facts.functions.get(direction)
        if function is not None and function.first_line <= line <= function.last_line:
            return str(direction)
    return ""
