"""The battery of a release passes where the release is at home, and finds what breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.battery import Battery, make_battery
from alembic_vibe.prove.rows import fill_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

SHOP = """
CREATE TYPE state AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN cents AS integer CHECK (VALUE >= 0);
CREATE TABLE users (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, name varchar(40), note text,
  created_at timestamptz NOT NULL DEFAULT now(), shout text GENERATED ALWAYS AS (upper(email)) STORED);
CREATE TABLE orders (
  id bigserial PRIMARY KEY, user_id integer NOT NULL REFERENCES users, number char(8) NOT NULL, amount cents NOT NULL,
  status state NOT NULL DEFAULT 'new', data jsonb, place point, raw json, tags text[], old_ref text, new_ref text,
  CHECK (num_nonnulls(old_ref, new_ref) >= 1), UNIQUE (user_id, number));
CREATE UNIQUE INDEX orders_ref ON orders (lower(old_ref)) WHERE old_ref IS NOT NULL;
CREATE TABLE logs (at timestamptz NOT NULL, what xml);
CREATE VIEW paid AS SELECT o.id, u.email FROM orders o JOIN users u ON u.id = o.user_id WHERE o.status = 'paid';
"""
CUT = """
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.note := 'cut'; RETURN NEW; END$$;
CREATE TRIGGER cut BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION cut();
"""


@pytest.fixture
def connection(server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as connection:
        yield connection


def battery_of(connection: psycopg.Connection[Any], ddl: str) -> Battery:
    connection.execute(ddl.encode())
    fill_tables(connection)
    return make_battery(connection, read_catalog(connection).catalog)


def tried(battery: Battery, table: str) -> list[str]:
    return [trial.what for trial in battery.trials if trial.relation.name == table]


def test_what_is_tried(connection: psycopg.Connection[Any]) -> None:
    battery = battery_of(connection, SHOP)
    assert [str(failure) for failure in battery.not_tried] == []
    assert tried(battery, "users") == [
        "SELECT",
        "INSERT of all columns",
        "INSERT of the least columns",
        "UPDATE of email",
        "UPDATE of name",
        "UPDATE of note",
        "UPDATE of created_at",
        "UPSERT by users_pkey of a new row",
        "UPSERT by users_email_key of a new row",
        "UPSERT by users_email_key of an existing row",
        "DELETE",
    ]
    assert len([what for what in tried(battery, "orders") if what.startswith("UPDATE")]) == 11
    assert "UPSERT by orders_ref of an existing row" in tried(battery, "orders")
    assert tried(battery, "logs") == [
        "SELECT",
        "INSERT of all columns",
        "INSERT of the least columns",
        "UPDATE of at",
        "UPDATE of what",
        "DELETE",
    ]
    assert tried(battery, "paid") == ["SELECT"]
    assert battery.run(connection) == ()


def test_the_least_columns(connection: psycopg.Connection[Any]) -> None:
    battery = battery_of(connection, SHOP)
    least = {
        trial.relation.name: trial.attempt.statements[-1]
        for trial in battery.trials
        if trial.what == "INSERT of the least columns"
    }
    assert least["users"].startswith("INSERT INTO users (email) VALUES ('")
    assert least["users"].endswith("'::text) RETURNING id")
    assert least["orders"].startswith("INSERT INTO orders (user_id, number, amount, old_ref) VALUES (")
    assert "::bpchar, " in least["orders"]  # as sent, not cut to length


def test_nothing_is_left_behind(connection: psycopg.Connection[Any]) -> None:
    connection.execute(SHOP.encode())
    fill_tables(connection)
    before = read_catalog(connection).catalog
    rows = connection.execute("SELECT u::text FROM users u ORDER BY 1").fetchall()
    make_battery(connection, before).run(connection)
    assert read_catalog(connection).catalog == before
    assert connection.execute("SELECT u::text FROM users u ORDER BY 1").fetchall() == rows
    assert connection.execute("SELECT count(*) FROM pg_proc WHERE proname ~ '^vibe'").fetchone() == (0,)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("ALTER TABLE users ADD city text", []),
        ("ALTER TABLE users ADD city text NOT NULL DEFAULT ''", []),
        ("ALTER TABLE users DROP COLUMN note", ['"note" of relation "users" does not exist', "UPDATE of note"]),
        ("ALTER TABLE users ALTER note SET NOT NULL", ["INSERT of the least columns on users: null value"]),
        ("ALTER TABLE users RENAME name TO full_name", ["SELECT on users"]),
        ("ALTER TABLE users RENAME TO people", ["SELECT on users", "DELETE on users"]),
        ("ALTER TABLE users DROP CONSTRAINT users_email_key", ["UPSERT by users_email_key of a new row on users"]),
        ("ALTER TABLE orders ADD CHECK (amount < 0) NOT VALID", ["INSERT of all columns on orders"]),
        ("ALTER TABLE users ALTER note TYPE int USING 1", ["INSERT of all columns on users", "UPDATE of note"]),
        ("ALTER TABLE orders ALTER amount TYPE bigint", []),
        ("ALTER TYPE state RENAME TO order_state", ['type "state" does not exist']),
        ("ALTER TYPE state ADD VALUE 'back'", []),
        ("ALTER TABLE users ALTER name TYPE text", []),
        ("DROP VIEW paid", ["SELECT on paid"]),
        (
            CUT,
            ["it reads back otherwise: note", "UPDATE of note"],
        ),
        (
            "ALTER TABLE users RENAME TO users_all; CREATE VIEW users AS SELECT * FROM users_all WHERE false",
            ["SELECT on users: it finds 0 of 2 row(s)", "UPDATE of name"],
        ),
        ("UPDATE users SET id = DEFAULT WHERE false; DELETE FROM orders; DELETE FROM users", ["UPDATE of name"]),
    ],
)
def test_what_breaks_a_release(connection: psycopg.Connection[Any], change: str, found: list[str]) -> None:
    battery = battery_of(connection, SHOP)
    connection.execute(change.encode())
    failures = battery.run(connection)
    told = "\n".join(str(failure) for failure in failures)
    assert bool(told) == bool(found), told
    for part in found:
        assert part in told


def test_a_renamed_table_behind_a_view_still_serves(connection: psycopg.Connection[Any]) -> None:
    """Recipe 44, of a table that nothing refers to."""
    battery = battery_of(connection, "CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL UNIQUE, n int DEFAULT 1)")
    connection.execute("ALTER TABLE t RENAME TO u; CREATE VIEW t WITH (security_invoker) AS SELECT * FROM u")
    assert battery.run(connection) == ()


def test_every_kind_of_table(connection: psycopg.Connection[Any]) -> None:
    schema = Path(__file__).parent.parent / "rows" / "every_kind_of_table.sql"
    battery = battery_of(connection, schema.read_text())
    assert battery.run(connection) == ()
    assert len(battery.trials) > 250
    names = {failure.relation.name for failure in battery.not_tried}
    assert {"hard_a", "hard_b", "impossible", "nopart"} <= names


def test_only_some_tables(connection: psycopg.Connection[Any]) -> None:
    connection.execute(SHOP.encode())
    fill_tables(connection)
    users = Key(Kind.TABLE, "public", "users")
    battery = make_battery(connection, read_catalog(connection).catalog, [users])
    assert {trial.relation for trial in battery.trials} == {users}
    assert battery.of([]).trials == ()
