"""Which objects use a column: the planner takes down and puts back exactly these."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.introspect import read_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

PEOPLE = Key(Kind.TABLE, "public", "people")
TABLE = "CREATE TABLE people (id int PRIMARY KEY, name text, code text, born date);"
ACTION = "EXECUTE FUNCTION suppress_redundant_updates_trigger()"


@pytest.fixture
def users(server: ScratchServer, database: str) -> Callable[..., frozenset[Key]]:
    """Run some SQL, and say who uses a column of ``people`` (or of another table or view) then."""

    def find(sql: str, column: str = "name", table: Key = PEOPLE) -> frozenset[Key]:
        with server.connect(database, autocommit=True) as connection:
            connection.execute(sql.encode())
            catalog = read_catalog(connection).catalog
        assert table in catalog.facts
        return catalog.column_users.get((table, column), frozenset())

    return find


def on_people(kind: Kind, name: str) -> Key:
    return Key(kind, "public", "people", name)


@pytest.mark.parametrize(
    ("sql", "user"),
    [
        ("ALTER TABLE people ADD CONSTRAINT c UNIQUE (name)", on_people(Kind.CONSTRAINT, "c")),
        ("ALTER TABLE people ADD CONSTRAINT c CHECK (name <> '')", on_people(Kind.CONSTRAINT, "c")),
        ("CREATE INDEX i ON people (lower(name))", Key(Kind.INDEX, "public", "i")),
        ("CREATE INDEX i ON people (id) WHERE name <> ''", Key(Kind.INDEX, "public", "i")),
        ("CREATE INDEX i ON people (id) INCLUDE (name)", Key(Kind.INDEX, "public", "i")),
        ("CREATE STATISTICS s ON name, code FROM people", Key(Kind.STATISTICS, "public", "s")),
        ("CREATE VIEW v AS SELECT id FROM people WHERE name <> ''", Key(Kind.VIEW, "public", "v")),
        ("CREATE MATERIALIZED VIEW v AS SELECT name FROM people", Key(Kind.MATERIALIZED_VIEW, "public", "v")),
        (
            "CREATE RULE r AS ON UPDATE TO people WHERE NEW.name <> OLD.name DO INSTEAD NOTHING",
            on_people(Kind.RULE, "r"),
        ),
        ("CREATE POLICY p ON people USING (name = current_user)", on_people(Kind.POLICY, "p")),
        ("CREATE POLICY p ON people FOR INSERT WITH CHECK (name = current_user)", on_people(Kind.POLICY, "p")),
        (
            f"CREATE TRIGGER g BEFORE UPDATE OF name ON people FOR EACH ROW {ACTION}",
            on_people(Kind.TRIGGER, "g"),
        ),
        (
            f"CREATE TRIGGER g BEFORE UPDATE ON people FOR EACH ROW WHEN (OLD.name IS NULL) {ACTION}",
            on_people(Kind.TRIGGER, "g"),
        ),
        (
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT max(name) FROM people; END",
            Key(Kind.FUNCTION, "public", "f"),
        ),
        ("CREATE SEQUENCE q OWNED BY people.name", Key(Kind.SEQUENCE, "public", "q")),
        ("ALTER TABLE people ADD big text GENERATED ALWAYS AS (upper(name)) STORED", PEOPLE),
        ("CREATE PUBLICATION p FOR TABLE people (id, name)", Key(Kind.OTHER, "", "p", "publication")),
        ("CREATE PUBLICATION p FOR TABLE people WHERE (name <> '')", Key(Kind.OTHER, "", "p", "publication")),
    ],
)
def test_what_uses_a_column(users: Callable[..., frozenset[Key]], sql: str, user: Key) -> None:
    assert users(f"{TABLE} {sql}") == {user}
    assert users("SELECT 1", "born") == frozenset()


def test_a_foreign_key_uses_the_columns_of_both_tables(users: Callable[..., frozenset[Key]]) -> None:
    key = Key(Kind.CONSTRAINT, "public", "pets", "pets_owner_fkey")
    primary = on_people(Kind.CONSTRAINT, "people_pkey")
    assert users(TABLE + "CREATE TABLE pets (owner int REFERENCES people)", "id") == {primary, key}
    assert users("SELECT 1", "owner", Key(Kind.TABLE, "public", "pets")) == {key}


def test_views_on_views_are_no_direct_users(users: Callable[..., frozenset[Key]]) -> None:
    view = Key(Kind.VIEW, "public", "v")
    sql = TABLE + "CREATE VIEW v AS SELECT name FROM people; CREATE VIEW w AS SELECT name FROM v"
    assert users(sql) == {view}
    assert users("SELECT 1", "name", view) == {Key(Kind.VIEW, "public", "w")}


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE people ADD n int GENERATED ALWAYS AS IDENTITY",
        "ALTER TABLE people ADD n int DEFAULT 1 NOT NULL",
        "ALTER TABLE people ADD n text GENERATED ALWAYS AS (upper(name)) STORED",
        "ALTER TABLE people ADD n int; CREATE VIEW v AS SELECT name, tableoid FROM people",
    ],
)
def test_what_belongs_to_a_column_is_no_user(users: Callable[..., frozenset[Key]], sql: str) -> None:
    assert users(f"{TABLE} {sql}", "n") == frozenset()
