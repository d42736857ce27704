"""Random statements on tables with rows: what the linter says that they lock, and do to the rows, the server does.

Other tests carry out a probe of every form. Here tables, columns, types and options meet that nobody has put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from alembic_vibe.lint.forms import Cost, Work
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.taken import locks_of
from alembic_vibe.locks import LockLevel
from tests.acceptance.lint.locking import measure_in_transaction
from tests.acceptance.lint.test_locks import NEW, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

SETUP = [
    "CREATE DOMAIN cents AS int",
    "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
    "CREATE DOMAIN price AS positive",
    "CREATE TYPE mood AS ENUM ('a', 'b')",
    "CREATE FUNCTION steady() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'",
    "CREATE FUNCTION restless() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
    "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TABLE parent (id int PRIMARY KEY, code varchar(10) NOT NULL UNIQUE, n int)",
    """CREATE TABLE child (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ref int CONSTRAINT child_ref REFERENCES parent,
        code varchar(10) CONSTRAINT child_code REFERENCES parent (code) DEFERRABLE,
        word varchar(10) CONSTRAINT word_filled CHECK (word IS NOT NULL),
        n int CONSTRAINT n_positive CHECK (n > 0),
        total numeric(10, 2),
        made timestamp(3),
        feeling mood,
        price price,
        double int GENERATED ALWAYS AS (n * 2) STORED,
        UNIQUE (word)
    )""",
    "CREATE INDEX child_total ON child (total)",
    "CREATE INDEX child_made ON child (made) WHERE feeling = 'a'",
    "CREATE INDEX child_lower ON child (lower(word))",
    "ALTER TABLE child ADD CONSTRAINT total_filled CHECK (total IS NOT NULL) NOT VALID",
    "ALTER TABLE child ADD CONSTRAINT n_ref FOREIGN KEY (n) REFERENCES parent NOT VALID",
    "CREATE TABLE heap (n int, word text, made timestamptz, j json)",
    "CREATE UNIQUE INDEX heap_n ON heap (n)",
    "CREATE TABLE above (id int, n int CONSTRAINT above_n CHECK (n > 0), word varchar(10))",
    "CREATE TABLE below (more int) INHERITS (above)",
    "CREATE TABLE parts (id int NOT NULL, n int, word varchar(10), ref int) PARTITION BY RANGE (id)",
    "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (100)",
    "CREATE TABLE high PARTITION OF parts FOR VALUES FROM (100) TO (200) PARTITION BY LIST (n)",
    "CREATE TABLE high_1 PARTITION OF high FOR VALUES IN (1, 2, 3)",
    "CREATE TABLE rest PARTITION OF parts DEFAULT",
    "CREATE INDEX parts_n ON parts (n)",
    "ALTER TABLE parts ADD CONSTRAINT parts_ref FOREIGN KEY (ref) REFERENCES parent",
    "CREATE TABLE alone (id int NOT NULL, n int, word varchar(10), ref int)",
    "CREATE TRIGGER child_noted BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION noted()",
    "CREATE TABLE summary (n int)",
    "CREATE MATERIALIZED VIEW summed AS SELECT n, count(*) AS rows FROM summary GROUP BY n",
]
ROWS = [
    "INSERT INTO parent SELECT i, 'c' || i, i FROM generate_series(1, 3) i",
    """INSERT INTO child (ref, code, word, n, total, made, feeling, price)
       SELECT i, 'c' || i, 'w' || i, i, i, now(), 'a', i FROM generate_series(1, 3) i""",
    "INSERT INTO summary VALUES (1)",
    "INSERT INTO heap SELECT i, 'w', now(), '{}' FROM generate_series(1, 3) i",
    "INSERT INTO above SELECT i, i, 'w' FROM generate_series(1, 3) i",
    "INSERT INTO below SELECT i, i, 'w', i FROM generate_series(1, 3) i",
    "INSERT INTO parts SELECT i, i / 100 + 1, 'w', 1 FROM generate_series(1, 300, 50) i",
    "INSERT INTO alone SELECT i, 1, 'w', 1 FROM generate_series(200, 203) i",
    "REFRESH MATERIALIZED VIEW summed",
]
COLUMNS = {
    "parent": ("id", "code", "n"),
    "child": ("id", "ref", "code", "word", "n", "total", "made", "feeling", "price", "double"),
    "heap": ("n", "word", "made"),
    "above": ("id", "n", "word"),
    "below": ("id", "n", "word", "more"),
    "parts": ("id", "n", "word", "ref"),
    "low": ("id", "n", "word", "ref"),
    "alone": ("id", "n", "word", "ref"),
}
CONSTRAINTS = [
    "parent parent_pkey",
    "parent parent_code_key",
    "child child_pkey",
    "child child_ref",
    "child child_code",
    "child word_filled",
    "child n_positive",
    "child child_word_key",
    "child total_filled",
    "child n_ref",
    "above above_n",
    "parts parts_ref",
]
TYPES = [
    "int",
    "bigint",
    "smallint",
    "text",
    "varchar",
    "varchar(5)",
    "varchar(20)",
    "numeric(10)",
    "numeric",
    "timestamp(3)",
    "timestamp(6)",
    "timestamptz",
    "mood",
    "cents",
    "positive",
    "price",
    "cents[]",
    "price[]",
    "json",
    "jsonb",
]
DEFAULTS = [
    "",
    "DEFAULT '1'",
    "DEFAULT steady()",
    "DEFAULT restless()",
    "DEFAULT length('1')",
    "DEFAULT random()",
    "DEFAULT now()",
    "GENERATED ALWAYS AS IDENTITY",
    "GENERATED ALWAYS AS (1 + 1) STORED",
]
AFTER = ["", "", "", "NOT NULL", "CHECK (made_up IS NOT NULL)", "UNIQUE", "PRIMARY KEY"]
ANYWHERE = """
ALTER TABLE {table} ADD COLUMN made_up {type} {default} {after}
ALTER TABLE {table} ALTER COLUMN {column} TYPE {type}
ALTER TABLE {table} ALTER COLUMN {column} TYPE {type} COLLATE "C"
ALTER TABLE {table} ALTER COLUMN {column} TYPE {type} USING lower({column}::text)
ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT '1'
ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT
ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 5
ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE MAIN
ALTER TABLE {table} ALTER COLUMN {column} SET (n_distinct = 3)
ALTER TABLE {table} ALTER COLUMN {column} DROP EXPRESSION
ALTER TABLE {table} ALTER COLUMN {column} DROP IDENTITY
ALTER TABLE {table} DROP COLUMN {column}
ALTER TABLE {table} DROP COLUMN {column} CASCADE
ALTER TABLE {table} RENAME COLUMN {column} TO made_up
ALTER TABLE {table} ADD CONSTRAINT made_up CHECK ({column} IS NOT NULL)
ALTER TABLE {table} ADD CONSTRAINT made_up CHECK ({column} IS NOT NULL) NOT VALID
ALTER TABLE {constrained} DROP CONSTRAINT {constraint}
ALTER TABLE {constrained} DROP CONSTRAINT {constraint} CASCADE
ALTER TABLE {constrained} VALIDATE CONSTRAINT {constraint}
ALTER TABLE {constrained} RENAME CONSTRAINT {constraint} TO made_up
ALTER TABLE {constrained} ALTER CONSTRAINT {constraint} DEFERRABLE
ALTER TABLE {table} RENAME TO made_up
ALTER TABLE {table} SET (fillfactor = 50)
ALTER TABLE {table} SET UNLOGGED
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY
ALTER TABLE {table} REPLICA IDENTITY FULL
ALTER TABLE {table} DISABLE TRIGGER ALL
ALTER TABLE {table} OWNER TO CURRENT_USER
CREATE INDEX made_up ON {table} ({column})
CREATE INDEX made_up ON ONLY {table} ({column})
CREATE INDEX made_up ON {table} (({column}::text))
CREATE UNIQUE INDEX made_up ON {table} ({column}, {other}) WHERE {column} IS NOT NULL
CREATE TRIGGER made_up AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION noted()
CREATE POLICY made_up ON {table} USING (true)
CREATE TABLE made_up (LIKE {table} INCLUDING ALL)
CREATE TABLE made_up AS SELECT * FROM {table}
CREATE TABLE made_up () INHERITS ({table})
CREATE VIEW made_up AS SELECT * FROM {table}
DROP TABLE {table}
DROP TABLE {table} CASCADE
TRUNCATE {table}
TRUNCATE {table} CASCADE
LOCK TABLE {table} IN SHARE MODE
UPDATE {table} SET {column} = DEFAULT
UPDATE {table} SET n = id WHERE {column} IN (SELECT {column} FROM {table})
DELETE FROM {table}
DELETE FROM {table} WHERE {column}::text = '1'
INSERT INTO summary SELECT n FROM {table}
SELECT count(*) FROM {table}
"""
# Whether the heirs of a table are locked for these differs between versions.
WITHOUT_HEIRS = """
ALTER TABLE {table} ADD COLUMN made_up int {default} REFERENCES parent
ALTER TABLE {table} ADD CONSTRAINT made_up FOREIGN KEY ({column}) REFERENCES parent
ALTER TABLE {table} ADD CONSTRAINT made_up FOREIGN KEY ({column}) REFERENCES parent NOT VALID
ALTER TABLE {table} ADD CONSTRAINT made_up FOREIGN KEY ({column}) REFERENCES parent (code)
ALTER TABLE {table} ADD CONSTRAINT made_up UNIQUE ({column})
ALTER TABLE {table} ADD CONSTRAINT made_up PRIMARY KEY ({column})
ALTER TABLE {table} ADD CONSTRAINT made_up UNIQUE ({column}, {other})
ALTER TABLE {table} ADD CONSTRAINT made_up EXCLUDE ({column} WITH =)
"""
# Partitions are not asked again for a column that is not NULL.
WITHOUT_PARTITIONS = "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"
SPECIAL = """
ALTER TABLE heap ADD CONSTRAINT made_up UNIQUE USING INDEX heap_n
ALTER TABLE heap ADD CONSTRAINT made_up PRIMARY KEY USING INDEX heap_n
ALTER TABLE parts ATTACH PARTITION alone FOR VALUES FROM (200) TO (250)
ALTER TABLE parts ATTACH PARTITION alone FOR VALUES FROM (201) TO (250)
ALTER TABLE parts DETACH PARTITION low
ALTER TABLE parts DETACH PARTITION high
ALTER TABLE high DETACH PARTITION high_1
ALTER TABLE below NO INHERIT above
CREATE TABLE made_up PARTITION OF parts FOR VALUES FROM (400) TO (500)
CREATE TABLE made_up PARTITION OF high FOR VALUES IN (9)
DROP TABLE low
DROP TABLE high, rest
DROP INDEX child_total
DROP INDEX child_lower, heap_n
DROP INDEX parts_n
REINDEX INDEX child_total
REINDEX TABLE child
ALTER INDEX heap_n RENAME TO made_up
DROP TRIGGER child_noted ON child
REFRESH MATERIALIZED VIEW summed
DROP MATERIALIZED VIEW summed
ALTER DOMAIN positive ADD CHECK (VALUE < 100)
ALTER DOMAIN cents ADD CHECK (VALUE < 100)
ALTER DOMAIN positive ADD CONSTRAINT made_up CHECK (VALUE < 100) NOT VALID
ALTER DOMAIN price SET NOT NULL
ALTER DOMAIN price DROP NOT NULL
ALTER TYPE mood ADD VALUE 'c'
ALTER TYPE mood RENAME VALUE 'a' TO 'x'
DROP TYPE mood CASCADE
DROP DOMAIN price CASCADE
DROP DOMAIN positive CASCADE
"""


@st.composite
def statements(draw: st.DrawFn) -> str:
    """Draw a statement; the server refuses many."""
    table = draw(st.sampled_from(sorted(COLUMNS)))
    texts = [*ANYWHERE.splitlines(), *SPECIAL.splitlines()]
    if table != "above":
        texts += WITHOUT_HEIRS.splitlines()
    if table != "parts":
        texts.append(WITHOUT_PARTITIONS)
    constrained, constraint = draw(st.sampled_from(CONSTRAINTS)).split()
    return draw(st.sampled_from([text for text in texts if text])).format(
        table=table,
        column=draw(st.sampled_from(COLUMNS[table])),
        other=draw(st.sampled_from(COLUMNS[table])),
        type=draw(st.sampled_from(TYPES)),
        default=draw(st.sampled_from(DEFAULTS)),
        after=draw(st.sampled_from(AFTER)),
        constrained=constrained,
        constraint=constraint,
    )


@pytest.fixture(scope="module")
def connection(server: ScratchServer) -> Iterator[psycopg.Connection[Any]]:
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        for text in (NEW, "SET TimeZone = 'Europe/Paris'", *SETUP, *ROWS):
            connection.execute(text.encode())
        yield connection
    server.drop_database(name)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return schema_of(SETUP)


def told(statement: str, schema: Schema, version: int) -> dict[str, Cost]:
    """What the linter says of all that a statement does, by table."""
    found: dict[str, Cost] = {}
    schema = schema.copy()
    for one in read(Emitted(statement, START)):
        assert not one.error
        for action in one.actions:
            for lock in locks_of(action, schema, version):
                had = found.get(lock.table.name, Cost(LockLevel.ACCESS_SHARE))
                work = max(had.work, lock.work, key=lambda work: work.rank)
                found[lock.table.name] = Cost(max(had.level, lock.level), work)
            apply(action, schema, "1")
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(statement=statements())
def test_a_statement_does_what_is_told(statement: str, connection: psycopg.Connection[Any], schema: Schema) -> None:
    version = connection.info.server_version // 10000
    try:
        measured = measure_in_transaction(connection, statement)
    except psycopg.Error:
        reject()
    assert locks(told(statement, schema, version), schema) == locks(measured, schema)


def locks(costs: dict[str, Cost], schema: Schema) -> dict[str, Cost]:
    """The costs of the tables of ``SETUP``, but for locks that stop nothing but what stops all.

    A partitioned table has no rows, so that its work is that of others.
    """
    tables = {name.name: table for name, table in schema.tables.items()}
    found = {
        name: Cost(cost.level, Work.NONE if tables[name].is_partitioned else cost.work)
        for name, cost in sorted(costs.items())
        if name in tables
    }
    return {name: cost for name, cost in found.items() if cost != Cost(LockLevel.ACCESS_SHARE)}
