"""Make the test data of a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.edges.bench import Bench
from alembic_vibe.data.edges.checks import check_cases
from alembic_vibe.data.edges.columns import column_cases
from alembic_vibe.data.edges.coverage import count_table
from alembic_vibe.data.edges.keys import duplicate_cases, reference_cases
from alembic_vibe.data.edges.minimal import Minimal
from alembic_vibe.data.edges.model import TableCases, TestData
from alembic_vibe.data.edges.shape import WHOLE, likely
from alembic_vibe.data.edges.trial import trial
from alembic_vibe.data.edges.world import World
from alembic_vibe.prove.rows_facts import read_facts
from alembic_vibe.prove.rows_server import server_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from alembic_vibe.data.edges.bench import Change
    from alembic_vibe.data.edges.model import Row
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact


def _silent(_what: str) -> None:
    """Tell nobody."""


def test_rows(connection: Connection, tell: Callable[[str], None] = _silent) -> TestData:  # noqa: PT028 - not a test
    """Make the rows of every table of a database that holds none; everything is taken back.

    Args:
        connection: A scratch database with the schema.
        tell: Called with what is being done.

    Raises:
        psycopg.Error: The catalog cannot be read. What the server says of a row is no error.
    """
    data = TestData()
    with trial(connection) as running, server_side(connection) as server:
        facts = _in_order(read_facts(connection))
        world = World(running, facts)
        minimal = Minimal(world, server)
        tell("finding a row for each table")
        minimal.run()
        data.empty.update(minimal.reasons)
        for number, table in enumerate(world.order, start=1):
            tell(f"trying the edges of {table.target.qualified} ({number} of {len(world.order)})")
            data.tables.append(_Maker(minimal, world, table).make(data))
    return data


test_rows.__test__ = False  # type: ignore[attr-defined]  # pytest takes such a name for a test


def _in_order(facts: SchemaFacts) -> SchemaFacts:
    """Name the columns of an index in the table's order: the server tells them in any."""
    for table in facts.tables.values():
        place = {column.name: at for at, column in enumerate(table.columns)}
        for constraint in table.constraints:
            if constraint.kind == "i":
                constraint.columns.sort(key=place.__getitem__)
    return facts


class _Maker:
    """Makes the cases of one table."""

    def __init__(self, minimal: Minimal, world: World, table: TableFact) -> None:
        self.minimal = minimal
        self.world = world
        self.table = table
        self.after = world.before(table)
        self.present = (table.target_oid, False) in self.after

    def make(self, data: TestData) -> TableCases:
        table, world = self.table, self.world
        row = world.rows[table.target_oid]
        shapes = self.minimal.shape(table)
        with world.filled(self.after):
            another = world.seconds.get(table.target_oid, {})
            start = another if self.present else {}
            bench = Bench(world.trial, world.facts, table, shapes, row, start, present=self.present)
            bench.references = self._references()
            bench.full = self._full(bench)
            if not self.present:
                bench.accept("minimal", {})
            if bench.ask([bench.full])[0].accepted:
                bench.accept(self._name_of_full(bench), bench.full)
            column_cases(bench)
            reference_cases(bench)
            duplicate_cases(bench, another)
            check_cases(bench)
        count_table(data.coverage, bench)
        return TableCases(
            key=table.target,
            minimal=row,
            second=world.seconds.get(table.target_oid),
            after=tuple((world.tables[oid].target, second) for oid, second in self.after),
            accepted=tuple(bench.accepted.values()),
            rejected=tuple(bench.rejected.values()),
            whole_numbers=frozenset(s.name for s in shapes.values() if s.base in WHOLE and not s.is_array),
            booleans=frozenset(s.name for s in shapes.values() if s.base == "bool" and not s.is_array),
        )

    def _references(self) -> dict[str, list[str | None]]:
        """Return what each column of a foreign key may refer to."""
        result: dict[str, list[str | None]] = {}
        for constraint in self.table.constraints:
            if constraint.kind != "f":
                continue
            oid = self.world.root(constraint.references)
            rows = [self.world.row(oid, second=second) for second in (False, True) if (oid, second) in self.after]
            for name, referenced in zip(constraint.columns, constraint.reference_columns, strict=True):
                result.setdefault(name, []).extend(row.get(referenced) for row in rows)
        return result

    def _full(self, bench: Bench) -> Change:
        """Give every column a value, as far as the constraints let it."""
        whole = self.minimal.whole[self.table.target_oid]
        change: Change = {name: value for name, value in whole.items() if name not in bench.start}
        if not bench.ask([change])[0].accepted:
            change = {}
        for name, shape in bench.shapes.items():
            if bench.row(change).get(name) is not None or shape.column.generated:
                continue
            for more in self._values(bench, name):
                if bench.ask([{**change, **more}])[0].accepted:
                    change |= more
                    break
        return change

    def _name_of_full(self, bench: Bench) -> str:
        row = bench.row(bench.full)
        missing = [n for n, shape in bench.shapes.items() if not shape.column.generated and row.get(n) is None]
        return f"full but for {', '.join(missing)}" if missing else "full"

    def _values(self, bench: Bench, name: str) -> list[Change]:
        for constraint in self.table.constraints:
            if constraint.kind == "f" and name in constraint.columns:
                row: Row = self.world.rows.get(self.world.root(constraint.references), {})
                pairs = zip(constraint.columns, constraint.reference_columns, strict=True)
                change = {column: row.get(referenced) for column, referenced in pairs}
                return [change] if None not in change.values() else []
        return [{name: value} for value in likely(self.world.facts, self.table, bench.shapes[name])[:12]]
