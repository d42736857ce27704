"""The minimal row of each table: only what must be given, and the keys that other rows refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.edges.shape import WHOLE, Shape, likely, shapes_of
from alembic_vibe.prove.rows_order import arrange
from alembic_vibe.prove.rows_table import RowMaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.edges.model import Row
    from alembic_vibe.data.edges.trial import Trial
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact
    from alembic_vibe.prove.rows_server import Server

_TRIES = 60
_ROUNDS = 6


class Minimal:
    """Finds a minimal row for each table, and leaves those rows in the tables.

    ``rows`` are the minimal rows by table, ``whole`` the same with every value that was found for them, ``reasons``
    say why a table has none.
    """

    def __init__(self, trial: Trial, server: Server, facts: SchemaFacts) -> None:
        self.trial = trial
        self.server = server
        self.facts = facts
        self.tables = one_table_each(facts)
        self.shapes: dict[int, dict[str, Shape]] = {}
        self.rows: dict[int, Row] = {}
        self.whole: dict[int, Row] = {}
        self.reasons: dict[Key, str] = dict.fromkeys(facts.empty_parents, "it has no partition")
        self.order: list[TableFact] = []
        self._arrangement = arrange(list(self.tables.values()), facts)
        self._later: dict[int, list[str]] = {}
        for oid, constraint in self._arrangement.later:
            self._later.setdefault(oid, []).append(constraint.name)
        self.referenced = _referenced(self.tables.values())

    def run(self) -> None:
        """Find them all."""
        for level in self._arrangement.levels * (2 if self._arrangement.groups else 1):
            for table in level:
                if table.target_oid in self.rows:
                    continue
                group = self._arrangement.groups.get(table.target_oid, (table.target_oid,))
                if group[-1] == table.target_oid:  # of a circle all are at hand
                    self._settle([self.tables[oid] for oid in group])

    def maker(self, table: TableFact) -> RowMaker:
        """Return what makes rows for a table, with the tables as they are filled now."""
        return RowMaker(
            self.server,
            self.facts,
            table,
            self._arrangement.forced.get(table.target_oid, {}),
            lambda oid: 1 if oid in self.rows or self._root(oid) in self.rows else 0,
            self._later.get(table.target_oid, ()),
        )

    def shape(self, table: TableFact) -> dict[str, Shape]:
        """Return the shapes of a table's columns."""
        found = self.shapes.get(table.target_oid)
        if found is None:
            found = self.shapes[table.target_oid] = shapes_of(self.facts, table)
        return found

    def root_of(self, oid: int) -> TableFact | None:
        """Return the table that stands for another: itself, or one partition."""
        return self.tables.get(self._root(oid))

    def _root(self, oid: int) -> int:
        table = self.facts.tables.get(oid)
        if table is not None:
            return table.target_oid
        return next((t.target_oid for t in self.tables.values() if oid in t.ancestors), oid)

    # One table, or a circle of tables

    def _settle(self, tables: Sequence[TableFact]) -> None:
        found = self.propose(tables)
        if isinstance(found, str):
            for table in tables:
                self.reasons.setdefault(table.target, found)
            return
        wholes = {table.target_oid: self._fixed(table, row) for table, row in zip(tables, found, strict=True)}
        rows = {table.target_oid: self._least(table, wholes[table.target_oid]) for table in tables}
        if not self._goes_in(tables, rows):
            rows = wholes if len(tables) > 1 else {tables[0].target_oid: self._more(tables[0], rows, wholes)}
            if not self._goes_in(tables, rows):
                for table in tables:
                    self.reasons.setdefault(table.target, "its row cannot be repeated with fixed values")
                return
        for statement in self._statements(tables, rows):
            self.trial.connection.execute(statement.encode())
        self.trial.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            self.order.append(table)
            self.rows[table.target_oid] = rows[table.target_oid]
            self.whole[table.target_oid] = wholes[table.target_oid]
            self.reasons.pop(table.target, None)

    def propose(self, tables: Sequence[TableFact], number: int = 0) -> list[Row] | str:
        """Return a row for each table that the server has taken, or why there is none. Nothing stays."""
        connection = self.trial.connection
        with connection.transaction(force_rollback=True):
            makers = [self.maker(table) for table in tables]
            before = [self._read(table) for table in tables]
            if len(tables) > 1:
                units = [
                    ["SET CONSTRAINTS ALL DEFERRED", *(maker.insert(number, shift) for maker in makers)]
                    for shift in range(8)
                ]
                outcome = self.server.attempt([units])[0]
            else:
                maker = makers[0]
                outcome = self.server.attempt([[[maker.insert(number)]]])[0]
                if outcome.state:
                    asked = maker.questions(number)
                    solved = self.server.solve([question.query for question in asked])
                    units = [[text] for text in maker.alternatives(number, asked, solved, _TRIES)]
                    outcome = self.server.attempt([units])[0]
            if outcome.state:
                return outcome.message
            rows = []
            for table, earlier in zip(tables, before, strict=True):
                new = [row for row in self._read(table) if row not in earlier]
                if not new:
                    return "a trigger or a rule keeps its rows out"
                rows.append(new[0])
            return rows

    def another(self, table: TableFact) -> Row:
        """Return a row beside the one that the table has; empty where there is none."""
        found = self.propose([table], 1)
        return {} if isinstance(found, str) else self._fixed(table, found[0], 1)

    def _read(self, table: TableFact) -> list[Row]:
        columns = ", ".join(f"{self.trial.name(column.name)}::text" for column in table.columns)
        relation = self.trial.name(table.target.schema, table.target.name)
        query = f"SELECT {columns} FROM {relation} LIMIT 50"  # noqa: S608 - quoted
        names = [column.name for column in table.columns]
        return [dict(zip(names, row, strict=True)) for row in self.trial.connection.execute(query.encode())]

    def _fixed(self, table: TableFact, row: Row, number: int = 0) -> Row:
        """Replace what the server counts by itself with values far above, and leave out what it computes."""
        shapes = self.shape(table)
        result = {name: value for name, value in row.items() if not shapes[name].column.generated}
        replaced: dict[str, tuple[str | None, str]] = {}
        for name, shape in shapes.items():
            if shape.counts and shape.base in WHOLE and name in result:
                value = str((30_001 if shape.base == "int2" else 1_000_001) + number)
                replaced[name] = (result[name], value)
                result[name] = value
        for constraint in table.constraints:  # a row that refers to itself goes on doing so
            if constraint.kind == "f" and self._root(constraint.references) == table.target_oid:
                for name, referenced in zip(constraint.columns, constraint.reference_columns, strict=True):
                    if referenced in replaced and result.get(name) == replaced[referenced][0]:
                        result[name] = replaced[referenced][1]
        for name, shape in shapes.items():
            if not shape.varies or shape.counts or name not in result or not self._is_made_up(table, name):
                continue
            # The maker gave it a value of its own unless it takes the default for a constant.
            values = likely(self.facts, table, shape, number)
            if values and result[name] not in values:
                result[name] = values[0]
        return result

    def _is_made_up(self, table: TableFact, name: str) -> bool:
        """Whether a column's value came from its default: no foreign key has it."""
        return not any(name in constraint.columns for constraint in table.constraints if constraint.kind == "f")

    def _least(self, table: TableFact, whole: Row) -> Row:
        return {name: value for name, value in whole.items() if self._must_be_given(table, name, whole)}

    def _must_be_given(self, table: TableFact, name: str, whole: Row) -> bool:
        shape = self.shape(table)[name]
        column = shape.column
        if name in self.referenced.get(table.target_oid, ()):
            return whole[name] is not None
        mentioned = [constraint for constraint in table.constraints if name in constraint.columns]
        if column.default is not None or column.identity:
            if column.not_null and any(constraint.kind == "f" for constraint in mentioned):
                return True
            # What the clock or chance decides would decide whether the row goes in.
            return shape.varies and not shape.counts and any(c.kind in {"c", "x", "i", "b"} for c in mentioned)
        return column.not_null or self._domain_not_null(column.type)

    def _domain_not_null(self, type_: int) -> bool:
        fact = self.facts.types.get(type_)
        while fact is not None and fact.typtype == "d":
            if fact.not_null:
                return True
            fact = self.facts.types.get(fact.base)
        return False

    def _more(self, table: TableFact, rows: Mapping[int, Row], wholes: Mapping[int, Row]) -> Row:
        """Give more columns until the row goes in, those of the constraint that refuses it first; then fewer again."""
        row, whole = dict(rows[table.target_oid]), wholes[table.target_oid]
        for _ in range(_ROUNDS):
            answer = self.trial.ask([[self.trial.insert(table.target, row)]])[0]
            if answer.accepted:
                break
            blamed = next((c.columns for c in table.constraints if c.name == answer.constraint), [])
            wanted = [name for name in blamed if name in whole and name not in row]
            row.update({name: whole[name] for name in wanted} or whole)
        else:
            row = dict(whole)
        needed = self._least(table, whole)
        for name in [name for name in row if name not in needed]:
            less = {other: value for other, value in row.items() if other != name}
            if self.trial.ask([[self.trial.insert(table.target, less)]])[0].accepted:
                row = less
        return {column.name: row[column.name] for column in table.columns if column.name in row}

    def _goes_in(self, tables: Sequence[TableFact], rows: Mapping[int, Row]) -> bool:
        import psycopg

        try:
            with self.trial.connection.transaction(force_rollback=True):
                for statement in self._statements(tables, rows):
                    self.trial.connection.execute(statement.encode())
                self.trial.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error:
            return False
        return True

    def _statements(self, tables: Sequence[TableFact], rows: Mapping[int, Row]) -> list[str]:
        return [
            "SET CONSTRAINTS ALL DEFERRED",
            *(self.trial.insert(table.target, rows[table.target_oid]) for table in tables),
        ]


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


def _referenced(tables: Iterable[TableFact]) -> dict[int, set[str]]:
    result: dict[int, set[str]] = {}
    for table in tables:
        for constraint in table.constraints:
            if constraint.kind == "f":
                result.setdefault(constraint.references, set()).update(constraint.reference_columns)
    return result
