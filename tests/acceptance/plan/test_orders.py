"""Orders that went wrong once, each as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.acceptance.plan.there_and_back import SECTIONS, Outcome, raw, there_and_back

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from alembic_vibe.catalog.keys import Key

pytestmark = pytest.mark.server
PARTITIONED = [
    "CREATE TABLE p (id int PRIMARY KEY, up int) PARTITION BY HASH (id)",
    "CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    "CREATE TABLE q (p_id int REFERENCES p)",
    "ALTER TABLE p ADD FOREIGN KEY (up) REFERENCES p",
]
GRANTED = ["CREATE TABLE a (id int)", "CREATE TABLE b (id int)", "GRANT SELECT ON a, b TO PUBLIC"]
DOTTED = ['CREATE TABLE "x.y" ("id.z" int PRIMARY KEY)', 'CREATE TABLE c (x int REFERENCES "x.y")']
SETTINGS = [
    "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY, b int, CONSTRAINT x EXCLUDE USING gist (int4range(a, b) WITH &&))",
    "ALTER TABLE t ALTER a SET (n_distinct = 100, n_distinct_inherited = -0.25)",
    "ALTER TABLE t ALTER b SET STATISTICS 0",
    "ALTER TABLE t CLUSTER ON k",
    "ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 300",
    'CREATE INDEX "i%" ON t (a, (a + b), b DESC)',
    'ALTER INDEX "i%" ALTER COLUMN 2 SET STATISTICS 400',
    "CREATE STATISTICS s ON a, b FROM t",
    "ALTER STATISTICS s SET STATISTICS 200",
    "CREATE MATERIALIZED VIEW v AS SELECT a, b FROM t",
    "CREATE INDEX j ON v (b)",
    "ALTER MATERIALIZED VIEW v ALTER a SET (n_distinct = -1)",
    "ALTER MATERIALIZED VIEW v ALTER b SET STATISTICS 30",
    "ALTER MATERIALIZED VIEW v CLUSTER ON j",
]
SHADOWED = [  # PostgreSQL has these, too
    "CREATE TYPE public.uuid AS ENUM ('a')",
    "COMMENT ON TYPE public.uuid IS 'ours'",
    "CREATE TYPE public.circle AS (x int)",
    "COMMENT ON COLUMN public.circle.x IS 'ours'",
    "CREATE DOMAIN public.money AS numeric CONSTRAINT k CHECK (VALUE > 0)",
    "COMMENT ON CONSTRAINT k ON DOMAIN public.money IS 'ours'",
    "CREATE FUNCTION public.gen_random_uuid() RETURNS pg_catalog.uuid LANGUAGE sql AS 'SELECT NULL::pg_catalog.uuid'",
    "COMMENT ON FUNCTION public.gen_random_uuid() IS 'ours'",
    "CREATE TABLE t (c pg_catalog.uuid DEFAULT public.gen_random_uuid())",
]
CLUSTERED_LATER = [  # the constraint is added to a table that is there
    "CREATE TABLE t (a int CONSTRAINT k UNIQUE)",
    "CREATE TABLE u (a int CONSTRAINT l PRIMARY KEY REFERENCES t (a))",
    "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u",
    "ALTER TABLE t CLUSTER ON k",
    "ALTER TABLE u CLUSTER ON l",
]
MEMBERS = [
    "CREATE ROLE order_owner",
    "CREATE ROLE order_one",
    "CREATE ROLE order_two NOINHERIT",
    "CREATE ROLE order_three",
    "GRANT order_owner TO order_one WITH ADMIN OPTION",
    "GRANT order_owner TO order_two",
    "GRANT order_owner TO order_three",
]
MEMBERS_16 = [
    *MEMBERS,
    "GRANT order_owner TO order_one WITH ADMIN TRUE, INHERIT FALSE, SET FALSE",
    "GRANT order_owner TO order_two WITH INHERIT TRUE",
    "GRANT order_owner TO order_three WITH SET FALSE",
]


@pytest.mark.parametrize("as_code", [False, True], ids=["sql", "revisions"])
@pytest.mark.parametrize(
    ("ddl", "late"),
    [
        (PARTITIONED, "p0"),
        (PARTITIONED, ""),
        (GRANTED, "b"),
        (GRANTED, ""),
        (DOTTED, "c"),
        (DOTTED, ""),
        (SHADOWED, ""),
        (SETTINGS, ""),
        (SETTINGS, "v"),
        (CLUSTERED_LATER, "u"),
        (CLUSTERED_LATER, ""),
        (MEMBERS, ""),
        (MEMBERS_16, ""),
    ],
)
def test_there_and_back(bind: Connection, ddl: list[str], late: str, as_code: bool) -> None:
    def choose(key: Key) -> str:
        return SECTIONS[key.name == late]

    if ddl is MEMBERS_16 and raw(bind).info.server_version < 160000:
        pytest.skip("needs PostgreSQL 16")
    try:
        outcome = there_and_back(bind, ddl, as_code=as_code, choose=choose)
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())


PARTITIONS_LATER = [
    "CREATE TABLE p (id int, at date, up int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
    "CREATE TABLE q (p_id int NOT NULL, p_at date NOT NULL, FOREIGN KEY (p_id, p_at) REFERENCES p)",
    "CREATE TABLE late (id int PRIMARY KEY)",
    "CREATE FUNCTION late_count() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM late; END",
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (id)",
    "CREATE TABLE p2_leaf PARTITION OF p2 DEFAULT",
    "CREATE INDEX p2_leaf_up ON p2_leaf (up)",
]
NEEDY = [*PARTITIONS_LATER, "ALTER TABLE p2_leaf ALTER up SET DEFAULT late_count()"]
REFERRING = [
    "INSERT INTO p (id, at) VALUES (1, '2024-05-05'), (2, '2025-05-05')",
    "INSERT INTO q VALUES (1, '2024-05-05'), (2, '2025-05-05')",
]


@pytest.mark.parametrize("as_code", [False, True], ids=["sql", "revisions"])
@pytest.mark.parametrize("ddl", [PARTITIONS_LATER, NEEDY], ids=["plain", "needy"])
@pytest.mark.parametrize(
    "late", [("p1",), ("p2", "p2_leaf"), ("p2_leaf",), ("p1", "p2", "p2_leaf", "late", "late_count", "p2_leaf_up")]
)
def test_partitions_written_later_go_with_rows_that_refer_to_them(
    bind: Connection, ddl: list[str], late: tuple[str, ...], as_code: bool
) -> None:
    try:
        outcome = there_and_back(
            bind, ddl, as_code=as_code, choose=lambda key: SECTIONS[key.name in late], rows=REFERRING
        )
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())


@pytest.mark.parametrize("as_code", [False, True], ids=["sql", "revisions"])
def test_a_partition_of_a_table_that_stays(bind: Connection, as_code: bool) -> None:
    try:
        outcome = there_and_back(
            bind, PARTITIONS_LATER[6:], as_code=as_code, given=PARTITIONS_LATER[:6], rows=[REFERRING[0]]
        )
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())


def test_a_partition_of_a_table_that_stays_is_held_by_rows_that_refer_to_it(bind: Connection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="p2_leaf"):
        there_and_back(bind, PARTITIONS_LATER[6:], as_code=False, given=PARTITIONS_LATER[:6], rows=REFERRING)
    bind.rollback()


@pytest.mark.xfail(
    strict=True, reason="SQLAlchemy wants the schema of an enum or domain with the name of a type of PostgreSQL's"
)
def test_a_column_of_an_enum_with_a_name_of_postgresql_s_own(bind: Connection) -> None:
    try:
        outcome = there_and_back(bind, [SHADOWED[0], "CREATE TABLE t (a public.uuid)"], as_code=True)
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())


def test_a_partition_key_with_a_percent_sign(bind: Connection) -> None:
    ddl = ['CREATE TABLE p ("%(x)s" int) PARTITION BY HASH ("%(x)s")']
    try:
        outcome = there_and_back(bind, ddl, as_code=True)
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())
