"""Contents are compared by value, whatever the order of rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.prove.contents import columns_of, differences, read_contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

T = Key(Kind.TABLE, "public", "t")
DDL = """
CREATE TABLE t (id int, name text, doc json, place point, x xml, n numeric);
INSERT INTO t VALUES (1, 'a', '{"a": 1}', '(1,2)', NULL, 1.50), (2, 'b', NULL, NULL, NULL, NULL);
CREATE TABLE p (id int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
CREATE TABLE "Größe" ("Wert" int);
INSERT INTO p VALUES (1);
"""
REWRITTEN = """
CREATE TABLE u AS SELECT n, x, place, doc, name, id FROM t ORDER BY id DESC; DROP TABLE t; ALTER TABLE u RENAME TO t
"""


@pytest.fixture
def connection(server: ScratchServer, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(DDL.encode())
        yield connection


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE t SET name = name", ()),
        (REWRITTEN, ()),
        ("ALTER TABLE t ADD more int DEFAULT 1", ()),
        ("UPDATE t SET doc = '{}' WHERE id = 1", ("the values of t.doc are others",)),
        ("UPDATE t SET n = 1.5 WHERE id = 1", ("the values of t.n are others",)),
        ("UPDATE t SET name = CASE name WHEN 'a' THEN 'b' ELSE 'a' END", ("the values of t are in other rows",)),
        ("DELETE FROM t WHERE id = 1", ("t has 1 rows, had 2",)),
        ("ALTER TABLE t DROP x, DROP n", ("column t.n is gone", "column t.x is gone")),
        ("DROP TABLE t", ("table t is gone",)),
        ("UPDATE p SET id = 2", ("the values of p.id are others",)),
        ('INSERT INTO "Größe" VALUES (NULL)', ("Größe has 1 rows, had 0",)),
    ],
)  # fmt: skip
def test_differences(connection: psycopg.Connection[Any], change: str, found: tuple[str, ...]) -> None:
    columns = columns_of(read_catalog(connection).catalog)
    assert [key.name for key in columns] == ["Größe", "p", "t"]
    before = read_contents(connection, columns)
    connection.execute(change.encode())
    assert differences(before, read_contents(connection, columns)) == found


def test_what_may_differ(connection: psycopg.Connection[Any]) -> None:
    columns = columns_of(read_catalog(connection).catalog, [T])
    before = read_contents(connection, columns)
    connection.execute("UPDATE t SET name = 'c', n = 7")
    after = read_contents(connection, columns)
    name = Key(Kind.COLUMN, "public", "t", "name")
    assert differences(before, after, [name]) == ("the values of t.n are others",)
    assert differences(before, after, [name, Key(Kind.COLUMN, "public", "t", "n")]) == ()
    assert differences(before, after, [T]) == ()
