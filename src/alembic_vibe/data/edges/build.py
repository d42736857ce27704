"""Make the test data of a schema."""

from __future__ import annotations

from contextlib import contextmanager
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
from alembic_vibe.prove.rows_facts import read_facts
from alembic_vibe.prove.rows_server import server_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

    from alembic_vibe.data.edges.bench import Change
    from alembic_vibe.data.edges.model import Row
    from alembic_vibe.data.edges.trial import Trial
    from alembic_vibe.prove.rows_facts import TableFact


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
        facts = read_facts(connection)
        minimal = Minimal(running, server, facts)
        with connection.transaction(force_rollback=True):
            tell("finding a row for each table")
            minimal.run()
        data.empty.update(minimal.reasons)
        for number, table in enumerate(minimal.order, start=1):
            tell(f"trying the edges of {table.target.qualified} ({number} of {len(minimal.order)})")
            data.tables.append(_Maker(minimal, running, table).make(data))
    return data


test_rows.__test__ = False  # type: ignore[attr-defined]  # pytest takes such a name for a test


class _Maker:
    """Makes the cases of one table."""

    def __init__(self, minimal: Minimal, running: Trial, table: TableFact) -> None:
        self.minimal = minimal
        self.trial = running
        self.table = table
        self.after = _world(minimal, table)
        self.present = table.target_oid in self.after

    def make(self, data: TestData) -> TableCases:
        table, minimal = self.table, self.minimal
        row = minimal.rows[table.target_oid]
        with self._filled():
            another = self._another()
            start = another if self.present else {}
            bench = Bench(self.trial, minimal.facts, table, minimal.shape(table), row, start, present=self.present)
            bench.full = self._full(bench)
            if not self.present:
                bench.accept("minimal", {})
            bench.accept(self._name_of_full(bench), bench.full)
            column_cases(bench)
            reference_cases(bench)
            duplicate_cases(bench, another)
            check_cases(bench)
        count_table(data.coverage, bench)
        shapes = bench.shapes.values()
        return TableCases(
            key=table.target,
            minimal=row,
            after=tuple(self.minimal.tables[oid].target for oid in self.after),
            accepted=tuple(bench.accepted.values()),
            rejected=tuple(bench.rejected.values()),
            whole_numbers=frozenset(s.name for s in shapes if s.base in WHOLE and not s.is_array),
            booleans=frozenset(s.name for s in shapes if s.base == "bool" and not s.is_array),
        )

    @contextmanager
    def _filled(self) -> Iterator[None]:
        """The minimal rows of the tables before this one, and nothing else."""
        connection = self.trial.connection
        with connection.transaction(force_rollback=True):
            connection.execute("SET CONSTRAINTS ALL DEFERRED")
            for oid in self.after:
                target = self.minimal.tables[oid].target
                connection.execute(self.trial.insert(target, self.minimal.rows[oid]).encode())
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield

    def _another(self) -> Change:
        """What keeps another row of the table apart from the minimal one in every key."""
        row = self.minimal.rows[self.table.target_oid]
        connection = self.trial.connection
        with connection.transaction(force_rollback=True):
            if not self.present:
                connection.execute("SET CONSTRAINTS ALL DEFERRED")
                connection.execute(self.trial.insert(self.table.target, row).encode())
            found = self.minimal.another(self.table)
            keys = {
                name for c in self.table.constraints if c.kind in {"p", "u", "i", "x"} for name in c.columns
            } & found.keys()
            change = {name: value for name, value in found.items() if name in keys and row.get(name) != value}
            for wanted in (change, {**change, **found}):
                if self.trial.ask([[self.trial.insert(self.table.target, {**row, **wanted})]])[0].accepted:
                    return dict(wanted)
        return {}

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
                parent = self.minimal.root_of(constraint.references)
                row: Row = self.minimal.rows.get(parent.target_oid, {}) if parent is not None else {}
                pairs = zip(constraint.columns, constraint.reference_columns, strict=True)
                change = {column: row.get(referenced) for column, referenced in pairs}
                return [change] if None not in change.values() else []
        return [{name: value} for value in likely(self.minimal.facts, self.table, bench.shapes[name])[:12]]


def _world(minimal: Minimal, table: TableFact) -> list[int]:
    """Return the tables whose minimal rows a row of a table may refer to, and what those need, in order."""
    wanted: set[int] = set()
    ahead = list(_parents(minimal, table, None))
    while ahead:
        oid = ahead.pop()
        if oid in wanted or oid not in minimal.rows:
            continue
        wanted.add(oid)
        ahead.extend(_parents(minimal, minimal.tables[oid], minimal.rows[oid]))
    return [found.target_oid for found in minimal.order if found.target_oid in wanted]


def _parents(minimal: Minimal, table: TableFact, row: Row | None) -> Iterator[int]:
    """Yield the tables that a row refers to, or any row of the table might."""
    for constraint in table.constraints:
        if constraint.kind != "f":
            continue
        parent = minimal.root_of(constraint.references)
        if parent is not None and (row is None or all(row.get(name) is not None for name in constraint.columns)):
            yield parent.target_oid
