from __future__ import annotations

import pytest

from alembic_vibe.postgres.foreign_keys import split


def test_foreign_keys_come_out_whole() -> None:
    parts = split(
        'CREATE TABLE "A b" (id int PRIMARY KEY, own int REFERENCES "A b",'
        " c int NOT NULL REFERENCES c (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED CHECK (c > 0),"
        " CONSTRAINT z FOREIGN KEY (id) REFERENCES s.d MATCH FULL ON UPDATE CASCADE) WITH (fillfactor=70)"
    )
    table = 'CREATE TABLE "A b" (id int PRIMARY KEY, own int REFERENCES "A b", c int NOT NULL CHECK (c > 0))'
    assert parts == (
        table + " WITH (fillfactor=70)",
        (
            'ALTER TABLE "A b" ADD FOREIGN KEY (c) REFERENCES c (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED',
            'ALTER TABLE "A b" ADD CONSTRAINT z FOREIGN KEY (id) REFERENCES s.d MATCH FULL ON UPDATE CASCADE',
        ),
    )


def test_the_name_of_a_column_constraint_is_kept() -> None:
    parts = split("CREATE TABLE a (b int CONSTRAINT to_b REFERENCES b NOT NULL)")
    assert parts == (
        "CREATE TABLE a (b int NOT NULL)",
        ("ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (b) REFERENCES b",),
    )


@pytest.mark.parametrize(
    "text",
    ["CREATE TABLE a (id int)", "CREATE TABLE a (p int REFERENCES a)", "CREATE VIEW v AS SELECT 1", "CREATE TABLE ("],
)
def test_nothing_to_split(text: str) -> None:
    assert split(text) is None
