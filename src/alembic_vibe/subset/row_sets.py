"""Which rows belong to the subset: a set of row numbers for each place that holds rows.

Kept here and not in the source: a replica allows no temporary tables. SQLite holds them, in a file without a name that
goes away with the run and spills to disk, so that memory does not grow with the subset. Only positions of rows are in
it, no data. A row's number is ``block * 65536 + offset``, its ``ctid``, which stays what it is within a snapshot.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CACHE_KIB = 32_768


class RowSets:
    """For each place two sets: rows that were chosen, and among them those whose references are still to follow."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._known: set[int] = set()
        self._counts: dict[int, int] = {}
        self._waiting: dict[int, int] = {}

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def clear(self) -> None:
        """Empty all sets."""
        for place in self._known:
            self._db.execute(f"DELETE FROM done_{place:d}")  # noqa: S608 - a number of ours
            self._db.execute(f"DELETE FROM wait_{place:d}")  # noqa: S608
        self._counts.clear()
        self._waiting.clear()

    def add(self, place: int, rows: Iterable[int]) -> int:
        """Add rows to a place; return how many are new."""
        self._prepare(place)
        before = self._db.total_changes
        # f"{…:d}" lets nothing but a number through; sqlite3 takes no parameters for names of tables.
        self._db.execute("BEGIN")
        self._db.executemany(
            f"INSERT OR IGNORE INTO wait_{place:d} SELECT ?1"  # noqa: S608
            f" WHERE NOT EXISTS (SELECT 1 FROM done_{place:d} WHERE row = ?1)",
            ((row,) for row in rows),
        )
        self._db.execute("COMMIT")
        new = self._db.total_changes - before
        self._counts[place] = self._counts.get(place, 0) + new
        self._waiting[place] = self._waiting.get(place, 0) + new
        return new

    def waiting(self) -> list[int]:
        """Return the places with rows whose references are still to follow."""
        return sorted(place for place, count in self._waiting.items() if count)

    def take(self, place: int, most: int) -> list[int]:
        """Return the first rows of a place that wait, in order; they wait no longer."""
        rows = [
            row
            for (row,) in self._db.execute(f"SELECT row FROM wait_{place:d} ORDER BY row LIMIT ?", (most,))  # noqa: S608
        ]
        if rows:
            self._db.execute("BEGIN")
            self._db.execute(
                f"INSERT INTO done_{place:d} SELECT row FROM wait_{place:d} WHERE row <= ?",  # noqa: S608
                (rows[-1],),
            )
            self._db.execute(f"DELETE FROM wait_{place:d} WHERE row <= ?", (rows[-1],))  # noqa: S608
            self._db.execute("COMMIT")
        self._waiting[place] = self._waiting.get(place, 0) - len(rows)
        return rows

    def remove(self, place: int, rows: Iterable[int]) -> int:
        """Take rows out of a place, none of which may wait; return how many were in it."""
        before = self._db.total_changes
        self._db.execute("BEGIN")
        self._db.executemany(f"DELETE FROM done_{place:d} WHERE row = ?", ((row,) for row in rows))  # noqa: S608
        self._db.execute("COMMIT")
        gone = self._db.total_changes - before
        self._counts[place] -= gone
        return gone

    def count(self, place: int) -> int:
        """How many rows a place has."""
        return self._counts.get(place, 0)

    def total(self) -> int:
        """How many rows all places have together."""
        return sum(self._counts.values())

    def batches(self, place: int, most: int) -> Iterator[list[int]]:
        """Give the rows of a place in order, some at a time."""
        if place not in self._known:
            return
        last = -1
        while True:
            rows = [
                row
                for (row,) in self._db.execute(
                    f"SELECT row FROM done_{place:d} WHERE row > ?1 UNION ALL"  # noqa: S608
                    f" SELECT row FROM wait_{place:d} WHERE row > ?1 ORDER BY row LIMIT ?2",
                    (last, most),
                )
            ]
            if not rows:
                return
            yield rows
            last = rows[-1]

    def _prepare(self, place: int) -> None:
        if place not in self._known:
            self._db.execute(f"CREATE TABLE done_{place:d} (row INTEGER PRIMARY KEY)")
            self._db.execute(f"CREATE TABLE wait_{place:d} (row INTEGER PRIMARY KEY)")
            self._known.add(place)
