"""Repairs, by data: ``tests/cases/lint/fixes/KIND.yaml``.

A case has ``name``, ``chain`` (the functions of earlier revisions), ``before`` (those of the revision that is
repaired), ``after`` (what they become; missing where nothing changes), ``new`` (the functions of revisions that
follow), ``left`` (words of the reasons why findings are left alone), ``pg_version``, ``newline``, ``mark`` (at the
start of the file), and ``models`` (other Python of the project).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from alembic_vibe.lint.engine import run
from alembic_vibe.lint.fixes import kinds
from alembic_vibe.lint.fixes.engine import repair
from alembic_vibe.lint.model import Settings
from alembic_vibe.lint.request import Request, Scope

CASES = Path(__file__).parents[3] / "cases" / "lint" / "fixes"
HEADER = '"""r{id}"""\nimport sqlalchemy as sa\nfrom alembic import op\nrevision = "{id}"\ndown_revision = {down}\n\n\n'
MADE = """\
def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger, primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("customer_id", sa.BigInteger),
        sa.Column("total", sa.Integer),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
"""


def _cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("kind", "case"), _cases())
def test_case(kind: str, case: dict[str, Any], tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    if "models" in case:
        (tmp_path / "models.py").write_text(case["models"])
    codes = [*case.get("chain", [MADE]), case["before"]]
    for number, code in enumerate(codes, 1):
        header = HEADER.format(id=number, down=f'"{number - 1}"' if number > 1 else None)
        (versions / f"{number}_r{number}.py").write_bytes(_text(case, header + code))
    mine = versions / f"{len(codes)}_r{len(codes)}.py"

    done = _repair(kind, case, tmp_path, mine)
    assert done.root == tmp_path
    assert len(done.left) == len(case.get("left", [])), done.left
    for (_, reason), words in zip(done.left, case.get("left", []), strict=True):
        assert words in reason
    name = mine.relative_to(tmp_path).as_posix()
    assert (name in done.files) == ("after" in case)
    if "after" in case:
        assert done.files[name].encode() == _text(case, header + case["after"])
    assert [_functions(done.files[path]) for path in done.added] == [text.strip() for text in case.get("new", [])]

    for path, text in done.files.items():
        (tmp_path / path).write_bytes(text.encode())
    again = _repair(kind, case, tmp_path, mine)
    assert (again.files, again.solved) == ({}, ())
    assert len(again.left) == len(done.left)
    if not done.left:
        result = run(Scope(tmp_path, (versions,)), Request(_settings(kind, case), all=True))
        assert not [found for found in result.diagnostics if found.rule in _module(kind).SLUGS]


def test_every_kind_has_cases() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == {_name(module) for module in kinds.modules()}


def _text(case: dict[str, Any], text: str) -> bytes:
    mark: str = case.get("mark", "")
    return (mark + text.replace("\n", case.get("newline", "\n"))).encode()


def _repair(kind: str, case: dict[str, Any], root: Path, path: Path) -> Any:
    scope = Scope(root, (root / "versions",))
    return repair(scope, Request(_settings(kind, case), paths=(path,)), lambda result: result.diagnostics)


def _settings(kind: str, case: dict[str, Any]) -> Settings:
    """Switch off what the other kinds repair."""
    others = (slug for module in kinds.modules() if _name(module) != kind for slug in module.SLUGS)
    return Settings(case.get("pg_version", 15), severities=dict.fromkeys(others))


def _module(kind: str) -> Any:
    return next(module for module in kinds.modules() if _name(module) == kind)


def _name(module: Any) -> str:
    name: str = module.__name__
    return name.rpartition(".")[2]


def _functions(text: str) -> str:
    return text[text.index("def upgrade") :].strip()
