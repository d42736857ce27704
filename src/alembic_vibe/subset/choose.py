"""Choose the rows: a sample of each table that fits to the others, closed under all foreign keys.

Parents first. Of each table about the same share is taken: rows that refer to rows chosen before, a few of each; where
that is too few, a sample by hash. Whatever the rows refer to is taken as well, until nothing is missing (a fixpoint,
so circles and references of a table to itself need no thought). What that adds is made up for by another round with
smaller shares. Small tables that refer to no other are taken whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from psycopg import sql

from alembic_vibe.subset import queries
from alembic_vibe.subset.order import in_order

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.subset.row_sets import RowSets
    from alembic_vibe.subset.schema import Reference, Schema, Table

BATCH = 20_000  # rows that one query is asked about
_PARENTS = 100_000  # more, where every query may have to read the whole table of the children
_LOOKUP = 300  # rows that a table taken whole may have
_COUNTED = 2 * 1024**3  # bytes of a table that is counted; the size of a larger one is PostgreSQL's estimate
_NEAR = 0.05  # how far from the target the last round may end
_ROUNDS = 4
_LARGE = 20_000_000  # rows from which on a round costs too much for several corrections
_EACH = 5  # children of one row at least, where it has them


@dataclass(slots=True)
class Choice:
    """What was chosen: the rows of every table, those taken whole, and rows left out by table because they dangle."""

    wanted: int
    total: int = 0
    by_table: dict[int, int] = field(default_factory=dict)
    whole: set[int] = field(default_factory=set)
    dangling: dict[str, int] = field(default_factory=dict)


class Chooser:
    """Fills ``RowSets`` from a source in one snapshot."""

    def __init__(self, connection: Connection[Any], schema: Schema, sets: RowSets, tell: Callable[[str], None]) -> None:
        self._connection, self._schema, self._sets, self._tell = connection, schema, sets, tell
        self._table_of = schema.owner_of()
        self._place = {place.oid: place for table in schema.tables.values() for place in table.places}

    def choose(self, *, rows: int | None, fraction: float | None) -> Choice:
        """Choose about ``rows`` rows, or about a ``fraction`` of all of them."""
        self._count()
        tables = self._schema.tables.values()
        everything = sum(table.rows for table in tables)
        wanted = min(everything, rows if rows is not None else ceil(everything * (fraction or 0)))
        choice = Choice(wanted)
        if wanted >= everything:
            choice.whole = set(self._schema.tables)
            self._round(choice, 1.0)
        else:
            choice.whole = self._lookups(wanted)
            self._approach(choice, everything)
        if any(not reference.sure for reference in self._schema.references):
            self._leave_out_dangling(choice)
        choice.by_table = {table.oid: self._chosen(table) for table in tables}
        choice.total = sum(choice.by_table.values())
        return choice

    def _approach(self, choice: Choice, everything: int) -> None:
        fixed = sum(self._schema.tables[oid].rows for oid in choice.whole)
        share = max(choice.wanted - fixed, 1) / max(everything - fixed, 1)
        for left in reversed(range(_ROUNDS if everything < _LARGE else 2)):
            self._round(choice, share)
            got = self._sets.total()
            if not left or abs(got - choice.wanted) <= choice.wanted * _NEAR:
                return
            better = share * max(choice.wanted - fixed, 1) / max(got - fixed, 1)
            if abs(better - share) < share / 1000:
                return
            share = min(better, 1.0)

    def _count(self) -> None:
        for table in self._schema.tables.values():
            self._tell(f"counting {table.name}")
            size = sum(place.bytes for place in table.places)
            if size > _COUNTED and all(place.estimate >= 0 for place in table.places):
                table.rows, table.exact = int(sum(place.estimate for place in table.places)), False
                continue
            query = sql.SQL("SELECT count(*) FROM {}").format(queries.relation(table))
            row = self._connection.execute(query).fetchone()
            table.rows = row[0] if row is not None else 0

    def _lookups(self, wanted: int) -> set[int]:
        """The tables that are taken whole: small, and referring to none but such tables."""
        found: set[int] = set()
        room = wanted / 4
        for table in sorted(self._schema.tables.values(), key=lambda table: (table.rows, table.key)):
            refers = {reference.parent for reference in self._schema.up(table.oid)} - {table.oid}
            if table.rows <= min(_LOOKUP, room) and refers <= found:
                found.add(table.oid)
                room -= table.rows
        return found

    def _round(self, choice: Choice, share: float) -> None:
        self._sets.clear()
        for table in self._order():
            self._tell(f"choosing rows of {table.name}")
            if table.oid in choice.whole:
                self._add(queries.stream(self._connection, queries.all_rows(table)))
            elif table.rows:
                quota = max(1, round(table.rows * share))
                self._descend(table, quota, choice.whole)
                missing = quota - self._chosen(table)
                # A few rows are missing always: of what refers to rows chosen before, not everybody has the same.
                if missing > quota / 20:
                    query = queries.sample(table, missing, missing / table.rows)
                    self._add(queries.stream(self._connection, query))
        self._close(choice.whole)

    def _order(self) -> list[Table]:
        return in_order(self._schema)[0]

    def _descend(self, table: Table, quota: int, whole: set[int]) -> None:
        """Take rows that refer to rows chosen before: those that belong to them first."""
        references = [
            reference
            for reference in self._schema.up(table.oid)
            if reference.parent != table.oid and reference.parent not in whole
        ]
        for reference in sorted(references, key=lambda found: (not found.owner, not found.required, found.name)):
            parent = self._schema.tables[reference.parent]
            left = self._chosen(parent)
            room = quota - self._chosen(table)
            if room <= 0:
                return
            if not left or not parent.rows:
                continue
            each = max(_EACH, ceil(3 * table.rows / parent.rows))
            for place in parent.places:
                for rows in self._sets.batches(place.oid, _PARENTS):
                    most = ceil(room * len(rows) / max(left, 1))
                    if most <= 0:
                        return
                    query = queries.children(reference, table, parent, place, rows, each=each, most=most)
                    room -= self._add(queries.stream(self._connection, query))
                    left -= len(rows)

    def _close(self, whole: set[int]) -> None:
        """Follow the foreign keys of all new rows, and of the rows that this brings, until there are no new ones."""
        rank = {table.oid: at for at, table in enumerate(self._order())}
        while waiting := self._sets.waiting():
            # Children first: by the time of a parent, most rows that refer to it have been followed.
            oid = max(waiting, key=lambda oid: (rank[self._table_of[oid]], oid))
            place, table = self._place[oid], self._schema.tables[self._table_of[oid]]
            self._tell(f"following the references of {table.name}")
            references = [r for r in self._schema.up(table.oid) if not self._is_complete(r, whole)]
            while rows := self._sets.take(oid, BATCH):
                for reference in references:
                    parent = self._schema.tables[reference.parent]
                    query = queries.parents(reference, table, parent, place, rows)
                    self._add(queries.stream(self._connection, query))

    def _is_complete(self, reference: Reference, whole: set[int]) -> bool:
        table = self._schema.tables[reference.parent]
        return reference.parent in whole and table.exact and self._chosen(table) == table.rows

    def _leave_out_dangling(self, choice: Choice) -> None:
        """Take out rows whose parent does not exist, then the rows that refer to them, and so on."""
        unsure = [reference for reference in self._schema.references if not reference.sure]
        gone: list[tuple[int, list[int]]] = []
        for reference in unsure:
            child, parent = self._schema.tables[reference.child], self._schema.tables[reference.parent]
            for place in child.places:
                for rows in self._sets.batches(place.oid, BATCH):
                    query = queries.dangling(reference, child, parent, place, rows)
                    gone += self._remove(child, queries.stream(self._connection, query), choice)
        while gone:
            oid, rows = gone.pop()
            place, parent = self._place[oid], self._schema.tables[self._table_of[oid]]
            for reference in self._schema.down(parent.oid):
                child = self._schema.tables[reference.child]
                query = queries.referring(reference, child, parent, place, rows)
                gone += self._remove(child, queries.stream(self._connection, query), choice)

    def _remove(self, table: Table, found: Any, choice: Choice) -> list[tuple[int, list[int]]]:
        removed = []
        for place, rows in queries.by_place(found, BATCH):
            count = self._sets.remove(place, rows)
            if count:
                choice.dangling[table.name] = choice.dangling.get(table.name, 0) + count
                removed.append((place, rows))
        return removed

    def _add(self, found: Any) -> int:
        return sum(self._sets.add(place, rows) for place, rows in queries.by_place(found, BATCH))

    def _chosen(self, table: Table) -> int:
        return sum(self._sets.count(place.oid) for place in table.places)
