"""Names of columns in expressions."""

from __future__ import annotations

import pytest

from alembic_vibe.plan.words import names_column, with_collation, with_columns


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("status = 'status'::status", "\"New\" = 'status'::status"),
        ("status(status) > 0", 'status("New") > 0'),
        ('"Status" = 1 AND STATUS = 2', '"Status" = 1 AND "New" = 2'),
        ("orders.status IS NULL", 'orders."New" IS NULL'),
        ("CAST(a AS status)", "CAST(a AS status)"),
        ("'ä' || status", "'ä' || \"New\""),
    ],
)
def test_columns_get_other_names(expression: str, expected: str) -> None:
    assert with_columns(expression, {"status": "New"}) == expected


def test_what_orders_an_index_is_no_column() -> None:
    assert with_columns("(last DESC NULLS LAST)", {"last": "family"}) == "(family DESC NULLS LAST)"


def test_what_cannot_be_read_names_every_column() -> None:
    assert names_column("'open", "id")
    assert with_columns("'open id", {"id": "other"}) == "'open id"


def test_a_collation_stands_behind_its_column() -> None:
    assert with_collation("btree (id, name DESC)", "name", '"C"') == 'btree (id, name COLLATE "C" DESC)'
