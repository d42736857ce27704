"""The rows that a row of a table refers to: which tables they are of, and how they get there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.data.edges.model import Row
    from alembic_vibe.data.edges.trial import Trial
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact


class World:
    """Minimal rows by table (the oid of its root), and changes that make a second row beside them.

    ``first_needs`` and ``second_needs`` are tables of which the one or the other row refers to second rows. ``order``
    is one in which minimal rows go in. ``counts`` are the rows that are in the tables now.
    """

    def __init__(self, trial: Trial, facts: SchemaFacts) -> None:
        self.trial = trial
        self.facts = facts
        self.tables = one_table_each(facts)
        self.rows: dict[int, Row] = {}
        self.seconds: dict[int, Row] = {}
        self.first_needs: set[int] = set()
        self.second_needs: set[int] = set()
        self.order: list[TableFact] = []
        self.counts: dict[int, int] = {}
        self._roots = {
            oid: table.target_oid for table in facts.tables.values() for oid in (table.oid, *table.ancestors)
        }

    def root(self, oid: int) -> int:
        """Return the oid of the table that another is a partition of, or its own."""
        return self._roots.get(oid, oid)

    def row(self, oid: int, *, second: bool) -> Row:
        """Return the minimal row of a table, or the second one."""
        return {**self.rows[oid], **self.seconds[oid]} if second else self.rows[oid]

    def parents(self, table: TableFact, row: Row | None = None) -> Iterator[int]:
        """Yield the tables that a row refers to, or any row of the table might."""
        for constraint in table.constraints:
            refers = row is None or all(row.get(name) is not None for name in constraint.columns)
            root = self.root(constraint.references)
            if constraint.kind == "f" and refers and root in self.rows:
                yield root

    def before(self, table: TableFact, *, doubled: bool | None = None) -> list[tuple[int, bool]]:
        """Return the tables whose rows a row of a table may refer to, and what those need, in order; and which row.

        Args:
            table: The table.
            doubled: Whether second rows are among them; by default, if one of its rows is known to need them.
        """
        oid = table.target_oid
        if doubled is None:
            doubled = oid in self.first_needs | self.second_needs
        wanted: set[tuple[int, bool]] = set()
        ahead = [(parent, False) for parent in self.parents(table)]
        if doubled:
            ahead += [(parent, True) for parent in self._doubles(table)]
        while ahead:
            found, second = ahead.pop()
            if (found, second) in wanted:
                continue
            wanted.add((found, second))
            parent = self.tables[found]
            ahead += [
                (found, False),
                *((other, False) for other in self.parents(parent, self.row(found, second=second))),
            ]
            if found in (self.second_needs if second else self.first_needs):
                ahead += [(other, True) for other in self._doubles(parent)]
        place = {found.target_oid: at for at, found in enumerate(self.order)}
        return sorted(wanted, key=lambda item: (place[item[0]], item[1]))

    def _doubles(self, table: TableFact) -> list[int]:
        return [oid for oid in self.parents(table) if oid in self.seconds and oid != table.target_oid]

    @contextmanager
    def filled(self, rows: Iterable[tuple[int, bool]]) -> Iterator[None]:
        """Have these rows in the tables, and nothing else, until the block is left."""
        connection = self.trial.connection
        with connection.transaction(force_rollback=True):
            connection.execute("SET CONSTRAINTS ALL DEFERRED")
            for oid, second in rows:
                row = self.row(oid, second=second)
                connection.execute(self.trial.insert(self.tables[oid].target, row).encode())
                self.counts[oid] = self.counts.get(oid, 0) + 1
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            try:
                yield
            finally:
                self.counts = {}


def one_table_each(facts: SchemaFacts) -> dict[int, TableFact]:
    """Return the tables by the oid of their root: one partition stands for a partitioned table."""
    result: dict[int, TableFact] = {}
    for table in facts.tables.values():
        present = result.get(table.target_oid)
        if present is None or _is_default(present):
            result[table.target_oid] = table
    return result


def _is_default(table: TableFact) -> bool:
    """Whether a partition takes what no other one takes."""
    return any(c.kind == "b" and (c.expression or "").startswith("(NOT (") for c in table.constraints)
