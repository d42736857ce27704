"""Catalogs of chains that were run before: what comes back is what was kept, and a damaged one is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Column, Table, TypeRef, View
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.history import cache

if TYPE_CHECKING:
    from pathlib import Path

TABLE = Key(Kind.TABLE, "public", "people")
VIEW = Key(Kind.VIEW, "public", "names")
CATALOG = Catalog(
    facts={
        TABLE: Table(key=TABLE, columns=(Column(name="name", type=TypeRef(text="text", base="text")),)),
        VIEW: View(key=VIEW, query="SELECT name FROM people"),
    },
    depends={VIEW: frozenset({TABLE, Key(Kind.OTHER, "", "not modelled", "language")})},
    server_version=180000,
    column_users={(TABLE, "name"): frozenset({VIEW})},
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache.Shelf, "folder", tmp_path)
    return tmp_path


def test_all_of_a_catalog_comes_back() -> None:
    cache.remember("key", CATALOG)
    found = cache.cached("key")
    assert found == CATALOG
    assert (found.depends, found.column_users) == (CATALOG.depends, CATALOG.column_users)
    assert found.server_version == CATALOG.server_version


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"facts": 0, "keys": []}', '{"facts": 1}\n{"fact": "Nothing"}'])
def test_a_damaged_entry_is_no_entry(folder: Path, text: str) -> None:
    cache.remember("key", CATALOG)
    (entry,) = folder.iterdir()
    entry.write_text(text, encoding="utf-8")
    assert cache.cached("key") is None


def test_only_the_newest_entries_are_kept(folder: Path) -> None:
    for number in range(cache.CHAINS._kept + 5):
        cache.remember(f"key{number}", CATALOG)
    assert len(list(folder.iterdir())) == cache.CHAINS._kept


def test_what_other_code_has_made_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.remember("key", CATALOG)
    monkeypatch.setattr(cache, "code_digest", lambda: "other")
    assert cache.cached("key") is None


def test_a_folder_that_cannot_be_written_is_no_failure(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").write_text("")
    monkeypatch.setattr(cache.Shelf, "folder", folder / "file")
    cache.remember("key", CATALOG)
    assert cache.cached("key") is None
