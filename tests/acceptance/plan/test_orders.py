"""Orders that went wrong once, each as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
