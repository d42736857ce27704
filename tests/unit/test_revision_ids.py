"""New ids continue what a project has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alembic_vibe.revision_ids import new_ids

NOW = datetime(2026, 3, 9, 14, 5, 30, tzinfo=UTC)
TITLES = ["expand orders: note, tags", "contract orders.note"]
HASHES = ["1f2e3d4c5b6a", "9d8c7b6a5f4e", "0a1b2c3d4e5f"]


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ([], ["0001", "0002"]),
        (["1", "2"], ["3", "4"]),
        (["001", "009"], ["010", "011"]),
        (["shop_001", "shop_002"], ["shop_003", "shop_004"]),
        (["v9", "v10"], ["v11", "v12"]),
        (["0001_begin", "0002_orders"], ["0003_expand_orders_note_tags", "0004_contract_orders_note"]),
        (
            ["2024_05_01_begin", "2024_05_02_more"],
            ["2026_03_09_expand_orders_note", "2026_03_09_contract_orders_note"],
        ),
        (["20240501", "20240502"], ["20260309", "20260309_2"]),
        (["202405011200", "202405021201"], ["202603091405", "202603091406"]),
        (["20240501120000", "20240502120100"], ["20260309140530", "20260309140531"]),
        (["2024-05-01_01", "2024-05-02_01"], ["2026-03-09_01", "2026-03-09_02"]),
        (["1", "2", *HASHES], None),  # it has changed its mind
        ([*HASHES, "begin", "users_and_orders"], None),
        (HASHES, None),
        (["123456789012", *HASHES], None),
        (["alpha", "beta", "gamma"], None),
        (["t1", "t3", "t2"], None),  # they do not count
    ],
)
def test_ids_go_on_as_they_were(existing: list[str], expected: list[str] | None) -> None:
    found = new_ids(existing, TITLES, ["a", "b"], NOW)
    if expected is None:
        assert all(len(one) == len(HASHES[0]) and int(one, 16) >= 0 for one in found)
        assert found == new_ids(existing, TITLES, ["a", "b"], NOW)
    else:
        assert found == expected


def test_an_id_fits_into_the_version_table_and_is_new() -> None:
    long = "a title that goes on and on and on and on"
    assert new_ids(["0001_begin"], [long], ["x"], NOW) == ["0002_a_title_that_goes_on_and_on"]
    wide = "0001_" + "x" * 60
    assert new_ids([wide], [long], ["x"], NOW) == ["0002_a_title_that_goes_on_and_on_and_on_and_on"]
    taken = ["2026_03_09_expand_orders_note", "2026_03_09_begin"]
    found = new_ids(taken, TITLES[:1], ["x"], NOW)[0]
    assert found not in taken
