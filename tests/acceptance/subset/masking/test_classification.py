"""The classification file: what is wrong with it is said with its line, and what people wrote in it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.subset.masking import Masker, read_classification, suggest, unclassified
from alembic_vibe.subset.schema import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.subset.schema import Schema

pytestmark = pytest.mark.server

SCHEMA = """
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, born_on date, "Nick Name" text,
  manager text REFERENCES users (email), status text CHECK (status IN ('on', 'off')), salary numeric, apps jsonb,
  level text NOT NULL CHECK (level = 'gold'), code text NOT NULL CHECK (code ~ '^[A-Z]{2}[0-9]{3}$'), place point);
CREATE TABLE notes (id int PRIMARY KEY, author text NOT NULL REFERENCES users (email), body text, at point NOT NULL);
"""
WRITTEN = """\
# Ours.
[public.users]   # people
email = "email"
"Nick Name" = 'keep'  # they are public

[public.notes]
body = "null"
at = "keep"
"""


@pytest.fixture(scope="module")
def database_of_module(server: ScratchServer) -> Iterator[Connection[Any]]:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        yield connection
    server.drop_database(name)


@pytest.fixture(scope="module")
def schema(database_of_module: Connection[Any]) -> Schema:
    return read_schema(database_of_module)


def test_suggestions_are_added_and_nothing_else_changes(
    database_of_module: Connection[Any], schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "subset.toml"
    path.write_text(WRITTEN, encoding="utf-8")
    text = suggest(database_of_module, schema.facts, read_classification(path)).text()
    added = [line for line in text.splitlines() if line not in WRITTEN.splitlines()]
    assert [line for line in text.splitlines() if line not in added] == WRITTEN.splitlines()
    assert [line.partition(" #")[0] for line in added] == [
        'apps = "json"',
        'born_on = "date_shift"',
        'code = "digits"',
        'level = "text"',
        'place = "null"',
        'salary = "number"',
    ] or 'level = "text"' not in text  # a CHECK with one value lists it
    assert "manager" not in text
    assert "author" not in text
    path.write_text(text, encoding="utf-8")
    known = read_classification(path)
    assert unclassified(known, schema.facts, database_of_module) == []
    assert suggest(database_of_module, schema.facts, known).text() == text
    Masker(known, b"key", schema.facts, database_of_module)


CASES = [
    ("email = 3", "AV660", 2, "must be a text"),
    ('email = "e-mail"', "AV663", 2, "there is no mask e-mail"),
    ('e_mail = "email"', "AV662", 2, "no such column"),
    ('born_on = "email"', "AV664", 2, "email is no mask for date"),
    ('email = "null"', "AV664", 2, "may not be NULL"),
    ('email = "constant:x"', "AV664", 2, "same value"),
    ('email = "email:x"', "AV664", 2, "nothing after a colon"),
    ('born_on = "date_shift:nobody"', "AV664", 2, "no such column"),
    ('manager = "keep"', "AV665", 2, "which it refers to"),
]


@pytest.mark.parametrize(("line", "code", "number", "message"), CASES, ids=[case[0] for case in CASES])
def test_what_is_wrong_is_said_with_its_line(
    schema: Schema, tmp_path: Path, line: str, code: str, number: int, message: str
) -> None:
    path = tmp_path / "subset.toml"
    path.write_text(f'[public.users]\n{line}\n[public.notes]\nat = "keep"\n', encoding="utf-8")
    try:
        found = unclassified(read_classification(path, "seeds/subset.toml"), schema.facts)
    except ConfigurationError as error:
        found = list(error.diagnostics)
    [one] = [f for f in found if f.code != "AV661"]
    assert (one.code, one.line, one.shown_path) == (code, number, "seeds/subset.toml")
    assert message in one.message


def test_what_is_no_classification_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "subset.toml"
    for text, message in (
        ("[public", "is not TOML"),
        ('public = "keep"', "neither a schema nor a table"),
        ('[public]\nusers = "keep"', "neither a schema nor a table"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigurationError) as refused:
            read_classification(path)
        assert message in refused.value.diagnostics[0].message


def test_what_cannot_be_masked_is_said_before_anything_is_copied(
    database_of_module: Connection[Any], schema: Schema, tmp_path: Path
) -> None:
    path = tmp_path / "subset.toml"
    with pytest.raises(ConfigurationError) as refused:
        Masker(read_classification(path), b"key", schema.facts, database_of_module)
    assert [(f.code, f.message) for f in refused.value.diagnostics] == [
        ("AV666", "notes.at: there is no mask for point, and it may not be NULL")
    ]
    path.write_text('[public.users]\nlevel = "text"\n[public.notes]\nat = "constant:(0,0)"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        Masker(read_classification(path), b"key", schema.facts, database_of_module)
    assert [(f.code, f.message) for f in refused.value.diagnostics] == [
        ("AV666", "users.level: no text mask satisfies its constraints")
    ]
