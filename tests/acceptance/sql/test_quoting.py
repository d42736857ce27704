"""The quoting functions agree with the server's own ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.sql.quoting import quote_identifier, quote_literal

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

ODD = [
    "", " ", "a b", "Users", "users", "_x", "1st", "x1", "x$", "naïve", "ünder", "日本", 'say "hi"', "o'clock",
    "tab\there", "line\nbreak", "a.b", "select", "SELECT", "user", "order", "name", "value", "values", "between", "int",
    "character", "left", "vibe", "x" * 63, "-", "a-b", "%s", "{x}", ":x", "$1", "e", "E'x'",
]  # fmt: skip


@pytest.fixture(scope="module")
def words(server: ScratchServer) -> list[str]:
    with server.connect("postgres") as connection:
        keywords = [row[0] for row in connection.execute("SELECT word FROM pg_get_keywords()")]
        names = [row[0] for row in connection.execute("SELECT DISTINCT attname::text FROM pg_attribute")]
    assert len(keywords) > 400
    return [*keywords, *names, *(word.upper() for word in keywords), *ODD]


def test_identifiers(server: ScratchServer, words: list[str]) -> None:
    with server.connect("postgres") as connection:
        rows = connection.execute("SELECT w, quote_ident(w) FROM unnest(%s::text[]) w", [words]).fetchall()
    assert {word: quote_identifier(word) for word, _ in rows} == dict(rows)


def test_literals(server: ScratchServer, words: list[str]) -> None:
    with server.connect("postgres") as connection:
        rows = connection.execute("SELECT w, quote_literal(w) FROM unnest(%s::text[]) w", [words]).fetchall()
    # PostgreSQL puts a space before E'…', so that it can follow a word directly.
    assert {word: quote_literal(word) for word, _ in rows} == {word: quoted.strip() for word, quoted in rows}
