"""Statements outside a transaction must be fit to be run again, wherever they were interrupted."""

from __future__ import annotations

import pytest

from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.prove.crash import RerunError, interrupt

pytestmark = pytest.mark.server

DDL = """
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1);
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
CREATE TYPE state AS ENUM ('a');
"""
DROP = "DROP INDEX CONCURRENTLY IF EXISTS i"
CREATE = "CREATE INDEX CONCURRENTLY i ON t (n)"
LOOSE = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (n)"


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["SET lock_timeout = 0", DROP, CREATE], []),
        ([CREATE], [("after", 'relation "i" already exists'), ("in", 'relation "i" already exists')]),
        ([LOOSE], [("in", "it ends elsewhere: index i")]),
        ([DROP, CREATE, "COMMENT ON INDEX i IS 'x'"], []),
        (["ALTER TYPE state ADD VALUE 'b'"], [("after", "already exists")]),
        (["ALTER TYPE state ADD VALUE IF NOT EXISTS 'b'", "ALTER TYPE state ADD VALUE IF NOT EXISTS 'c'"], []),
        (["ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY"], [("after", "not a partition"), ("in", "")]),
        (["ALTER TABLE t ADD COLUMN IF NOT EXISTS x int", "ALTER TABLE t RENAME x TO y"],
         [("after", "already exists")]),
    ],
    ids=["good", "no guard", "keeps an invalid index", "three", "enum", "two labels", "detach", "rename"],
)  # fmt: skip
def test_interruptions(
    server: ScratchServer, database: str, statements: list[str], found: list[tuple[str, str]]
) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(DDL.encode())
    interruptions = interrupt(server, database, statements)
    told = [str(one) for one in interruptions]
    assert len(told) == len(found), told
    for text, (where, message) in zip(told, found, strict=True):
        assert text.startswith(f"interrupted {where} ")
        assert message in text


def test_statements_that_fail_anyway(server: ScratchServer, database: str) -> None:
    with pytest.raises(RerunError, match="does not exist"):
        interrupt(server, database, ["CREATE INDEX CONCURRENTLY i ON nothing (n)"])


def test_another_way_to_run_again(server: ScratchServer, database: str) -> None:
    """What runs again may be cleverer than the statements, such as a revision that looks first."""
    with server.connect(database, autocommit=True) as connection:
        connection.execute(DDL.encode())

    def rerun(copy: str) -> None:
        with server.connect(copy, autocommit=True) as connection:
            connection.execute(DROP)
            connection.execute(CREATE)

    assert interrupt(server, database, [CREATE], rerun) == ()
