"""All contestants of the benchmark work on the schema that it says."""

from __future__ import annotations

import importlib
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from alembic_vibe import compilation
from alembic_vibe.diagnostics import Severity
from bench import schema
from bench.measure import ProgramError, run


def test_the_models_have_what_is_promised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bench_models.py").write_text(schema.models(25, 10), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    metadata = importlib.import_module("bench_models").Base.metadata
    assert len(metadata.tables) == 25
    for table in metadata.tables.values():
        checks = [found for found in table.constraints if isinstance(found, sa.CheckConstraint)]
        found = (len(table.columns), len(table.indexes), len(table.foreign_keys), len(checks))
        assert found == (12, 3, 1, 1)


def test_the_specification_says_the_same(tmp_path: Path) -> None:
    document = tmp_path / "specification.md"
    document.write_text(schema.specification(25, 10), encoding="utf-8")
    parsed = compilation.parse(document, document.name)
    assert [found for found in parsed.diagnostics if found.severity is not Severity.INFO] == []
    assert [found.number for found in parsed.spec.sections] == ["5.1", "5.2", "5.3", "5.4", "5.5"]
    statements = parsed.sql.statements
    assert Counter(found.node_type for found in statements) == {"CreateStmt": 25, "IndexStmt": 75}
    columns = Counter(
        next(iter(element)) for found in statements for element in found.node.get("CreateStmt", {}).get("tableElts", ())
    )
    assert columns == {"ColumnDef": 12 * 25, "Constraint": 25}


def test_a_program_is_measured_and_its_failure_told(tmp_path: Path) -> None:
    measured = run([sys.executable, "-c", "import time; x = bytearray(50_000_000); time.sleep(0.3)"], tmp_path)
    assert measured.wall >= 0.3
    assert measured.memory == 0 or measured.memory > 45
    with pytest.raises(ProgramError, match="no good"):
        run([sys.executable, "-c", "raise SystemExit('no good')"], tmp_path)


def test_one_column_gets_another_type() -> None:
    text = schema.specification(25, 10)
    lines = zip(text.splitlines(), schema.with_another_type(text, 12).splitlines(), strict=True)
    ((before, after),) = [(before, after) for before, after in lines if before != after]
    assert "varchar(40)" in before
    assert after == before.replace("varchar(40)", "varchar(60)")
