"""Values of every type: PostgreSQL takes them, reads what was meant, and finds no two alike where none may be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alembic_vibe.data.values import generator, texts
from alembic_vibe.prove.rows_facts import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.prove.rows_facts import ColumnFact, SchemaFacts, TableFact

pytestmark = pytest.mark.server

# Types whose values psycopg gives back as the same kind of value that we made.
SAME = {"text", "varchar", "name", "int2", "int4", "int8", "oid", "numeric", "float4", "float8", "bool", "date", "time",
        "timestamp", "timestamptz", "interval", "bytea", "_text", "_int4", "_interval", "_date", "_bytea",
        "_numeric"}  # fmt: skip
SHAPES = {"point", "polygon", "path", "line", "box", "_box", "circle", "lseg"}
NOTHING = {"unknown_thing"}
NOT_DISTINCT = {"moods", *NOTHING}


@pytest.fixture(scope="module")
def filled(server: ScratchServer) -> Iterator[tuple[psycopg.Connection[Any], SchemaFacts, TableFact]]:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.execute(Path(__file__).with_name("every_type.sql").read_bytes())
        facts = read_facts(connection)
        yield connection, facts, next(iter(facts.tables.values()))
    server.drop_database(name)


def base_name(facts: SchemaFacts, column: ColumnFact) -> str:
    fact = facts.types[column.type]
    while fact.typtype == "d":
        fact = facts.types[fact.base]
    return fact.name


@pytest.mark.parametrize("unique", [False, True])
def test_every_type_is_taken_and_read_as_it_was_meant(
    filled: tuple[psycopg.Connection[Any], SchemaFacts, TableFact], unique: bool
) -> None:
    connection, facts, table = filled
    columns: dict[str, list[Any]] = {}
    missing, rooms = set(), {}
    for column in table.columns:
        made = generator(facts.types, column, "users", unique=unique)
        if made is None:
            missing.add(column.name)
            continue
        rooms[column.name] = made.capacity or 10**9
        columns[column.name] = made.batch(Random(3), 0, 400)
    assert missing == (NOT_DISTINCT if unique else NOTHING)

    sent = {name: texts(values, base_name(facts, table.column(name))) for name, values in columns.items()}
    connection.execute("TRUNCATE users")
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY users ({names}) FROM STDIN".encode()) as copy:
        for texts_of_row in zip(*sent.values(), strict=True):
            copy.write_row(texts_of_row)
    for name, values in columns.items():
        kind = base_name(facts, table.column(name))
        if kind in SAME:
            back = [value for (value,) in connection.execute(f'SELECT "{name}" FROM users ORDER BY ctid'.encode())]
            assert back == values, name
        if unique:
            cast = "::text" if kind in SHAPES else "::jsonb" if kind == "json" else ""
            query = f'SELECT count(DISTINCT "{name}"{cast}) FROM users'
            found = connection.execute(query.encode()).fetchone()
            assert found is not None
            assert found[0] == min(len(values), rooms[name]), name


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=5)
SPANS = st.timedeltas(timedelta(days=-100_000), timedelta(days=100_000))
FLOATS = st.floats(allow_nan=False)
MEANT = st.one_of(
    *(
        st.tuples(st.just(kind), st.lists(values, min_size=1, max_size=6))
        for kind, values in (
            ("text", WORDS),
            ("text[]", st.lists(st.none() | WORDS, max_size=4)),
            ("int8", st.integers(-(2**63), 2**63 - 1)),
            ("int8[]", st.lists(st.integers(-9, 9), max_size=3)),
            ("numeric", DECIMALS),
            ("numeric[]", st.lists(DECIMALS, max_size=3)),
            ("float8", FLOATS),
            ("float8[]", st.lists(FLOATS, max_size=3)),
            ("bool", st.booleans()),
            ("bool[]", st.lists(st.booleans(), max_size=3)),
            ("bytea", st.binary(max_size=8)),
            ("bytea[]", st.lists(st.binary(max_size=4), max_size=3)),
            ("date", DATES),
            ("date[]", st.lists(DATES, max_size=3)),
            ("time", st.times()),
            ("interval", SPANS),
            ("interval[]", st.lists(SPANS, max_size=3)),
            ("timestamp", MOMENTS),
            ("timestamptz", MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))),
        )
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MEANT)
def test_what_is_sent_is_what_was_meant(
    filled: tuple[psycopg.Connection[Any], SchemaFacts, TableFact], case: tuple[str, list[Any]]
) -> None:
    connection, _, _ = filled
    kind, values = case
    sent = texts([*values, None], kind)
    for value, text in zip([*values, None], sent, strict=True):
        row = connection.execute(f"SELECT %s::text::{kind}".encode(), (text,)).fetchone()
        assert row is not None
        assert row[0] == value, text
