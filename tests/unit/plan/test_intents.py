"""What annotations say, wherever an author may put them: beside, above, inside and behind; and what says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.intents import find_intents
from alembic_vibe.sql.parser import parse_spec
from alembic_vibe.sql.places import defined_by, find_places
from tests.unit.sql.conftest import spec_of

if TYPE_CHECKING:
    from alembic_vibe.plan.intents import Intents
    from alembic_vibe.sql.statement import ParsedSql

USERS = Key(Kind.TABLE, "public", "users")
STATE = Key(Kind.ENUM, "public", "state")


def column(name: str, table: Key = USERS) -> Key:
    return Key(Kind.COLUMN, table.schema, table.name, name)


def parsed(sql: str) -> ParsedSql:
    return parse_spec(spec_of(sql))


def intents(sql: str) -> Intents:
    found = parsed(sql)
    assert [d for d in found.diagnostics if d.code == "AV225"] == []
    return of(found)


def of(found: ParsedSql) -> Intents:
    keys = {key: s.index for s in reversed(found.statements) if (key := defined_by(s)) is not None}
    return find_intents(found.statements, keys)


def told(sql: str) -> list[str]:
    return [d.message for d in parsed(sql).diagnostics if d.code == "AV225"]


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  full_name text -- renamed from: name\n);",
        "CREATE TABLE users (\n  id bigint PRIMARY KEY,\n  -- renamed from: name\n  full_name text\n);",
        "CREATE TABLE users (\n  -- renamed from: name\n  full_name text,\n  id bigint PRIMARY KEY\n);",
        "CREATE TABLE users (\n  full_name text, -- renamed from: name\n  id bigint PRIMARY KEY\n);",
        "CREATE TABLE users (\n  id bigint PRIMARY KEY\n  , full_name text -- renamed from: name\n);",
        "CREATE TABLE users (\n  id bigint PRIMARY KEY\n  -- renamed from: name\n  , full_name text\n);",
        "CREATE TABLE users (\n  full_name text\n    -- renamed from: name\n    NOT NULL DEFAULT '',\n  id bigint\n);",
        "CREATE TABLE users (\n  full_name numeric(10,\n    2) -- renamed from: name\n    NOT NULL,\n  id bigint\n);",
        "CREATE TABLE users (id bigint, full_name text /* Renamed  From : NAME */, age int);",
        'CREATE TABLE users (\n  full_name text -- renamed from: "name"\n, id int);',
        "CREATE TABLE users (id bigint);\n-- renamed from: name\nALTER TABLE users ADD COLUMN full_name text;",
        "CREATE TABLE users (id bigint);\nALTER TABLE users ADD full_name text; -- renamed from: name",
        "CREATE TABLE users (id int);\nALTER TABLE public.users ADD a int,\n-- renamed from: name\nADD full_name int;",
        "CREATE TABLE users (\n  full_name text, -- renamed from: name -- since the merger\n  id bigint\n);",
    ],
)
def test_a_column_was_called_otherwise(sql: str) -> None:
    assert intents(sql).renamed == {column("full_name"): column("name")}


@pytest.mark.parametrize(
    "sql",
    [
        "-- renamed from: accounts\nCREATE TABLE users (\n  id bigint\n);",
        "CREATE TABLE users ( -- renamed from: accounts\n  id bigint\n);",
        "CREATE TABLE users\n-- renamed from: accounts\n(\n  id bigint\n);",
        "CREATE TABLE users (id bigint); -- renamed from: accounts",
        "CREATE TABLE users (\n  id bigint\n) -- renamed from: public.accounts\nPARTITION BY RANGE (id);",
    ],
)
def test_a_table_was_called_otherwise(sql: str) -> None:
    assert intents(sql).renamed == {USERS: Key(Kind.TABLE, "public", "accounts")}


def test_names_are_read_as_postgresql_reads_them() -> None:
    sql = (
        '-- renamed from: Old."My ""Users"""\n'
        'CREATE TABLE billing."Users" (\n  "a.b" int, -- renamed from: "c.D"\n'
        "  straße int -- renamed from: STRAßE_Ä\n);"
    )
    table = Key(Kind.TABLE, "billing", "Users")
    assert intents(sql).renamed == {
        table: Key(Kind.TABLE, "old", 'My "Users"'),
        column("a.b", table): column("c.D", table),
        column("straße", table): column("straße_Ä", table),
    }


def test_a_table_without_schema_was_in_the_same_one() -> None:
    found = intents("-- renamed from: bills\nCREATE TABLE billing.invoices (id int);")
    assert list(found.renamed.values()) == [Key(Kind.TABLE, "billing", "bills")]


@pytest.mark.parametrize(
    ("said", "old"),
    [
        ("people.phone", Key(Kind.COLUMN, "public", "people", "phone")),
        ('"S"."Leute"."Tel. Nr."', Key(Kind.COLUMN, "S", "Leute", "Tel. Nr.")),
        ("People . Phone  -- for now", Key(Kind.COLUMN, "public", "people", "phone")),
    ],
)
def test_a_column_was_in_another_table(said: str, old: Key) -> None:
    found = intents(f"CREATE TABLE users (\n    id bigint,\n    phone text -- moved from: {said}\n);")
    assert found.moved == {column("phone"): old}
    assert found.renamed == {}
    assert column("phone") in found.places


@pytest.mark.parametrize("said", ["phone", "a.b.c.d", "people.", "1"])
def test_a_move_names_a_column_with_its_table(said: str) -> None:
    (message,) = told(f"CREATE TABLE users (\n    phone text -- moved from: {said}\n);")
    assert "not the name of a column with its table" in message


def test_a_table_does_not_move() -> None:
    (message,) = told("-- moved from: people.phone\nCREATE TABLE users (phone text);")
    assert "`moved from:` is about a column" in message


def test_labels_of_an_enum() -> None:
    sql = (
        "CREATE TYPE state AS ENUM (\n  'new', -- renamed from: fresh\n  -- renamed from: 'it''s on, its way'\n"
        "  'sent',\n  'done'\n);"
    )
    found = intents(sql)
    assert found.renamed_labels == {(STATE, "new"): "fresh", (STATE, "sent"): "it's on, its way"}
    source, span = found.places[STATE._replace(member="new")]
    assert source.text[slice(*span)] == "-- renamed from: fresh"
    added = intents("CREATE TYPE state AS ENUM ('a');\nALTER TYPE state ADD VALUE 'b'; -- renamed from: c")
    assert added.renamed_labels == {(STATE, "b"): "c"}


@pytest.mark.parametrize(
    ("comment", "value"),
    [
        ("-- backfill: coalesce(a, 'x, y')", "coalesce(a, 'x, y')"),
        ("-- backfill: 'a -- b' || \"c -- d\"", "'a -- b' || \"c -- d\""),
        ("-- backfill: a + 1 -- for now", "a + 1"),
        ("-- backfill: a /* old */ + 1;", "a           + 1"),
        ("-- backfill: 'a; convert: b'", "'a; convert: b'"),
        ("/* backfill: CASE WHEN a\n     THEN b ELSE c END */", "CASE WHEN a\nTHEN b ELSE c END"),
        ("-- backfill: (SELECT max(x) FROM t)", "(SELECT max(x) FROM t)"),
    ],
)
def test_expressions(comment: str, value: str) -> None:
    found = intents(f"CREATE TABLE users (\n  {comment}\n  total int NOT NULL,\n  id int\n);")
    assert found.backfill == {column("total"): value}


@pytest.mark.parametrize(
    "comment",
    [
        "-- renamed from: sum; convert: round(sum * 100); backfill: 0",
        "-- renamed from: sum\n  -- convert: round(sum * 100)\n  -- backfill: 0",
        "/* renamed from: sum\n   * convert: round(sum * 100)\n   * backfill: 0 */",
    ],
)
def test_several_in_one_place(comment: str) -> None:
    found = intents(f"CREATE TABLE users (\n  {comment}\n  cents bigint NOT NULL\n);")
    key = column("cents")
    assert (found.renamed, found.convert, found.backfill) == (
        {key: column("sum")},
        {key: "round(sum * 100)"},
        {key: "0"},
    )


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("CREATE TABLE users (\n  id bigint\n  -- renamed from: ident\n);", "stands under the last column"),
        ("-- renamed from: accounts\n\nCREATE TABLE users (id bigint);", "belongs to nothing"),
        ("CREATE TABLE users (id bigint);\n\n-- backfill: 1\n", "belongs to nothing"),
        ("-- backfill: 1\nCREATE TABLE users (id bigint);", "is about a column"),
        ("CREATE TABLE users (\n  id bigint,\n  -- convert: 1\n  PRIMARY KEY (id)\n);", "is about a column"),
        ("CREATE TABLE users (\n  id bigint,\n  PRIMARY KEY (id) -- renamed from: x\n);", "not needed for constraints"),
        ("CREATE TABLE t (id int);\n-- renamed from: i\nCREATE INDEX j ON t (id);", "for tables, columns and labels"),
        ("-- renamed from: s\nCREATE TYPE state AS ENUM ('a');", "for tables, columns and labels"),
        ("CREATE TABLE t (id int);\n-- backfill: 1\nINSERT INTO t VALUES (1);", "makes no table"),
        ("CREATE TABLE users (\n  id bigint -- renamed from: users.ident\n);", "not the name of a column"),
        ("CREATE TABLE users (\n  id bigint -- renamed from: the old id\n);", "not the name of a column"),
        ("-- renamed from: a.b.c\nCREATE TABLE users (id bigint);", "not the name of a table"),
        ("CREATE TABLE users (\n  id bigint -- renamed from:\n);", "nothing follows"),
        ("CREATE TABLE users (\n  id bigint -- backfill: 1 +\n);", "not one SQL expression"),
        ("CREATE TABLE users (\n  id bigint -- backfill: 1, 2\n);", "not one SQL expression"),
        ("CREATE TABLE users (\n  id bigint -- backfill: 1) FROM (SELECT 2\n);", "not one SQL expression"),
        ("CREATE TABLE users (\n  -- renamed from: a\n  id bigint -- renamed from: b\n);", "said twice"),
        ("-- renamed from: a\nALTER TABLE users ADD a int, ADD b int;\nCREATE TABLE users (id int);", "for tables"),
    ],
)
def test_what_says_nothing_is_reported(sql: str, message: str) -> None:
    (found,) = told(sql)
    assert message in found


def test_what_does_not_parse_hides_no_stray() -> None:
    assert told("-- renamed from: a\nCREATE TABEL users (id int);") == []


def test_places_of_tables_and_columns() -> None:
    sql = 'CREATE TABLE users (\n  id bigint,\n  "größe x" int, å int\n);\nALTER TABLE users ADD COLUMN b text;'
    places = find_places(parsed(sql).statements)
    shown = {key: source.text[slice(*span)] for key, (source, span) in places.items()}
    assert shown == {
        USERS: "CREATE TABLE users (",
        column("id"): "id",
        column("größe x"): '"größe x"',
        column("å"): "å",
        column("b"): "b",
    }
