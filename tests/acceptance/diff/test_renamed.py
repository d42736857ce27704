"""PostgreSQL carries new names through all that uses them; what is left is what the author changed besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.facts import Column, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from tests.acceptance.diff.conftest import column, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.diff.conftest import Looked

pytestmark = pytest.mark.server

USERS = """
CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    CONSTRAINT named CHECK (name <> '')
);
CREATE INDEX by_name ON users (lower(name)) WHERE name IS NOT NULL;
CREATE VIEW people AS SELECT id, name AS full_name FROM users;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (name = current_user);
"""
RENAMED = """
CREATE TABLE users (
    id bigint PRIMARY KEY,
    full_name text NOT NULL, -- renamed from: name
    CONSTRAINT named CHECK (full_name <> '')
);
CREATE INDEX by_name ON users (lower(full_name)) WHERE full_name IS NOT NULL;
CREATE VIEW people AS SELECT id, full_name FROM users;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (full_name = current_user);
"""


def test_a_column_takes_along_all_that_uses_it(look: Callable[..., Looked]) -> None:
    found = look(USERS, RENAMED)
    assert found.told == ["rename column full_name on users"]
    assert found.questions == []
    (change,) = found.renamed.changes
    assert isinstance(change.before, Column)
    assert isinstance(change.after, Column)
    assert (change.before.name, change.after.name) == ("name", "full_name")
    assert found.renamed.before is not found.named
    assert [c.name for c in found.renamed.before.table(table("users")).columns] == ["id", "name"]
    assert found.statements == ["ALTER TABLE users RENAME COLUMN name TO full_name"]


def test_what_differs_besides_is_in_the_renaming_or_a_change_of_its_own(look: Callable[..., Looked]) -> None:
    new = RENAMED.replace("full_name text NOT NULL", "full_name varchar(80) DEFAULT 'x'")
    new = new.replace("SELECT id, full_name", "SELECT id, full_name::text").replace(
        "(lower(full_name)) WHERE", "(id) WHERE"
    )
    assert "rename column full_name on users type not_null default" in look(USERS, new).told
    new = RENAMED.replace("(lower(full_name)) WHERE", "(id) WHERE")
    assert look(USERS, new).told == ["alter index by_name definition keys", "rename column full_name on users"]


@pytest.mark.parametrize(
    ("new", "renames"),
    [
        ("-- renamed from: users\nCREATE TABLE accounts", []),
        ("CREATE TABLE accounts", [("users", "accounts")]),
        ("CREATE TABLE accounts", [("public.users", "public.accounts")]),
    ],
)
def test_a_table_is_renamed_and_its_parts_stay(
    look: Callable[..., Looked], new: str, renames: list[tuple[str, str]]
) -> None:
    old = "CREATE TABLE users (id int CONSTRAINT pk PRIMARY KEY, age int, CONSTRAINT grown CHECK (age > 17));"
    old += "CREATE TABLE notes (of int CONSTRAINT fk REFERENCES users (id));"
    text = old.replace("CREATE TABLE users", new).replace("REFERENCES users", "REFERENCES accounts")
    text = text.replace("age int", "age bigint")
    found = look(old, text.replace(");CREATE TABLE notes", ");\nCREATE TABLE notes"), renames=renames)
    assert found.questions == []
    assert _without_names(found.told) == ["alter column age on accounts type", "rename table accounts columns"]
    change = next(c for c in found.renamed.changes if c.kind is ChangeKind.RENAME)
    assert isinstance(change.before, Table)
    assert change.before.key == table("users")
    assert table("accounts") in found.renamed.before.facts


def test_a_table_and_its_columns_and_sequences(look: Callable[..., Looked]) -> None:
    old = 'CREATE TABLE "Users" (id serial CONSTRAINT pk PRIMARY KEY, "Full Name" text, n serial);'
    new = """
-- renamed from: "Users"
CREATE TABLE people (
    uid serial CONSTRAINT pk PRIMARY KEY, -- renamed from: id
    -- renamed from: "Full Name"
    name text,
    n serial
);
"""
    found = look(old, new)
    assert found.questions == []
    assert _without_names(found.told) == [
        "rename column name on people",
        "rename column uid on people",
        "rename sequence people_n_seq",
        "rename sequence people_uid_seq",
        "rename table people columns",
    ]
    assert found.renames.renamed[column("people", "name")] == column("people", "Full Name")
    assert found.renames.sequences[Key(Kind.SEQUENCE, "public", "people_uid_seq")].name == "Users_id_seq"


def _without_names(told: list[str]) -> list[str]:
    """Leave out the names of NOT NULL, which do not follow their table: PostgreSQL 18 has them, 15 has not."""
    return [line for line in told if not line.endswith(" not_null_name")]


@pytest.mark.parametrize("renames", [[("users", "crm.people")], [("public.users", "crm.people")]])
def test_a_table_moves_to_another_schema(look: Callable[..., Looked], renames: list[tuple[str, str]]) -> None:
    old = "CREATE TABLE users (id serial, CONSTRAINT pk PRIMARY KEY (id)); CREATE INDEX i ON users (id);"
    old += "CREATE VIEW crm_people AS SELECT id FROM users;"
    new = "CREATE SCHEMA crm; CREATE TABLE crm.people (id serial, CONSTRAINT pk PRIMARY KEY (id));"
    new += "CREATE INDEX i ON crm.people (id); CREATE VIEW crm_people AS SELECT id FROM crm.people;"
    found = look(old, new, renames=renames)
    assert found.questions == []
    assert _without_names(found.told) == [
        "add schema crm",
        "rename sequence crm.people_id_seq",
        "rename table crm.people columns",
    ]
    assert Key(Kind.SCHEMA, "", "crm") not in found.renamed.before.facts
    assert Key(Kind.SEQUENCE, "crm", "users_id_seq") in found.renamed.before.facts


def test_a_move_around_what_has_the_name_already(look: Callable[..., Looked]) -> None:
    old = "CREATE SCHEMA crm; CREATE TABLE users (id int); CREATE TABLE people (x text);"
    new = "CREATE SCHEMA crm; CREATE TABLE crm.people (id int); CREATE TABLE people (x text);"
    found = look(old, new, renames=[("users", "crm.people")])
    assert found.told == ["rename table crm.people"]
    assert found.statements == ["ALTER TABLE users SET SCHEMA crm", "ALTER TABLE crm.users RENAME TO people"]


def test_partitions_follow_their_parent(look: Callable[..., Looked]) -> None:
    old = "CREATE TABLE log (day date, text text) PARTITION BY RANGE (day);"
    old += "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');"
    new = old.replace("text text)", "line text)")
    found = look(old, new, renames=[("log.text", "line")])
    assert found.told == ["rename column line on log"]


def test_labels(look: Callable[..., Looked]) -> None:
    old = "CREATE TYPE state AS ENUM ('new', 'done');"
    found = look(old, "CREATE TYPE state AS ENUM (\n    'open', -- renamed from: new\n    'done'\n);")
    assert found.questions == []
    assert found.renames.labels == {(Key(Kind.ENUM, "public", "state"), "open"): "new"}
    found = look(old, "CREATE TYPE state AS ENUM (\n    'open', -- renamed from: nwe\n    'done'\n);")
    assert found.questions == ["renamed from nwe: there is no 'nwe' of state; is it 'new' of state?"]


@pytest.mark.parametrize(
    ("old", "new", "renames", "message"),
    [
        (
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (a int,\n b int -- renamed from: a\n);",
            [],
            "renamed from a: the specification still has t.a beside t.b",
        ),
        (
            "CREATE TABLE t (a int, b int);",
            "CREATE TABLE t (\n b int -- renamed from: a\n);",
            [],
            "renamed from a: t.b is there already, beside t.a",
        ),
        (
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (\n b int, -- renamed from: a\n c int -- renamed from: a\n);",
            [],
            "renamed from a: t.a was said to be t.b now",
        ),
        (
            "CREATE TABLE t (a int, b int);",
            "CREATE TABLE t (\n c int -- renamed from: a\n);",
            [("t.b", "c")],
            "--rename t.b=c: t.c was said to be the former t.a",
        ),
        (
            "CREATE TABLE t (amount int);",
            "CREATE TABLE t (\n total int -- renamed from: amuont\n);",
            [],
            "renamed from amuont: there is no t.amuont; is it amount?",
        ),
        (
            'CREATE TABLE t ("Amount" int);',
            "CREATE TABLE t (\n total int -- renamed from: Amount\n);",
            [],
            'renamed from amount: there is no t.amount; is it "Amount"?',
        ),
        (
            "CREATE TABLE t (a int);",
            "CREATE TABLE t (b int);",
            [("t.x", "b")],
            "--rename t.x=b: the chain has no table or column t.x that the specification calls b",
        ),
        (
            "CREATE TABLE t (a int);",
            "CREATE TABLE u (a int);",
            [("t", "v")],
            "--rename t=v: the chain has no table or column t that the specification calls v",
        ),
        (
            "CREATE TABLE t (a int); CREATE VIEW u AS SELECT 1 AS x;",
            "-- renamed from: t\nCREATE TABLE u (a int);",
            [],
            "renamed from t: u is still the name of view u",
        ),
        (
            "CREATE SCHEMA t; CREATE TABLE t (a int); CREATE TABLE t.a (x int);",
            "CREATE SCHEMA t; CREATE TABLE t (b int); CREATE TABLE t.b (x int);",
            [("t.a", "b")],
            "--rename t.a=b can mean table t.a or column a on t: name the schema as well",
        ),
        (
            "CREATE TABLE p (a int); CREATE TABLE c (x int) INHERITS (p);",
            "CREATE TABLE p (a int); CREATE TABLE c (x int, b int) INHERITS (p);",
            [("c.a", "b")],
            "--rename c.a=b: the specification still has c.a beside c.b",
        ),
    ],
)
def test_what_cannot_be(
    look: Callable[..., Looked], old: str, new: str, renames: list[tuple[str, str]], message: str
) -> None:
    found = look(old, new, renames=renames)
    assert found.questions[0] == message
    assert {d.code for d in found.renames.problems} == {"AV836"}


@pytest.mark.parametrize(
    ("old", "renames", "message"),
    [
        ("CREATE TABLE users (name text);", [], "renamed from title: users.name has its new name already"),
        ("CREATE TABLE users (name text);", [("users.title", "name")], "users.name has its new name already"),
        ("", [], "renamed from title: there is no users.title, users.name is new"),
    ],
)
def test_what_is_done_is_noted(
    look: Callable[..., Looked], old: str, renames: list[tuple[str, str]], message: str
) -> None:
    comment = "" if renames else " -- renamed from: title"
    found = look(old, f"CREATE TABLE users (\n    name text{comment}\n);", renames=renames)
    assert found.renames.renamed == {}
    (note,) = found.renames.notes
    assert message in note.message
    assert (note.code, note.line > 0) == ("AV835", not renames)


@pytest.mark.parametrize(
    "renames",
    [
        [("users.name", "title"), ("users", "people")],
        [("people.name", "title"), ("users", "people")],
        [("users", "people"), ("public.users.name", "public.people.title")],
        [("Users.Name", "TITLE"), ("USERS", "People")],
    ],
)
def test_options_name_tables_before_and_after(look: Callable[..., Looked], renames: list[tuple[str, str]]) -> None:
    found = look("CREATE TABLE users (name text);", "CREATE TABLE people (title text);", renames=renames)
    assert found.questions == []
    assert found.told == ["rename column title on people", "rename table people columns"]


def test_an_option_takes_names_as_they_are_written_first(look: Callable[..., Looked]) -> None:
    old = 'CREATE TABLE "Users" ("Name" text, name text);'
    new = 'CREATE TABLE "Users" ("A b" text, name text);'
    for option in [("Users.Name", '"A b"'), ('"Users"."Name"', '"A b"')]:
        assert look(old, new, renames=[option]).told == ["rename column A b on Users"]
