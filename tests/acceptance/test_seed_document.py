"""The document that defines what a Section 5 is: its tables compile once its mistakes are mended as the help says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.facts import Index, Table
from alembic_vibe.compilation import compile_spec, parse
from alembic_vibe.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

SEED = Path(__file__).parents[1] / "cases" / "spec" / "seed.md"
UNDECIDED = "[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]"


def errors(path: Path) -> list[Diagnostic]:
    return [found for found in parse(path, "seed.md").diagnostics if found.severity is Severity.ERROR]


def test_the_template_is_reported_with_its_lines() -> None:
    found = errors(SEED)
    assert [(error.code, error.line) for error in found] == [
        ("AV110", 72),
        ("AV230", 129),
        ("AV230", 131),
        ("AV201", 171),
    ]
    assert any("{feature_entity_table} on lines 171, 190" in note for note in found[-1].notes)


@pytest.mark.server
def test_the_core_tables_compile_as_the_help_says(server: ScratchServer, tmp_path: Path) -> None:
    path = tmp_path / "seed.md"
    text = SEED.read_text(encoding="utf-8").replace(UNDECIDED, "PostgreSQL 15+")
    text = re.sub(r"#### 5\.X\.1 Primary Tables\n```sql\n.*?\n```", "", text, flags=re.DOTALL)
    lines = text.splitlines()
    path.write_text(text, encoding="utf-8")
    for error in errors(path):
        assert error.code == "AV230"
        suggestion = re.search(r"`(CREATE INDEX .*?;)`", error.help)
        assert suggestion is not None
        lines[error.line - 1] = suggestion.group(1)
    path.write_text("\n".join(lines), encoding="utf-8")
    compiled = compile_spec(parse(path, "seed.md"), server)
    assert [table.key.name for table in compiled.catalog.of_type(Table)] == [
        "roles",
        "user_roles",
        "user_sessions",
        "users",
    ]
    assert len(list(compiled.catalog.of_type(Index))) == 9
