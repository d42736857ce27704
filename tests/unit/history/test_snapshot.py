"""The snapshot comes back as it was written; a damaged one is one diagnostic."""

from __future__ import annotations

from pathlib import Path

import pytest

from alembic_vibe.catalog.facts import Enum, Fact, Schema
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.history.snapshot import Snapshot, read_snapshot

FACTS: list[Fact] = [
    Schema(key=Key(Kind.SCHEMA, "", "billing")),
    Enum(key=Key(Kind.ENUM, "billing", "kind"), labels=("ü", 'quo"te', "two\nlines")),
]
SNAPSHOT = Snapshot(
    spec="docs/spec.md",
    head="0002",
    server_version=180000,
    source="abc",
    facts={fact.key: fact for fact in FACTS},
    files={"b.py": "2", "a.py": "1"},
    pending=(),
)


def test_it_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "vibe_snapshot.json"
    path.write_text(SNAPSHOT.text(), encoding="utf-8")
    found = read_snapshot(path)
    assert found == SNAPSHOT
    assert list(found.facts) == [fact.key for fact in FACTS]  # in an order in which they can be made
    assert found.text() == SNAPSHOT.text()
    assert read_snapshot(tmp_path / "other.json") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: "[]",
        lambda text: "3",
        lambda text: "<<<<<<< HEAD\n" + text,
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"format": 2', '"format": 3'),
        lambda text: text.replace('"head"', '"tail"'),
        lambda text: text.replace('"Enum"', '"Enumeration"'),
        lambda text: text.replace('"labels"', '"lables"'),
        lambda text: text.replace('["enum", "billing", "kind"]', "[]"),
        lambda text: text.replace('"objects": [', '"objects": [7, '),
        lambda text: text.replace('{"a.py": "1", "b.py": "2"}', "5"),
    ],
)
def test_a_damaged_one_is_one_diagnostic(change: object, tmp_path: Path) -> None:
    path = tmp_path / "vibe_snapshot.json"
    text = change(SNAPSHOT.text())  # type: ignore[operator]
    assert text != SNAPSHOT.text()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_snapshot(path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "AV811"


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "vibe_snapshot.json"
    path.write_bytes(b"\xff\xfe{}")
    with pytest.raises(ConfigurationError):
        read_snapshot(path)
