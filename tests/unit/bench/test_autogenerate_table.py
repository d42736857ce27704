"""The table in docs/autogenerate.md names every feature and tool of the script that writes it, in the same order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.autogenerate.features import either
from bench.autogenerate.table import ACTIONS, BEGIN, END, FEATURES, Verdict, replaced, table
from bench.autogenerate.tools import TOOLS, pinned

PAGE = Path(__file__).parents[3] / "docs/autogenerate.md"
NAMES = [tool.name for tool in TOOLS]


def test_the_page_is_as_the_script_writes_it() -> None:
    text = PAGE.read_text("utf-8")
    rows = [line for line in text.split(BEGIN)[1].split(END)[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    assert cells[0] == ["feature", *NAMES]
    assert [row[0] for row in cells[2:-1]] == [feature.name for feature in FEATURES]
    for row in cells[2:-1]:
        assert len(row) == len(NAMES) + 1
        for cell in row[1:]:
            assert len(cell.split()) == len(ACTIONS), row
            assert set(cell.split()) <= set(Verdict)
    right = [sum(row[number].count(Verdict.RIGHT) for row in cells[2:-1]) for number in range(1, len(NAMES) + 1)]
    assert cells[-1][1:] == [str(one) for one in right]


def test_every_tool_is_pinned() -> None:
    wanted = pinned()
    assert all("==" in wanted[package] for tool in TOOLS for package in tool.packages)


def test_the_table_replaces_what_stands_between_the_markers() -> None:
    verdicts = {("Alembic", FEATURES[0].name, "add"): Verdict.RIGHT}
    page = replaced(f"a\n{BEGIN}\nold\n{END}\nb\n", table(verdicts, FEATURES[:1], ["Alembic"], ["PostgreSQL 18"]))
    assert page.startswith(f"a\n{BEGIN}\n\n| feature | Alembic |")
    assert f"| {FEATURES[0].name} | ✓ - - |" in page
    assert "old" not in page
    with pytest.raises(ValueError, match="not enough values"):
        replaced("no markers", "")


def test_either_has_one_text_a_state() -> None:
    assert either("x «a¦b» y") == ("", "x a y", "x b y")
