"""What a change of type costs is compared with the server, for every pair of built-in types that it allows."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.lint.actions import AlterType
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.retyping import column_change
from alembic_vibe.lint.types import TypeChange
from tests.acceptance.lint.test_locks import schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

DOMAINS = """
CREATE DOMAIN plain AS int; CREATE DOMAIN plainer AS plain; CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN required AS int NOT NULL; CREATE DOMAIN short AS varchar(5); CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN narrow AS positive;
"""
TYPES = (
    "int2", "int4", "int8", "float4", "float8", "numeric", "numeric(10)", "numeric(10,2)", "numeric(12,2)",
    "numeric(12,4)", "text", "varchar", "varchar(5)", "varchar(10)", "char(5)", "char(10)", "bpchar", "char", "bit(4)",
    "bit(8)", "bit", "varbit", "varbit(4)", "varbit(8)", "date", "timestamp", "timestamp(3)", "timestamp(6)",
    "timestamptz", "timestamptz(3)", "timestamptz(6)", "time", "time(3)", "time(6)", "timetz", "timetz(3)", "timetz(6)",
    "interval", "interval(3)", "interval(6)", "interval day to second", "interval day to second(3)", "interval year",
    "cidr", "inet", "macaddr", "json", "jsonb", "xml", "uuid", "oid", "regclass", "regtype", "bytea", "bool", "name",
    "int4range", "tsvector", "money", "varchar(5)[]", "varchar(10)[]", "varchar[]", "text[]", "int4[]", "int8[]",
    "numeric(10,2)[]", "numeric(12,2)[]", "cidr[]", "inet[]", "timestamp(3)[]", "timestamp(6)[]", "timestamp[]",
    "plain", "plainer", "positive", "required", "short", "narrow", "mood", "plain[]", "positive[]",
)  # fmt: skip


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute(DOMAINS)
        connection.execute("SET TimeZone = 'Europe/Paris'")
        yield connection
    server.drop_database(name)


def measured(connection: psycopg.Connection[Any], change: str) -> TypeChange | None:
    """What a change does to the indexed column ``t.x``, None where the server refuses it."""
    files = "SELECT pg_relation_filenode('t'), coalesce(pg_relation_filenode(to_regclass('i')), 0)"
    try:
        with connection.transaction(force_rollback=True):
            before = connection.execute(files).fetchone()
            connection.execute(change.encode())
            after = connection.execute(files).fetchone()
    except psycopg.Error:
        return None
    assert before is not None
    assert after is not None
    if before[0] != after[0]:
        return TypeChange.REWRITE
    return TypeChange.REINDEX if before != after else TypeChange.METADATA


def make(connection: psycopg.Connection[Any], old: str) -> None:
    """Make the table ``t``, with an index where the type has an order."""
    connection.execute(f"CREATE TABLE t (x {old})".encode())
    with suppress(psycopg.Error), connection.transaction():
        connection.execute("CREATE INDEX i ON t (x)")


def told(schema: Schema, change: str) -> TypeChange:
    """What the linter says of a change; what changes nothing costs as much as what changes the catalogue alone."""
    (action,) = (action for one in read(Emitted(change, START)) for action in one.actions)
    assert isinstance(action, AlterType)
    found = column_change(action, schema)
    return TypeChange.METADATA if found is TypeChange.NONE else found


@pytest.mark.parametrize("old", TYPES)
def test_every_pair_of_types(connection: psycopg.Connection[Any], old: str) -> None:
    schema = schema_of([DOMAINS, f"CREATE TABLE t (x {old})"])
    wrong = []
    with connection.transaction(force_rollback=True):
        make(connection, old)
        for new in TYPES:
            change = f"ALTER TABLE t ALTER x TYPE {new}"
            if (real := measured(connection, change)) not in {None, told(schema, change)}:
                wrong.append(f"{change}: {real}, told {told(schema, change)}")
    assert wrong == []


@pytest.mark.parametrize("using", ["x", "x::text", "x::text || ''", "CAST(x AS text)", "lower(x)", "x::varchar"])
def test_using(connection: psycopg.Connection[Any], using: str) -> None:
    schema = schema_of(["CREATE TABLE t (x varchar(5))"])
    change = f"ALTER TABLE t ALTER x TYPE text USING {using}"
    with connection.transaction(force_rollback=True):
        make(connection, "varchar(5)")
        real = measured(connection, change)
    if using == "x::varchar":  # free, but nobody writes it
        assert (real, told(schema, change)) == (TypeChange.METADATA, TypeChange.REWRITE)
    else:
        assert told(schema, change) is real
