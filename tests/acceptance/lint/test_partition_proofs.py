"""What is told to be attached without being read is not read by the server; what it reads is told to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.lint.forms import Work
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.taken import locks_of
from tests.acceptance.lint.locking import measure_in_transaction
from tests.acceptance.lint.test_locks import schema_of

if TYPE_CHECKING:
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

NUMBERS = "FROM (10) TO (20)"
DAYS = "FROM ('2026-01-01') TO ('2026-02-01')"
COLLATED = {"k > 'b'"}  # the order of texts is the server's to know: taken to be read
# type of the key, bound, CHECK of the table that may be read
CASES = [
    ("int NOT NULL", NUMBERS, "k >= 10 AND k < 20"),
    ("int", NUMBERS, "k >= 10 AND k < 20"),
    ("int", NUMBERS, "k IS NOT NULL AND k >= 10 AND k < 20"),
    ("int NOT NULL", NUMBERS, "k BETWEEN 10 AND 19"),
    ("int NOT NULL", NUMBERS, "k BETWEEN 10 AND 20"),
    ("int NOT NULL", NUMBERS, "k > 9 AND k < 20"),
    ("int NOT NULL", NUMBERS, "k > 10 AND k <= 19"),
    ("int NOT NULL", NUMBERS, "20 > k AND 10 <= k"),
    ("int NOT NULL", NUMBERS, "k = 12"),
    ("int NOT NULL", NUMBERS, "k IN (12, 13)"),
    ("int NOT NULL", NUMBERS, "k = ANY (ARRAY[12, 13])"),
    ("int NOT NULL", NUMBERS, "k IN (12, 25)"),
    ("int NOT NULL", NUMBERS, "k >= 10"),
    ("int NOT NULL", NUMBERS, "k >= 10 OR k < 20"),
    ("int NOT NULL", NUMBERS, "true"),
    ("int NOT NULL", "FROM (MINVALUE) TO (20)", "k < 20"),
    ("int NOT NULL", "FROM (10) TO (MAXVALUE)", "k >= 11"),
    ("date NOT NULL", DAYS, "k >= '2026-01-01' AND k < '2026-02-01'"),
    ("date NOT NULL", DAYS, "k >= DATE '2026-01-01' AND k < DATE '2026-02-01'"),
    ("date NOT NULL", DAYS, "k >= '2026-01-05' AND k <= '2026-01-20'"),
    ("date NOT NULL", DAYS, "k >= '2026-01-01' AND k <= '2026-02-01'"),
    ("timestamptz NOT NULL", DAYS, "k >= '2026-01-01' AND k < '2026-02-01'"),
    ("timestamp NOT NULL", DAYS, "k >= '2026-01-01 00:00:00' AND k < '2026-02-01 00:00:00'"),
    ("text NOT NULL", "IN ('a', 'b')", "k = 'a'"),
    ("text NOT NULL", "IN ('a', 'b')", "k IN ('b', 'a')"),
    ("text NOT NULL", "IN ('a', 'b')", "k IN ('b', 'c')"),
    ("text", "IN ('a', 'b')", "k IN ('b', 'a')"),
    ("int NOT NULL", "WITH (MODULUS 2, REMAINDER 0)", "k = 4"),
]
DEFAULTS = [
    ("int NOT NULL", NUMBERS, "k < 10 OR k >= 20"),
    ("int", NUMBERS, "k < 10 OR k >= 20"),
    ("int", NUMBERS, "NOT (k >= 10 AND k < 20)"),
    ("int", NUMBERS, "NOT (k BETWEEN 10 AND 19)"),
    ("int", NUMBERS, "NOT (k BETWEEN 10 AND 20)"),
    ("int", NUMBERS, "k NOT BETWEEN 10 AND 20"),
    ("int", NUMBERS, "k < 10"),
    ("int", NUMBERS, "k > 20"),
    ("int", NUMBERS, "k IN (1, 30)"),
    ("int", NUMBERS, "k IN (1, 30, 12)"),
    ("int", NUMBERS, "k IS NULL"),
    ("int", NUMBERS, "NOT (k IS NOT NULL AND k >= 10 AND k < 20)"),
    ("int", NUMBERS, "k <= 10"),
    ("int", NUMBERS, "k >= 15"),
    ("date", DAYS, "k < '2026-01-01' OR k >= '2026-02-01'"),
    ("text", "IN ('a', 'b')", "k NOT IN ('a', 'b')"),
    ("text", "IN ('a', 'b')", "k NOT IN ('a', 'b', 'c')"),
    ("text", "IN ('a', 'b')", "k NOT IN ('a')"),
    ("text", "IN ('a', 'b')", "k IN ('c', 'd')"),
    ("text", "IN ('a')", "k <> 'a'"),
    ("text", "IN ('a')", "k > 'b'"),
    ("int", NUMBERS, "k <> 12"),
    ("int", "IN (12)", "k <> 12"),
    ("int", NUMBERS, "NOT (k <> 12)"),
    ("int", NUMBERS, "NOT (k NOT BETWEEN 25 AND 30)"),
    ("int", NUMBERS, "NOT (k IS NULL)"),
]


def how(bound: str) -> str:
    return "LIST" if bound.startswith("IN") else "HASH" if bound.startswith("WITH") else "RANGE"


def compare(connection: psycopg.Connection[Any], setup: list[str], statement: str, table: str) -> tuple[bool, bool]:
    """Whether the server reads a table whole, and whether the linter says so."""
    for text in setup:
        connection.execute(text.encode())
    measured = measure_in_transaction(connection, statement)[table].work is Work.SCAN
    (action,) = (action for one in read(Emitted(statement, START)) for action in one.actions)
    told = {lock.table.name: lock.work for lock in locks_of(action, schema_of(setup), 15)}
    return measured, told[table] is Work.SCAN


@pytest.mark.parametrize(("kind", "bound", "check"), CASES)
def test_a_partition(server: ScratchServer, database: str, kind: str, bound: str, check: str) -> None:
    setup = [
        f"CREATE TABLE p (k {kind}) PARTITION BY {how(bound)} (k)",
        f"CREATE TABLE one (k {kind}, CONSTRAINT c CHECK ({check}))",
    ]
    with server.connect(database, autocommit=True) as connection:
        statement = f"ALTER TABLE p ATTACH PARTITION one FOR VALUES {bound}"
        measured, told = compare(connection, setup, statement, "one")
    assert told is measured


@pytest.mark.parametrize(("kind", "bound", "check"), DEFAULTS)
def test_a_default_partition(server: ScratchServer, database: str, kind: str, bound: str, check: str) -> None:
    setup = [
        f"CREATE TABLE p (k {kind}) PARTITION BY {how(bound)} (k)",
        "CREATE TABLE rest PARTITION OF p DEFAULT",
        f"ALTER TABLE rest ADD CONSTRAINT c CHECK ({check})",
    ]
    with server.connect(database, autocommit=True) as connection:
        statement = f"CREATE TABLE one PARTITION OF p FOR VALUES {bound}"
        measured, told = compare(connection, setup, statement, "rest")
    assert told is (measured or check in COLLATED)
