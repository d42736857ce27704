"""Splitting and merging tables while both releases write: no row differs, and no way back loses."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.plan.model import Phase
from tests.acceptance.evolution.evolve import plan, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

_ROWS = 1000
_ONE = "CREATE TABLE users (id bigint PRIMARY KEY, name text, phone text NOT NULL, bio text{})"
_TWO = """\
CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE profiles (
    user_id bigint PRIMARY KEY REFERENCES users,
    phone text NOT NULL, {}
    bio text {}
)"""
_ONE_THEN = """\
CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text,
    phone text NOT NULL, -- moved from: profiles.phone
    bio text -- moved from: profiles.bio
)"""
_SPLIT = (_ONE.format(""), _TWO.format("-- moved from: users.phone", "-- moved from: users.bio"))
_MERGE = (_TWO.format("", ""), _ONE_THEN)
_READ = {
    "one": "SELECT id, phone, bio FROM users",
    "two": "SELECT id, profiles.phone, profiles.bio FROM users JOIN profiles ON id = user_id",
}


class _Writers:
    """Connections that insert, change and delete users as one table or as two; all of them change the same rows."""

    def __init__(self, server: ScratchServer, database: str) -> None:
        self._server = server
        self._database = database
        self.errors: list[Exception] = []
        self.retried = 0

    def start(self, shape: str, number: int) -> Callable[[], None]:
        """Let a release write; the function that is returned stops it."""
        stop = threading.Event()
        thread = threading.Thread(target=self._work, args=(shape, number, stop))
        thread.start()

        def finish() -> None:
            stop.set()
            thread.join()

        return finish

    def _work(self, shape: str, number: int, stop: threading.Event) -> None:
        choose = random.Random(number)
        key = number * 1_000_000
        try:
            with self._server.connect(self._database, autocommit=True) as connection:
                connection.prepare_threshold = None
                while not stop.is_set():
                    key += 1
                    try:
                        with connection.transaction():
                            for sql in _statements(shape, choose, key):
                                connection.execute(sql.encode())
                    except psycopg.errors.DeadlockDetected:
                        self.retried += 1
        except Exception as error:  # noqa: BLE001 - reported by the test
            self.errors.append(error)


def _statements(shape: str, choose: random.Random, key: int) -> list[str]:
    mine, value = choose.randrange(_ROWS) + 1, choose.randrange(1_000_000)
    what, column = choose.random(), choose.choice(["phone", "bio"])
    if what < 0.2 and shape == "one":
        return [f"INSERT INTO users (id, phone, bio) VALUES ({key}, {value}, NULL)"]
    if what < 0.2:
        return [
            f"INSERT INTO users (id) VALUES ({key})",
            f"INSERT INTO profiles (user_id, phone, bio) VALUES ({key}, {value}, {value})",
        ]
    if what < 0.25 and shape == "one":
        return [f"DELETE FROM users WHERE id = {mine}"]
    if what < 0.25:
        return [f"DELETE FROM profiles WHERE user_id = {mine}", f"DELETE FROM users WHERE id = {mine}"]
    if shape == "one":
        return [f"UPDATE users SET {column} = {value} WHERE id = {mine}"]
    return [f"UPDATE profiles SET {column} = {value} WHERE user_id = {mine}"]


def _rows(connection: Any, shape: str) -> list[Any]:
    found: list[Any] = connection.execute((_READ[shape] + " ORDER BY 1").encode()).fetchall()
    return found


@pytest.mark.parametrize(
    ("old", "new", "shapes"),
    [(*_SPLIT, ("one", "two")), (*_MERGE, ("two", "one"))],
    ids=["split", "merge"],
)
def test_both_releases_write_all_the_way(
    server: ScratchServer, database: str, tmp_path: Path, old: str, new: str, shapes: tuple[str, str]
) -> None:
    evolved = plan(server, tmp_path, old + ";", new + ";")
    assert evolved.evolution.undecided == ()
    writers = _Writers(server, database)
    with server.connect(database, autocommit=True) as connection:
        connection.execute(old.encode())
        rows = f"SELECT i, i, i FROM generate_series(1, {_ROWS}) AS i"
        if shapes[0] == "one":
            connection.execute(f"INSERT INTO users (id, phone, bio) {rows}".encode())
        else:
            connection.execute(f"INSERT INTO users SELECT generate_series(1, {_ROWS})".encode())
            connection.execute(f"INSERT INTO profiles (user_id, phone, bio) {rows}".encode())
        connection.execute("SET vibe.batch_size = 50; SET vibe.pause = 0.005")

        def upgrade(*phases: Phase) -> None:
            for revision in evolved.revisions:
                if revision.phase in phases:
                    for step in revision.steps:
                        for verify in step.verify:
                            assert connection.execute(verify.query.encode()).fetchone() == (0,), verify.message
                    for attempt in range(20):  # as a deployment does
                        try:
                            run(connection, revision, revision.up)
                            break
                        except psycopg.errors.DeadlockDetected:
                            assert attempt < 19

        running = [writers.start(shapes[0], number) for number in (1, 2)]
        upgrade(Phase.EXPAND)
        upgrade(Phase.MIGRATE)
        following = [writers.start(shapes[1], number) for number in (3, 4)]
        threading.Event().wait(1.5)
        for finish in (*running, *following):
            finish()
        assert writers.errors == []
        found = _rows(connection, shapes[0])
        assert len(found) > _ROWS / 2
        assert _rows(connection, shapes[1]) == found
        assert {row[0] // 1_000_000 for row in found} == {0, 1, 2, 3, 4}
        upgrade(Phase.CONTRACT)
        finish = writers.start(shapes[1], 5)
        upgrade(Phase.PURGE)
        finish()
        assert writers.errors == []
        found = _rows(connection, shapes[1])
        # And back: the old release finds every row.
        for revision in reversed(evolved.revisions):
            run(connection, revision, revision.down)
        assert _rows(connection, shapes[0]) == found
