"""What goes and comes in one edit is asked about where it can be one thing, and answered in the spec or by option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.acceptance.diff.conftest import Looked

pytestmark = pytest.mark.server

ASKED = "users.name is gone, and users.full_name is new: is it the same column under another name?"
OLD = "CREATE TABLE users (id int, name text, age int);"


def test_the_question_stands_at_the_new_column_and_names_both_answers(look: Callable[..., Looked]) -> None:
    new = "CREATE TABLE users (\n    id int,\n    full_name text NOT NULL,\n    age int\n);"
    found = look(OLD, new)
    assert found.questions == [ASKED]
    (question,) = found.asked
    assert question.code == "AV837"
    assert question.source is not None
    assert question.span is not None
    assert question.source.text[slice(*question.span)] == "full_name"
    assert question.help == (
        "if it is, write `-- renamed from: name` beside the column, or give `--rename users.name=full_name`; if the "
        "old one shall go, give `--accept data-loss:users.name`"
    )
    for answered in [
        look(OLD, new.replace("NOT NULL,", "NOT NULL, -- renamed from: name")),
        look(OLD, new, renames=[("users.name", "full_name")]),
        look(OLD, new, accepted=["data-loss:users.name"]),
        look(OLD, new, accepted=["data-loss"]),
    ]:
        assert answered.questions == []
    assert look(OLD, new, accepted=["data-loss:users.age"]).questions == [ASKED]


@pytest.mark.parametrize(
    "column",
    ["full_name text", "title text", "title varchar(40)", "full_name citext_like", "display_name char(3) DEFAULT 'x'"],
)
def test_columns_that_may_be_the_same(look: Callable[..., Looked], column: str) -> None:
    domain = "CREATE DOMAIN citext_like AS text;\n"
    assert len(look(domain + OLD, f"{domain}CREATE TABLE users (id int, {column}, age int);").questions) == 1


@pytest.mark.parametrize(
    "columns",
    [
        "id int, birthday date, age int",
        "id int, name_length int GENERATED ALWAYS AS (age * 2) STORED, age int",
        "id int, age int, country_code char(2)",
        "id int, names text[], age int",
        "id int, age int",
        "id int, name text, age int, full_name text",
    ],
)
def test_columns_that_are_not(look: Callable[..., Looked], columns: str) -> None:
    assert look(OLD, f"CREATE TABLE users ({columns});").questions == []


def test_one_question_for_each_that_goes_the_likeliest_first(look: Callable[..., Looked]) -> None:
    new = 'CREATE TABLE users (id int, a text, "Full Name" text, age int);'
    found = look('CREATE TABLE users (id int, "Name" text, age int, c text);', new)
    assert found.questions == [
        "users.Name is gone, and users.Full Name or users.a is new: is it the same column under another name?",
        "users.c is gone, and users.Full Name or users.a is new: is it the same column under another name?",
    ]
    assert found.asked[0].help == (
        'if it is, write `-- renamed from: "Name"` beside the column that users.Name has become, or give '
        """`--rename 'users."Name"="Full Name"'`; if the old one shall go, give `--accept data-loss:users.Name`"""
    )
    rename = [('users."Name"', '"Full Name"')]
    assert len(look('CREATE TABLE users (id int, "Name" text, age int, c text);', new, renames=rename).questions) == 1


def test_tables(look: Callable[..., Looked]) -> None:
    old = "CREATE TABLE groups (id int, name text, made date);"
    found = look(old, "-- All of them.\nCREATE TABLE teams (id int, name text, made date, size int);")
    assert found.questions == ["groups is gone, and teams is new: is it the same table under another name?"]
    assert found.asked[0].line == 5
    assert "write `-- renamed from: groups` above CREATE TABLE, or give `--rename groups=teams`" in found.asked[0].help
    assert look(old, "CREATE TABLE teams (uid uuid, title text, name text);").questions == []
    moved = look(old, "CREATE SCHEMA crm; CREATE TABLE crm.groups (id int, size int, code text, x int);")
    assert "--rename public.groups=crm.groups" in moved.asked[0].help
    assert (
        look(old, "CREATE TABLE teams (id int, name text, made date);", accepted=["data-loss:groups"]).questions == []
    )


def test_partitions_come_and_go(look: Callable[..., Looked]) -> None:
    old = "CREATE TABLE log (day date) PARTITION BY RANGE (day);"
    part = "CREATE TABLE {} PARTITION OF log FOR VALUES FROM ('{}-01-01') TO ('{}-01-01');"
    before = old + part.format("log_2023", 2023, 2024)
    assert look(before, old + part.format("log_2024", 2024, 2025)).questions == []
    assert len(look(before, old + part.format("log_23", 2023, 2024)).questions) == 1


def test_columns_of_a_renamed_table(look: Callable[..., Looked]) -> None:
    new = "CREATE TABLE people (id int, full_name text, age int);"
    found = look(OLD, new, renames=[("users", "people")])
    assert found.questions == [ASKED.replace("users", "people")]
    assert look(OLD, new, renames=[("users", "people"), ("people.name", "full_name")]).questions == []
