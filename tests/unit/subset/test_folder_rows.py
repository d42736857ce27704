"""The CSV of a folder: what is written is what is read, whatever is in a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_vibe.subset.folder import _line, read_rows

if TYPE_CHECKING:
    from pathlib import Path

_VALUES = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6) | st.just('",\r\n\\.')


@settings(max_examples=40)
@given(rows=st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[_VALUES] * n), max_size=5)))
def test_rows_come_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, ...]]) -> None:
    folder: Path = tmp_path_factory.getbasetemp()
    (folder / "rows.csv").write_bytes(b"".join(map(_line, [("header",), *rows])))
    assert list(read_rows(folder, "rows.csv")) == rows
