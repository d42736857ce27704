"""Sets of rows: what is new, what waits, and in which order rows come out."""

from __future__ import annotations

from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_vibe.subset.row_sets import RowSets


def test_a_row_waits_once_whatever_is_added() -> None:
    with closing(RowSets()) as sets:
        assert sets.add(7, [3, 1, 3]) == 2
        assert sets.waiting() == [7]
        assert sets.take(7, 1) == [1]
        assert sets.add(7, [1, 2]) == 1
        assert sets.take(7, 10) == [2, 3]
        assert sets.waiting() == []
        assert sets.count(7) == sets.total() == 3
        assert sets.remove(7, [2, 9]) == 1
        assert list(sets.batches(7, 2)) == [[1, 3]]
        sets.clear()
        assert sets.total() == 0
        assert list(sets.batches(7, 2)) == []


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 2**48), max_size=8)), max_size=12))
def test_it_is_a_set(added: list[tuple[int, list[int]]]) -> None:
    expected: dict[int, set[int]] = {}
    with closing(RowSets()) as sets:
        for place, rows in added:
            known = expected.setdefault(place, set())
            assert sets.add(place, rows) == len(set(rows) - known)
            known.update(rows)
            if rows and rows[0] % 2:
                sets.take(place, 3)
        for place in sets.waiting():
            while sets.take(place, 5):
                pass
        for place, wanted in expected.items():
            assert [row for batch in sets.batches(place, 4) for row in batch] == sorted(wanted)
