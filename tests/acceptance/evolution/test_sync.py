"""Renaming and retyping a column while both releases write: no error, and no row in which the columns disagree."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.plan.model import Phase
from tests.acceptance.evolution.evolve import plan, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alembic_vibe.postgres.server import ScratchServer

_ROWS = 2000
_OLD = """\
CREATE TABLE orders (id bigint PRIMARY KEY, amount integer NOT NULL DEFAULT 1 CHECK (amount >= 0), note text);
CREATE INDEX orders_amount_idx ON orders (amount);
"""
_RENAMED = """\
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    total integer NOT NULL DEFAULT 1 CHECK (total >= 0),  -- renamed from: amount
    note text
);
CREATE INDEX orders_total_idx ON orders (total);
"""
_RETYPED = _OLD.replace("amount integer", "amount bigint")
_BOTH = _RENAMED.replace("total integer", "total bigint")


class _Writers:
    """Connections that insert, change and delete rows by one column's name, each its own rows."""

    def __init__(self, server: ScratchServer, database: str) -> None:
        self._server = server
        self._database = database
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.errors: list[Exception] = []
        self.expected: dict[int, int] = {}

    def start(self, column: str, number: int) -> Callable[[], None]:
        """Let a release write; the function that is returned stops it, as a deployment does."""
        stop = threading.Event()
        thread = threading.Thread(target=self._work, args=(column, number, stop))
        self._threads.append(thread)
        thread.start()

        def finish() -> None:
            stop.set()
            thread.join()

        return finish

    def _work(self, column: str, number: int, stop: threading.Event) -> None:
        choose = random.Random(number)
        key = number * 1_000_000
        try:
            # Statements are not prepared: what PostgreSQL says of cached plans is another matter.
            with self._server.connect(self._database, autocommit=True) as connection:
                connection.prepare_threshold = None
                while not stop.is_set():
                    value = choose.randrange(1_000_000)
                    mine = choose.randrange(_ROWS // 3) * 3 + number % 3 + 1
                    if choose.random() < 0.3:
                        key += 1
                        connection.execute(f"INSERT INTO orders (id, {column}) VALUES ({key}, {value})".encode())
                        self.expected[key] = value
                    elif choose.random() < 0.1:
                        connection.execute(f"DELETE FROM orders WHERE id = {mine}".encode())
                        self.expected.pop(mine, None)
                    else:
                        found = connection.execute(
                            f"UPDATE orders SET {column} = {value} WHERE id = {mine}".encode()
                        ).rowcount
                        if found:
                            self.expected[mine] = value
        except Exception as error:  # noqa: BLE001 - reported by the test
            self.errors.append(error)


def _values(connection: Any, column: str) -> dict[int, int]:
    return dict(connection.execute(f"SELECT id, {column} FROM orders".encode()).fetchall())


@pytest.mark.parametrize(
    ("new", "column"), [(_RENAMED, "total"), (_RETYPED, "amount"), (_BOTH, "total")], ids=["rename", "retype", "both"]
)
def test_both_releases_write_all_the_way(
    server: ScratchServer, database: str, tmp_path: Path, new: str, column: str
) -> None:
    evolved = plan(server, tmp_path, _OLD, new)
    assert evolved.phases[0] == "expand"
    assert evolved.hazards == []
    writers = _Writers(server, database)
    with server.connect(database, autocommit=True) as connection:
        connection.execute(_OLD.encode())
        connection.execute(f"INSERT INTO orders SELECT i, i FROM generate_series(1, {_ROWS}) AS i".encode())
        connection.execute("SET vibe.batch_size = 100; SET vibe.pause = 0.002")
        writers.expected = {i: i for i in range(1, _ROWS + 1)}
        old_releases = [writers.start("amount", 1), writers.start("amount", 2)]
        new_release: Callable[[], None] | None = None

        def upgrade(*phases: Phase) -> None:
            for revision in evolved.revisions:
                if revision.phase in phases:
                    for step in revision.steps:
                        for verify in step.verify:
                            assert connection.execute(verify.query.encode()).fetchone() == (0,), verify.message
                    run(connection, revision, revision.up)

        upgrade(Phase.EXPAND)
        new_release = writers.start(column, 3)  # a deployment may begin before the rows are filled
        upgrade(Phase.MIGRATE)
        for finish in old_releases:
            finish()
        upgrade(Phase.CONTRACT)
        upgrade(Phase.PURGE)
        new_release()
        assert writers.errors == []
        assert _values(connection, column) == writers.expected
        # And back: the old release finds every row.
        for revision in reversed(evolved.revisions):
            run(connection, revision, revision.down)
        assert _values(connection, "amount") == writers.expected
