from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue
from alembic_vibe.seed.write import read_seeds, render_seeds
from alembic_vibe.source import Source, Span

SOURCE = Source("docs/spec.md", "first\nsecond\n")
ROLES = SeedTable(
    Key(Kind.TABLE, "public", "roles"),
    ("name",),
    (
        SeedRow({"name": "ädmin", "permissions": ["*"], "made": SqlValue("now()")}, SOURCE, Span(6, 9)),
        SeedRow({"name": "user", "permissions": None, "level": 1.5}, SOURCE, Span(6, 9)),
    ),
)
ODD = SeedTable(Key(Kind.TABLE, "b/c", 'we"ird'), ("id",), (SeedRow({"id": 1, "j": {"a": [{"sql": "x"}]}}),))


def write(folder: Path, tables: list[SeedTable]) -> None:
    for path, text in render_seeds(tables).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def test_a_file_reads_well() -> None:
    assert render_seeds([ROLES]) == {
        "reference/01_roles.json": "{\n"
        '  "schema": "public",\n'
        '  "table": "roles",\n'
        '  "key": ["name"],\n'
        '  "source": "docs/spec.md:2",\n'
        '  "rows": [\n'
        '    {"name": "ädmin", "permissions": ["*"], "made": {"sql": "now()"}},\n'
        '    {"name": "user", "permissions": null, "level": 1.5}\n'
        "  ]\n"
        "}\n"
    }


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path, [ROLES, ODD])
    assert sorted(path.name for path in tmp_path.glob("reference/*")) == ["01_roles.json", "02_b_c_we_ird.json"]
    assert read_seeds(tmp_path) == [ROLES, ODD]
    assert read_seeds(tmp_path / "reference") == [ROLES, ODD]


def test_an_empty_folder_has_no_seeds(tmp_path: Path) -> None:
    assert read_seeds(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": "a", "table": "b", "key": ["id"], "rows": [{"x": 1}]}',
        '{"schema": 1, "rows": 2}',
        "\xff",
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "01_a.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigurationError) as caught:
        read_seeds(tmp_path)
    assert caught.value.diagnostics[0].code == "AV610"
    assert caught.value.diagnostics[0].path.endswith("01_a.json")
