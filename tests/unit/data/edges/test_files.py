"""Test data as files: what is written comes back, and a damaged file is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.data.edges import Case, Refusal, TableCases, TestData, render_test_data
from alembic_vibe.data.edges.files import read_test_data
from alembic_vibe.diagnostics import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

texts = st.text("aZ0-Ä雪\"'\\\n\t{}[]%$ ", max_size=6)
values = st.none() | texts | st.integers().map(str) | st.builds(lambda char, n: char * n, texts, st.integers(20, 90))
rows = st.dictionaries(texts, values, max_size=4)
keys = st.builds(lambda schema, name: Key(Kind.TABLE, schema, name), texts, texts)
refusals = st.builds(Refusal, st.sampled_from(["23514", "23502"]), texts, texts)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.builds(
        TableCases,
        key=keys,
        minimal=rows,
        second=st.none() | rows,
        after=st.lists(st.tuples(keys, st.booleans())).map(tuple),
        accepted=st.lists(st.builds(Case, texts, rows, st.none() | rows, st.none()), max_size=2).map(tuple),
        rejected=st.lists(st.builds(Case, texts, rows, st.none() | rows, refusals), max_size=2).map(tuple),
        whole_numbers=st.frozensets(texts, max_size=2),
        booleans=st.frozensets(texts, max_size=2),
    )
)
def test_what_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, table: TableCases) -> None:
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "test").mkdir()
    for path, text in render_test_data(TestData([table])).items():
        (folder / path).write_text(text, encoding="utf-8")
        json.loads(text)
    (back,) = read_test_data(folder)
    for name in ("key", "minimal", "second", "after", "accepted", "rejected"):
        assert getattr(back, name) == getattr(table, name)


def test_numbers_and_long_texts_are_readable() -> None:
    table = TableCases(
        Key(Kind.TABLE, "shop", "a/b"),
        {"n": "-7", "m": "007", "b": "true", "t": "x" + "a" * 300},
        whole_numbers=frozenset("nm"),
        booleans=frozenset("b"),
    )
    ((path, text),) = render_test_data(TestData([table])).items()
    assert path == "test/shop_a_b.json"
    assert json.loads(text)["minimal"] == {"n": -7, "m": "007", "b": True, "t": {"parts": ["x", ["a", 300]]}}


def test_two_tables_never_share_a_file() -> None:
    tables = [TableCases(Key(Kind.TABLE, schema, name), {}) for schema, name in (("a", "b_c"), ("a_b", "c"))]
    assert len(render_test_data(TestData(tables))) == 2


@pytest.mark.parametrize("damage", ["{", "[]", '{"schema": "public"}', '{"schema": 1, "table": 2, "after": 3}'])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "users.json").write_text(damage, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="test data cannot be read") as raised:
        read_test_data(tmp_path)
    assert raised.value.diagnostics[0].code == "AV645"
    assert raised.value.diagnostics[0].path.endswith("users.json")
