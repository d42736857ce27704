"""A specification that was loaded before is not loaded again, and nothing shows the difference."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from alembic_vibe import compilation
from alembic_vibe.diagnostics import SpecError
from alembic_vibe.history import cache
from alembic_vibe.postgres.server import scratch_server
from tests.acceptance.postgres.test_server import named_bin_dir

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.compilation import Compiled
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

HEAD = """\
# Product

## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+

### 5.3 Core System Tables
"""
SHOP = """\
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    email citext,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'paid')),
    seen timestamp
);
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    last_order bigint REFERENCES orders (id)
);
CREATE VIEW open_orders AS SELECT id, state FROM orders WHERE state <> 'paid';
CREATE ROLE clerk NOLOGIN;
GRANT SELECT ON orders TO clerk;
CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO countries (code, name) VALUES ('fr', 'France'), ('de', 'Germany');
"""


@pytest.fixture(autouse=True)
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own for each test."""
    monkeypatch.setattr(cache.Shelf, "folder", tmp_path / "cache")


def compiled(server: ScratchServer, folder: Path, sql: str, *, fresh: bool = False) -> Compiled:
    """Compile a specification."""
    path = folder / "spec.md"
    path.write_text(f"{HEAD}```sql\n{sql}\n```\n", encoding="utf-8")
    return compilation.compile_spec(compilation.parse(path, "spec.md"), server, fresh=fresh)


def assert_same(one: Compiled, other: Compiled) -> None:
    """Compare all that a compiled specification says."""
    assert one.catalog.facts == other.catalog.facts
    for key, fact in one.catalog.facts.items():  # what comparing leaves out counts as well
        assert repr(fact) == repr(other.catalog.facts[key])
    assert list(one.catalog.facts) == list(other.catalog.facts)
    assert one.catalog.depends == other.catalog.depends
    assert one.catalog.column_users == other.catalog.column_users
    assert one.catalog.server_version == other.catalog.server_version
    for part in fields(one.origins):
        assert getattr(one.origins, part.name) == getattr(other.origins, part.name), part.name
    assert one.seeds == other.seeds
    assert one.diagnostics == other.diagnostics
    for part in fields(one.loaded):
        if part.name != "origins":  # addresses on one server
            assert getattr(one.loaded, part.name) == getattr(other.loaded, part.name), part.name


def test_the_same_specification_needs_no_server(server: ScratchServer, tmp_path: Path) -> None:
    first = compiled(server, tmp_path, SHOP)
    assert first.loaded.repairs  # two tables that refer to each other, and an extension
    with scratch_server(bin_dir=named_bin_dir()) as idle:
        assert_same(compiled(idle, tmp_path, SHOP), compiled(idle, tmp_path, SHOP, fresh=True))
    with scratch_server(bin_dir=named_bin_dir()) as idle:
        compiled(idle, tmp_path, SHOP)
        assert idle._known is None, "the server was started"


def test_findings_are_at_their_present_places(server: ScratchServer, tmp_path: Path) -> None:
    compiled(server, tmp_path, SHOP)
    moved = "-- a new line\n\n" + SHOP.replace("\nCREATE ROLE", "\n\n-- the roles\nCREATE ROLE")
    assert_same(compiled(server, tmp_path, moved), compiled(server, tmp_path, moved, fresh=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("seen timestamp", "seen timestamptz"),
        ("CREATE VIEW open_orders AS SELECT id, state", "CREATE VIEW open_orders AS SELECT id"),
        ("GRANT SELECT ON orders TO clerk;\n", ""),
        ("('de', 'Germany')", "('de', 'Deutschland')"),
    ],
)
def test_a_change_is_seen(server: ScratchServer, tmp_path: Path, old: str, new: str) -> None:
    compiled(server, tmp_path, SHOP)
    changed = SHOP.replace(old, new)
    assert changed != SHOP
    assert_same(compiled(server, tmp_path, changed), compiled(server, tmp_path, changed, fresh=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("customers (id)", "clients (id)"),
        ("('de', 'Germany')", "('de', NULL)"),
        ("('de', 'Germany')", "('fr', 'Germany')"),
        ("CREATE VIEW open_orders AS", "CREATE VIEW open_orders AS AS"),
    ],
)
def test_a_mistake_is_told_again_and_again(server: ScratchServer, tmp_path: Path, old: str, new: str) -> None:
    compiled(server, tmp_path, SHOP)
    told = []
    for _ in range(2):
        with pytest.raises(SpecError) as caught:
            compiled(server, tmp_path, SHOP.replace(old, new))
        told.append(caught.value.diagnostics)
    assert told[0] == told[1]


def test_a_damaged_entry_is_no_entry(server: ScratchServer, tmp_path: Path) -> None:
    compiled(server, tmp_path, SHOP)
    (entry,) = (tmp_path / "cache").iterdir()
    text = entry.read_text(encoding="utf-8")
    for damaged in ("", "{}", text[: len(text) // 2], text.replace('"order": [', '"order": [999, ')):
        entry.write_text(damaged, encoding="utf-8")
        assert_same(compiled(server, tmp_path, SHOP), compiled(server, tmp_path, SHOP, fresh=True))


def test_a_role_that_a_lent_server_has_by_now(server: ScratchServer, tmp_path: Path) -> None:
    """What is taken as it is on the server is not taken from before."""
    with scratch_server(server.url("postgres")) as lent:
        assert "AV303" not in {found.code for found in compiled(lent, tmp_path, SHOP).diagnostics}
    with server.connect("postgres", autocommit=True) as connection:
        connection.execute("CREATE ROLE clerk")
    try:
        with scratch_server(server.url("postgres")) as lent:
            assert "AV303" in {found.code for found in compiled(lent, tmp_path, SHOP).diagnostics}
    finally:
        with server.connect("postgres", autocommit=True) as connection:
            connection.execute("DROP ROLE clerk")
