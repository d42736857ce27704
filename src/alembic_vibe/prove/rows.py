"""Put rows that satisfy every constraint into every table of a database.

Proofs and rollback tests need tables with something in them: an upgrade that works on empty tables proves little.
PostgreSQL is the judge throughout. Likely values are tried first, all tables of a level in one round trip; where the
server refuses, it is asked for values instead: its own planner joins the candidates of the columns concerned and
filters them by the CHECKs themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.prove.rows_facts import read_facts
from alembic_vibe.prove.rows_order import arrange
from alembic_vibe.prove.rows_server import Outcome, Server, server_side
from alembic_vibe.prove.rows_table import RowMaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psycopg import Connection

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact
    from alembic_vibe.prove.rows_order import Arrangement

_TRIES = 60  # alternatives for one row, at most
_MOST = 1000  # rows that are counted; a table with as many needs no row more


@dataclass(frozen=True, slots=True)
class RowsResult:
    """What was filled: rows now there (counted up to the number asked for) by table, and why others stay empty.

    Partitions are tables here; a partitioned table counts the rows of its partitions.
    """

    filled: dict[Key, int] = field(default_factory=dict)
    unfilled: dict[Key, str] = field(default_factory=dict)


def fill_tables(
    connection: Connection,
    catalog: Catalog | None = None,
    rows_per_table: int = 2,
    tables: Sequence[Key] | None = None,
) -> RowsResult:
    """Fill tables up to ``rows_per_table`` rows each, in the order of their foreign keys.

    The same schema gets the same rows. Triggers fire and row-level security applies as for any other client.
    ``alembic_version`` and tables of extensions are left alone.

    Args:
        connection: Where; everything happens in one transaction (or savepoint, inside a transaction).
        catalog: Only tables that it has are filled; ``None`` means all.
        rows_per_table: How many rows each table shall have.
        tables: Only these; what they refer to must have rows already or be among them.

    Returns:
        The numbers of rows, and a reason for each table that stays empty.

    Raises:
        psycopg.Error: The catalog cannot be read. A refused row is not an error but a reason in the result.
    """
    with connection.transaction():
        facts = read_facts(connection, tables)
        wanted = [table for table in facts.tables.values() if _is_wanted(table, catalog, tables)]
        with server_side(connection) as server:
            return _Filler(server, facts, wanted, rows_per_table).run()


def one_row_more(connection: Connection, tables: Iterable[Key]) -> Iterator[tuple[Key, str]]:
    """Give each table one row more in turn, and take it back before the next.

    So the row of one table refers to rows of others that are there to stay. A partitioned table gets a row in each of
    its partitions.

    Args:
        connection: Where; everything happens in one transaction that is rolled back.
        tables: Which tables; partitions by their root.

    Yields:
        A table, while its row is there, and why it has none (empty if it has one).
    """
    keys = list(tables)
    with connection.transaction(force_rollback=True):
        facts = read_facts(connection, keys)
        with server_side(connection) as server:
            counts = server.count(list(facts.tables), _MOST)
            for key in keys:
                wanted = [table for table in facts.tables.values() if key in {table.key, table.target}]
                rows = max((counts[table.oid] for table in wanted), default=0)
                if rows >= _MOST or not wanted:
                    yield key, "it has too many rows" if wanted else "it has no partition that could hold a row"
                    continue
                with connection.transaction(force_rollback=True):
                    filler = _Filler(server, facts, wanted, rows + 1, dict(counts))
                    filler.run()
                    more = any(filler.counts[table.oid] > counts[table.oid] for table in wanted)
                    reason = next((filler.reasons[table.oid] for table in wanted if table.oid in filler.reasons), "")
                    yield key, "" if more else reason or "no row more was accepted"


def _is_wanted(table: TableFact, catalog: Catalog | None, tables: Sequence[Key] | None) -> bool:
    if catalog is not None and table.key not in catalog.facts:
        return False
    return tables is None or table.key in tables or table.target in tables


class _Filler:
    """One run."""

    def __init__(
        self,
        server: Server,
        facts: SchemaFacts,
        wanted: list[TableFact],
        rows: int,
        counts: dict[int, int] | None = None,
    ) -> None:
        self.server = server
        self.facts = facts
        self.rows = rows
        self.wanted = wanted
        self.counts = server.count(list(facts.tables), rows) if counts is None else counts
        self.reasons: dict[int, str] = {}
        self.makers: dict[int, RowMaker] = {}

    def run(self) -> RowsResult:
        arrangement = arrange(self.wanted, self.facts)
        later: dict[int, list[str]] = {}
        for oid, constraint in arrangement.later:
            later.setdefault(oid, []).append(constraint.name)
        self.makers = {
            table.oid: RowMaker(
                self.server,
                self.facts,
                table,
                arrangement.forced.get(table.target_oid, {}),
                self._known,
                later.get(table.target_oid, ()),
            )
            for table in self.wanted
        }
        # Tables that refer to a group come before its last member is at hand: a second pass fills them.
        for level in arrangement.levels * (2 if arrangement.groups else 1):
            singles = [table for table in level if table.target_oid not in arrangement.groups]
            self._fill_level(singles)
            grouped = {
                arrangement.groups[table.target_oid]: None for table in level if table.target_oid in arrangement.groups
            }
            for group in grouped:
                if group[-1] in {table.target_oid for table in level}:  # the last of the group: all are at hand
                    self._fill_group(group)
        self._close_cycles(arrangement)
        return self._result()

    def _known(self, oid: int) -> int:
        """How many rows a table has that a foreign key may refer to; for a partitioned table, its partitions'."""
        if oid in self.counts:
            return self.counts[oid]
        return sum(self.counts.get(table.oid, 0) for table in self.facts.tables.values() if oid in table.ancestors)

    def _fill_level(self, tables: list[TableFact]) -> None:
        missing = [(table, number) for table in tables for number in range(self.counts[table.oid], self.rows)]
        easy = [(table, number) for table, number in missing if not self.makers[table.oid].bounded]
        outcomes = self.server.attempt([[[self.makers[table.oid].insert(number)]] for table, number in easy])
        hard = [(table, number) for table, number in missing if self.makers[table.oid].bounded]
        for (table, number), outcome in zip(easy, outcomes, strict=True):
            if self._took(table, outcome):
                continue
            hard.append((table, number))
        for number in range(self.rows):
            self._fill_hard(
                [table for table, wanted in hard if wanted == number and self._is_promising(table, number)], number
            )

    def _is_promising(self, table: TableFact, number: int) -> bool:
        """Whether another row is worth the effort: not where the first one already failed for good."""
        return number == 0 or self.counts[table.oid] > 0

    def _fill_hard(self, tables: list[TableFact], number: int) -> None:
        """One row each, with values that the server itself found."""
        if not tables:
            return
        questions = [self.makers[table.oid].questions(number) for table in tables]
        answers = iter(self.server.solve([question.query for asked in questions for question in asked]))
        units = []
        for table, asked in zip(tables, questions, strict=True):
            solved = [next(answers) for _ in asked]
            units.append(
                [[statement] for statement in self.makers[table.oid].alternatives(number, asked, solved, _TRIES)]
            )
        for table, outcome in zip(tables, self.server.attempt(units), strict=True):
            self._took(table, outcome)

    def _took(self, table: TableFact, outcome: Outcome) -> bool:
        if outcome.state:
            self.reasons[table.oid] = self._explain(table, outcome)
            return False
        self.counts[table.oid] += 1
        return True

    def _explain(self, table: TableFact, outcome: Outcome) -> str:
        maker = self.makers[table.oid]
        if (
            outcome.state == "23502"
            and (parent := maker.parent_of(outcome.column)) is not None
            and not self._known(parent)
        ):
            key = self.facts.tables[parent].key if parent in self.facts.tables else self.facts.parents.get(parent)
            return f"{outcome.column} needs a row of {key.qualified if key else 'another table'}, which has none"
        return outcome.message

    def _fill_group(self, group: tuple[int, ...]) -> None:
        """Tables whose NOT NULL foreign keys form a circle: one row of each, checked together at the end."""
        tables = [table for oid in group for table in self.wanted if table.target_oid == oid]
        for number in range(max(self.counts[table.oid] for table in tables), self.rows):
            units = [
                ["SET CONSTRAINTS ALL DEFERRED", *(self.makers[table.oid].insert(number, shift) for table in tables)]
                for shift in range(8)
            ]
            outcome = self.server.attempt([units])[0]
            for table in tables:
                self._took(table, outcome)

    def _close_cycles(self, arrangement: Arrangement) -> None:
        """Foreign keys that were left NULL to break a circle get their values now, where that is accepted."""
        units = [
            [[statement]]
            for oid, constraint in arrangement.later
            for table in self.wanted
            if table.target_oid == oid and (statement := self.makers[table.oid].close(constraint))
        ]
        self.server.attempt(units)

    def _result(self) -> RowsResult:
        result = RowsResult()
        for table in self.wanted:
            if self.counts[table.oid]:
                result.filled[table.key] = self.counts[table.oid]
            elif self.rows > 0:
                result.unfilled[table.key] = self.reasons.get(table.oid, "no row was accepted")
        wanted = {ancestor for table in self.wanted for ancestor in table.ancestors}
        for oid, key in self.facts.parents.items():
            if oid in wanted and self._known(oid):
                result.filled[key] = self._known(oid)
            elif oid in wanted and self.rows > 0:
                result.unfilled[key] = "none of its partitions took a row"
        for key in self.facts.empty_parents:
            result.unfilled[key] = "it has no partition that could hold a row"
        return result
