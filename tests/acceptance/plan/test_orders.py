"""Orders that went wrong once, each as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.acceptance.plan.there_and_back import SECTIONS, Outcome, there_and_back

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


@pytest.mark.parametrize("as_code", [False, True], ids=["sql", "revisions"])
@pytest.mark.parametrize(
    ("ddl", "late"),
    [(PARTITIONED, "p0"), (PARTITIONED, ""), (GRANTED, "b"), (GRANTED, ""), (DOTTED, "c"), (DOTTED, "")],
)
def test_there_and_back(bind: Connection, ddl: list[str], late: str, as_code: bool) -> None:
    def choose(key: Key) -> str:
        return SECTIONS[key.name == late]

    try:
        outcome = there_and_back(bind, ddl, as_code=as_code, choose=choose)
    finally:
        bind.rollback()
    assert outcome == Outcome((), ())
