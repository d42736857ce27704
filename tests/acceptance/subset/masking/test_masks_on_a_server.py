"""Masks go through a real server: every type and constraint of a hard schema takes them, no original stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.subset.masking import Masker, leaks, read_classification, suggest, unclassified
from alembic_vibe.subset.schema import read_schema
from alembic_vibe.subset.source import TEXT_FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.subset.masking.masker import Row
    from alembic_vibe.subset.schema import Schema, Table

pytestmark = pytest.mark.server

HERE = Path(__file__).parent
PEOPLE, LOGINS = (Key(Kind.TABLE, "public", name) for name in ("people", "logins"))
SAYING_NOTHING = (None, "", "{}", "[]", "-", "!")
KEY = b"only for tests"


class World:
    """The source, and an empty copy of it."""

    def __init__(self, source: Connection[Any], target: Connection[Any], schema: Schema) -> None:
        self.source, self.target, self.schema = source, target, schema
        self.tables = {table.key: table for table in schema.tables.values()}

    def copy(self, masker: Masker) -> dict[Key, list[dict[str, str | None]]]:
        """Mask everything, load it with all constraints on, and return what the target has then."""
        self.target.execute("TRUNCATE people, logins")
        found = {}
        for key in (PEOPLE, LOGINS):
            table = self.tables[key]
            rows = masker.table(key, table.columns).rows(read(self.source, table))
            load(self.target, table, rows)
            found[key] = [dict(zip(table.columns, row, strict=True)) for row in read(self.target, table)]
        return found

    def output(self) -> list[tuple[Key, list[str], list[list[Row]]]]:
        """What the target has, for the search."""
        return [(key, table.columns, [read(self.target, table)]) for key, table in self.tables.items()]


def read(connection: Connection[Any], table: Table) -> list[Row]:
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY 1) TO STDOUT").format(*parts(table))
    with connection.cursor().copy(query) as copy:
        return list(copy.rows())


def load(connection: Connection[Any], table: Table, rows: list[Row]) -> None:
    columns, name = parts(table)
    with connection.cursor().copy(sql.SQL("COPY {1} ({0}) FROM STDIN").format(columns, name)) as copy:
        for row in rows:
            copy.write_row(row)


def parts(table: Table) -> tuple[sql.Composed, sql.Identifier]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return columns, sql.Identifier(table.key.schema, table.key.name)


@pytest.fixture(scope="module")
def world(server: ScratchServer) -> Iterator[World]:
    names = [server.create_database(), server.create_database()]
    with server.connect(names[0], autocommit=True) as source, server.connect(names[1], autocommit=True) as target:
        for connection in (source, target):
            connection.execute((HERE / "schema.sql").read_bytes())
            for form in TEXT_FORMS:
                connection.execute(form.replace("SET LOCAL", "SET").encode())
        source.execute((HERE / "rows.sql").read_bytes())
        yield World(source, target, read_schema(source))
    for name in names:
        server.drop_database(name)


@pytest.fixture(scope="module")
def suggested(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeds") / "subset.toml"
    path.write_text(suggest(world.source, world.schema.facts, read_classification(path)).text(), encoding="utf-8")
    return path


def test_what_is_suggested_satisfies_every_constraint_and_lets_nothing_through(world: World, suggested: Path) -> None:
    known = read_classification(suggested)
    assert unclassified(known, world.schema.facts, world.source) == []
    masker = Masker(known, KEY, world.schema.facts, world.source)
    masked = world.copy(masker)
    before = {key: read(world.source, table) for key, table in world.tables.items()}
    kept = {"id", "status", "feeling", "joined_at", "at"}
    for key, rows in masked.items():
        columns = world.tables[key].columns
        assert len(rows) == len(before[key])
        for old_row, new in zip(before[key], rows, strict=True):
            old = dict(zip(columns, old_row, strict=True))
            for column in columns:
                same = old[column] == new[column]
                if old[column] not in SAYING_NOTHING:
                    assert same is (column in kept), (column, old[column], new[column])
    people = {row["id"]: row for row in masked[PEOPLE]}
    for login in masked[LOGINS]:
        person = people[login["id"]]
        assert login["person_email"] == login["email"] == person["email"]
        assert str(login["by_login"]).lower() == str(person["login"]).lower()
        assert login["plate"] == person["plate"]
    for person in people.values():
        assert str(person["email"]).endswith(("@example.com", "@example.org", "@example.net"))
        assert str(person["seen_from"]).startswith(("None", "192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"))
    lived = "SELECT id, died_on - born_on FROM people ORDER BY id"
    assert world.target.execute(lived.encode()).fetchall() == world.source.execute(lived.encode()).fetchall()
    assert [f.message for f in leaks(masker, world.output())] == []


def test_the_same_key_masks_alike_and_another_does_not(world: World, suggested: Path) -> None:
    known = read_classification(suggested)
    one, two, other = (
        world.copy(Masker(known, key, world.schema.facts, world.source)) for key in (KEY, KEY, b"another key")
    )
    assert one == two
    differing = [old["email"] != new["email"] for old, new in zip(one[PEOPLE], other[PEOPLE], strict=True)]
    assert all(differing)


def test_what_nobody_has_decided_about_is_replaced(world: World, tmp_path: Path) -> None:
    nothing = read_classification(tmp_path / "subset.toml")
    masker = Masker(nothing, KEY, world.schema.facts, world.source)
    masked = world.copy(masker)
    numbers = {"id", "salary", "latitude", "age", "born_on", "died_on", "joined_at", "at", "token", "status", "feeling"}
    for key, rows in masked.items():
        columns = world.tables[key].columns
        for old_row, new in zip(read(world.source, world.tables[key]), rows, strict=True):
            for column, old in zip(columns, old_row, strict=True):
                if old not in SAYING_NOTHING and column not in numbers:
                    assert new[column] != old, (column, old)
    assert {row["tags"] for row in masked[PEOPLE]} == {None}
    found = unclassified(nothing, world.schema.facts, world.source)
    assert {f.code for f in found} == {"AV661"}
    assert {place.column for place in masker.open} >= {
        "email",
        "by_login",
        "profile",
        "labels",
        "home",
        "homes",
        "line",
    }
    assert not any("by_login" in f.message for f in found)  # it follows what it refers to
    assert 'Add email = "email" below [public.people]' in "".join(f.help for f in found)


def test_an_original_in_the_output_is_found(world: World, suggested: Path) -> None:
    masker = Masker(read_classification(suggested), KEY, world.schema.facts, world.source)
    world.copy(masker)
    [(email, phone, login)] = world.source.execute(
        "SELECT upper(email), phone, login FROM people WHERE phone > '' AND length(login) > 4 ORDER BY id LIMIT 1"
    ).fetchall()
    world.target.execute("UPDATE logins SET line = 'mail of ' || %s WHERE id = 1", (email,))
    world.target.execute("UPDATE logins SET line = 'call ' || %s || ' now' WHERE id = 2", (phone,))
    world.target.execute("UPDATE people SET profile = jsonb_build_object('a', %s::text) WHERE id = 3", (str(login),))
    found = leaks(masker, world.output())
    assert [(f.severity, f.message) for f in found] == [
        ("error", "logins.line: 2 values hold an original of a masked column"),
        ("error", "people.profile: 1 value holds an original of a masked column"),
    ]
