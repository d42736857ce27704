"""A rollback after the next release wrote rows that the old constraints refuse: it does not fail, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.evolution.evolve import _make, plan, run

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

_PARENT = "CREATE TABLE users (id bigint PRIMARY KEY);\n"
_CASES = {
    "check": (
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));",
        "CREATE TABLE t (a int);",
        "INSERT INTO t VALUES (-1)",
    ),
    "other check": (
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));",
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > -5));",
        "INSERT INTO t VALUES (-1)",
    ),
    "foreign key": (
        f"{_PARENT}CREATE TABLE t (a bigint CONSTRAINT c REFERENCES users);",
        f"{_PARENT}CREATE TABLE t (a bigint);",
        "INSERT INTO t VALUES (1)",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_a_constraint_comes_back_for_new_rows_only(name: str, server: ScratchServer, tmp_path: Path) -> None:
    old, new, insert = _CASES[name]
    evolved = plan(server, tmp_path, old, new)
    database = server.create_database()
    try:
        with server.connect(database, autocommit=True) as connection:
            _make(connection, evolved.old)
            for revision in evolved.revisions:
                run(connection, revision, revision.up)
            connection.execute(insert.encode())
            said: list[str | None] = []
            connection.add_notice_handler(lambda found: said.append(found.message_primary))
            for revision in reversed(evolved.revisions):
                run(connection, revision, revision.down)
            found = connection.execute(
                "SELECT conname, convalidated FROM pg_constraint WHERE conrelid = 't'::regclass AND contype <> 'n'"
            )
            assert found.fetchall() == [("c", False)]
            assert "c on t is not valid: there are rows that do not satisfy it" in said
    finally:
        server.drop_database(database)
