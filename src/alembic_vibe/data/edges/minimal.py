"""The minimal row of each table: only what must be given, and the keys that other rows refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from alembic_vibe.data.checks.types import is_never_null
from alembic_vibe.data.edges.shape import WHOLE, Shape, likely, shapes_of
from alembic_vibe.prove.rows_order import arrange
from alembic_vibe.prove.rows_table import RowMaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.data.edges.model import Row
    from alembic_vibe.data.edges.world import World
    from alembic_vibe.prove.rows_facts import TableFact
    from alembic_vibe.prove.rows_server import Server

_TRIES = 60
_ROUNDS = 6


class Minimal:
    """Finds the minimal and the second row of each table, and tells them to the world.

    ``whole`` are the minimal rows with every value that was found for them; ``reasons`` say why a table has none.
    """

    def __init__(self, world: World, server: Server) -> None:
        self.world = world
        self.trial = world.trial
        self.facts = world.facts
        self.server = server
        self.shapes: dict[int, dict[str, Shape]] = {}
        self.whole: dict[int, Row] = {}
        self.reasons: dict[Key, str] = dict.fromkeys(world.facts.empty_parents, "it has no partition")
        self._arrangement = arrange(list(world.tables.values()), world.facts)
        self._later: dict[int, list[str]] = {}
        for oid, constraint in self._arrangement.later:
            self._later.setdefault(oid, []).append(constraint.name)
        self._referenced = _referenced(world.tables.values())

    def run(self) -> None:
        """Find them all."""
        for level in self._arrangement.levels * (2 if self._arrangement.groups else 1):
            for table in level:
                group = self._arrangement.groups.get(table.target_oid, (table.target_oid,))
                if table.target_oid not in self.world.rows and group[-1] == table.target_oid:  # all are at hand
                    self._settle([self.world.tables[oid] for oid in group])

    def shape(self, table: TableFact) -> dict[str, Shape]:
        """Return the shapes of a table's columns."""
        found = self.shapes.get(table.target_oid)
        if found is None:
            found = self.shapes[table.target_oid] = shapes_of(self.facts, table)
        return found

    # One table, or a circle of tables

    def _settle(self, tables: Sequence[TableFact]) -> None:
        world, reason = self.world, ""
        for doubled in (False, True):
            before = sorted({row for table in tables for row in world.before(table, doubled=doubled)}, key=self._place)
            if doubled and not any(second for _, second in before):
                break
            with world.filled(before):
                found = self._find(tables)
            if isinstance(found, str):
                reason = reason or found
                continue
            rows, wholes = found
            for table in tables:
                oid = table.target_oid
                world.order.append(table)
                world.rows[oid], self.whole[oid] = rows[oid], wholes[oid]
                world.first_needs |= {oid} if doubled else set()
                self.reasons.pop(table.target, None)
            if len(tables) == 1:
                self._find_second(tables[0])
            return
        for table in tables:
            self.reasons.setdefault(table.target, reason)

    def _place(self, row: tuple[int, bool]) -> tuple[int, bool]:
        place = {found.target_oid: at for at, found in enumerate(self.world.order)}
        return place[row[0]], row[1]

    def _find(self, tables: Sequence[TableFact]) -> tuple[dict[int, Row], dict[int, Row]] | str:
        """Return the minimal rows of tables, and the whole ones, or why there are none."""
        found = self._propose(tables)
        if isinstance(found, str):
            return found
        wholes = self._fixed(tables, found)
        rows = {table.target_oid: self._least(table, wholes[table.target_oid]) for table in tables}
        if self._go_in(tables, rows):
            return rows, wholes
        rows = wholes if len(tables) > 1 else {tables[0].target_oid: self._more(tables[0], rows, wholes)}
        return (rows, wholes) if self._go_in(tables, rows) else "its row cannot be repeated with fixed values"

    def _find_second(self, table: TableFact) -> None:
        """Find what keeps another row apart from the minimal one in every key, with other parents if need be."""
        world, oid = self.world, table.target_oid
        for doubled in (False, True):
            before = world.before(table, doubled=doubled or oid in world.first_needs)
            if doubled and not any(second for _, second in before):
                return
            present = [] if (oid, False) in before else [(oid, False)]
            with world.filled([*before, *present]):
                change = self._second(table)
            if change is not None:
                world.seconds[oid] = change
                if doubled or oid in world.first_needs:
                    world.second_needs.add(oid)
                return

    def _second(self, table: TableFact) -> Row | None:
        row = self.world.rows[table.target_oid]
        found = self._propose([table], 1)
        if isinstance(found, str):
            return None
        whole = self._fixed([table], found, 1)[table.target_oid]
        keys = {name for c in table.constraints if c.kind in {"p", "u", "i", "x"} for name in c.columns}
        change = {name: value for name, value in whole.items() if name in keys and row.get(name) != value}
        if self._accepts(table, {**row, **change}):
            return change
        if not self._accepts(table, {**row, **whole}):
            return None
        for name in [name for name in whole if name not in change]:
            less = {other: value for other, value in whole.items() if other != name}
            if self._accepts(table, {**row, **less}):
                whole = less
        return whole

    def _accepts(self, table: TableFact, row: Row) -> bool:
        return self.trial.ask([[self.trial.insert(table.target, row)]])[0].accepted

    def _propose(self, tables: Sequence[TableFact], number: int = 0) -> list[Row] | str:
        """Return a row for each table that the server has taken, or why there is none. Nothing stays."""
        with self.trial.connection.transaction(force_rollback=True):
            makers = [self._maker(table) for table in tables]
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

    def _maker(self, table: TableFact) -> RowMaker:
        return RowMaker(
            self.server,
            self.facts,
            table,
            self._arrangement.forced.get(table.target_oid, {}),
            lambda oid: self.world.counts.get(self.world.root(oid), 0),
            self._later.get(table.target_oid, ()),
        )

    def _read(self, table: TableFact) -> list[Row]:
        columns = ", ".join(f"{self.trial.name(column.name)}::text" for column in table.columns)
        relation = self.trial.name(table.target.schema, table.target.name)
        query = f"SELECT {columns} FROM {relation} LIMIT 50"  # noqa: S608 - quoted
        names = [column.name for column in table.columns]
        return [dict(zip(names, row, strict=True)) for row in self.trial.connection.execute(query.encode())]

    # What a row holds

    def _fixed(self, tables: Sequence[TableFact], rows: Sequence[Row], number: int = 0) -> dict[int, Row]:
        """Replace what the server counts by itself with values far above, and leave out what it computes."""
        results: dict[int, Row] = {}
        replaced: dict[tuple[int, str], tuple[str | None, str]] = {}
        for table, row in zip(tables, rows, strict=True):
            shapes = self.shape(table)
            result = {name: value for name, value in row.items() if not shapes[name].column.generated}
            for name, shape in shapes.items():
                if shape.counts and shape.base in WHOLE and name in result:
                    value = str((30_001 if shape.base == "int2" else 1_000_001) + number)
                    replaced[table.target_oid, name] = (result[name], value)
                    result[name] = value
            results[table.target_oid] = result
        for table in tables:  # rows that refer to themselves or each other go on doing so
            result = results[table.target_oid]
            for constraint in table.constraints:
                for name, referenced in zip(constraint.columns, constraint.reference_columns, strict=False):
                    was = replaced.get((self.world.root(constraint.references), referenced))
                    if constraint.kind == "f" and was is not None and result.get(name) == was[0]:
                        result[name] = was[1]
            self._without_chance(table, result, number)
        return results

    def _without_chance(self, table: TableFact, row: Row, number: int) -> None:
        """Replace what a default has made of the clock or of chance."""
        for name, shape in self.shape(table).items():
            numbered = shape.counts and shape.base in WHOLE
            if not shape.varies or numbered or name not in row or not self._is_made_up(table, name):
                continue
            values = likely(self.facts, table, shape, number)
            if values and row[name] not in values:
                row[name] = values[0]

    def _is_made_up(self, table: TableFact, name: str) -> bool:
        """Whether a column's value came from its default: no foreign key has it."""
        return not any(name in constraint.columns for constraint in table.constraints if constraint.kind == "f")

    def _least(self, table: TableFact, whole: Row) -> Row:
        return {name: value for name, value in whole.items() if self._must_be_given(table, name, whole)}

    def _must_be_given(self, table: TableFact, name: str, whole: Row) -> bool:
        shape = self.shape(table)[name]
        column = shape.column
        if name in self._referenced.get(table.target_oid, ()):
            return whole[name] is not None
        mentioned = [constraint for constraint in table.constraints if name in constraint.columns]
        if column.default is not None or column.identity:
            if column.not_null and any(constraint.kind == "f" for constraint in mentioned):
                return True
            # What the clock or chance decides would decide whether the row goes in.
            return shape.varies and not shape.counts and any(c.kind in {"c", "x", "i", "b"} for c in mentioned)
        return column.not_null or is_never_null(self.facts.types, column.type)

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
            if self._accepts(table, less):
                row = less
        return {column.name: row[column.name] for column in table.columns if column.name in row}

    # Whether rows go in

    def _go_in(self, tables: Sequence[TableFact], rows: Mapping[int, Row]) -> bool:
        try:
            with self.trial.connection.transaction(force_rollback=True):
                self.trial.connection.execute("SET CONSTRAINTS ALL DEFERRED")
                for table in tables:
                    self.trial.connection.execute(self.trial.insert(table.target, rows[table.target_oid]).encode())
                self.trial.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.Error:
            return False
        return True


def _referenced(tables: Iterable[TableFact]) -> dict[int, set[str]]:
    result: dict[int, set[str]] = {}
    for table in tables:
        for constraint in table.constraints:
            if constraint.kind == "f":
                result.setdefault(constraint.references, set()).update(constraint.reference_columns)
    return result
