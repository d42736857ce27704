"""The schema that the linter keeps in memory is what a server has after the same statements.

Each file of tests/cases/lint/replay is a chain of statements; after each of them the server's catalog and the replay
must tell the same. A line ``-- 18`` above a statement says from which PostgreSQL on it runs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.schema import Schema
from alembic_vibe.sql import grammar
from tests.acceptance.journey import Project
from tests.acceptance.lint.server_schema import Facts, in_memory, on_server
from tests.acceptance.sample_history import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

CASES = sorted((Path(__file__).parents[2] / "cases" / "lint" / "replay").glob("*.sql"))
_SINCE = re.compile(r"-- (\d+)$", re.MULTILINE)


@pytest.fixture
def connection(server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_replay_is_what_the_server_has(connection: psycopg.Connection[Any], path: Path) -> None:
    version = connection.info.server_version // 10000
    schema = Schema()
    for statement in path.read_text().split(";\n"):
        since = _SINCE.search(statement)
        if not statement.strip() or (since and int(since[1]) > version):
            continue
        try:
            connection.execute(statement.encode())
        except psycopg.Error as error:
            pytest.fail(f"the server refuses it: {error}\n{statement}")
        before = schema.copy()
        past = in_memory(before)
        for one in read(Emitted(statement, START), schema.search_path):
            assert not one.error, statement
            for action in one.actions:
                apply(action, schema, "r")
        compare(on_server(connection), in_memory(schema), statement, version, schema)
        assert in_memory(before) == past, "a copy is not touched by what happens to the other"


def test_a_whole_chain_is_replayed(server: ScratchServer, database: str, connection: psycopg.Connection[Any]) -> None:
    """What Alembic writes for the sample project, in one text with transactions, comments and blocks of code."""
    sql = Project(SAMPLE, server).run("alembic", "upgrade", "head", "--sql", database=database).stdout
    for start, end in grammar.split(sql):
        connection.execute(sql[start:end].encode())
    schema = Schema()
    for one in read(Emitted(sql, START)):
        assert not one.error, one.sql
        for action in one.actions:
            apply(action, schema, "r")
    assert len(schema.tables) > 40
    compare(on_server(connection), in_memory(schema), "the chain", connection.info.server_version // 10000, schema)


def compare(server: Facts, memory: Facts, statement: str, version: int, schema: Schema) -> None:
    """Tell where the two differ, but for what the linter does not claim to know."""
    assert sorted(memory["tables"]) == sorted(server["tables"]), statement
    for name, table in memory["tables"].items():
        other = server["tables"][name]
        known = next(t for t in schema.tables.values() if str(t.name) == name)
        if not known.complete:
            del table["columns"], other["columns"]
        # Each NOT NULL is a constraint from 18 on; the linter notes those that have a name of their own.
        required, has = table.pop("not null"), other.pop("not null")
        if version >= 18:
            assert required == {key: has.get(key) for key in required}, (statement, name)
        for part in table:
            assert table[part] == other[part], (statement, name, part)
    for part in ("enums", "domains", "views", "functions"):
        assert memory[part] == server[part], statement
