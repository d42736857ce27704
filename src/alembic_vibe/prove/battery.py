"""The battery of a release: what its models read and write, as statements that can be tried on any later schema.

Made on a database where the release is at home: a statement that fails there says nothing about a change, so it is left
out and reported as not tried. What is left must pass as long as the release runs. See recipes.md, section 3: old app
reads and writes, new app reads and writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import View
from alembic_vibe.prove import battery_statements as statements
from alembic_vibe.prove.rehearsal import Attempt, rehearse
from alembic_vibe.prove.released import read_release
from alembic_vibe.prove.rows_facts import read_facts
from alembic_vibe.prove.rows_harvest import harvest
from alembic_vibe.prove.rows_values import candidates
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.prove.released import ReleasedTable, Row
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact

_FULL, _LEAST = "INSERT of all columns", "INSERT of the least columns"
_VALUES = 6  # made-up values to try for an UPDATE


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that the release does with a table or view."""

    relation: Key
    what: str  # "SELECT", "UPDATE of amount", …
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Failure:
    """What a release cannot do: with which table, which statement, and what the server says."""

    relation: Key
    what: str
    statement: str
    message: str
    state: str = ""

    def __str__(self) -> str:
        return f"{self.what} on {self.relation.qualified}: {self.message}"


@dataclass(frozen=True, slots=True)
class Battery:
    """The statements of one release, each of which passed where the release is at home.

    ``not_tried`` are those that did not, with what the server said there.
    """

    trials: tuple[Trial, ...]
    not_tried: tuple[Failure, ...] = ()

    def run(self, connection: psycopg.Connection[Any]) -> tuple[Failure, ...]:
        """Try every statement; all are rolled back, only sequences count on.

        Args:
            connection: To a database with the rows of the one that the battery was made on.

        Returns:
            What fails, in the order of the tables.
        """
        verdicts = rehearse(connection, [[trial.attempt] for trial in self.trials])
        return tuple(
            _failure(trial.relation, trial.what, trial.attempt, verdict.state, verdict.message)
            for trial, verdict in zip(self.trials, verdicts, strict=True)
            if verdict.chosen < 0
        )

    def transactions(self, relations: Collection[Key]) -> tuple[tuple[str, ...], ...]:
        """Return what may be committed again and again on some tables: writes, each followed by what takes it back."""
        found: list[tuple[str, ...]] = []
        for trial in self.trials:
            if trial.attempt.undo is not None and trial.relation in relations:
                found.extend((trial.attempt.statements, trial.attempt.undo))
        return tuple(found)

    def write_rows(self, connection: psycopg.Connection[Any], relations: Collection[Key]) -> int:
        """Commit a row with the least columns to some tables, as the release would, and return how many were taken."""
        import psycopg

        taken = 0
        for trial in self.trials:
            if trial.what == _LEAST and trial.relation in relations:
                try:
                    with connection.transaction():
                        for statement in trial.attempt.statements:
                            connection.execute(statement.encode())
                except psycopg.Error:  # it needs a row that another one has taken
                    continue
                taken += 1
        return taken

    def of(self, relations: Collection[Key]) -> Battery:
        """Return the part of the battery that is about some tables and views."""
        return Battery(
            tuple(trial for trial in self.trials if trial.relation in relations),
            tuple(failure for failure in self.not_tried if failure.relation in relations),
        )


def make_battery(connection: psycopg.Connection[Any], catalog: Catalog, tables: Iterable[Key] | None = None) -> Battery:
    """Make the battery of a release.

    For each table: SELECT of all columns by name; INSERT with the least columns and with all, and whether what was
    written reads back equal; UPDATE of each column by itself; INSERT … ON CONFLICT DO UPDATE for each unique key, of a
    new row and of an existing one; DELETE. For each view: SELECT.

    Args:
        connection: To a database where the release is at home, best with rows in its tables.
        catalog: What the release knows.
        tables: Only these tables and views; default is all of the catalog's.

    Raises:
        psycopg.Error: The catalog cannot be read. A statement that fails is not an error, but not tried.
    """
    wanted = None if tables is None else set(tables)
    released = read_release(connection, catalog, wanted)
    facts = read_facts(connection, [table.key for table in released])
    maker = _Maker(connection)
    for table in released:
        if table.columns:
            maker.add_table(table, _table_fact(facts, table.key), facts)
    for view in catalog.of_type(View):
        if (wanted is None or view.key in wanted) and view.columns:
            names = [Name(column.name) for column in view.columns]
            text = compose("SELECT {names} FROM {view}", names=names, view=Name(view.key.schema, view.key.name))
            maker.add(view.key, "SELECT", [Attempt((text,))])
    return maker.finish()


def _table_fact(facts: SchemaFacts, key: Key) -> TableFact | None:
    return next((table for table in facts.tables.values() if key in {table.key, table.target}), None)


class _Maker:
    """Collects what to try, and keeps what passes."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._units: list[tuple[Key, str, list[Attempt]]] = []
        self._not_tried: list[Failure] = []

    def add(self, relation: Key, what: str, attempts: Sequence[Attempt]) -> None:
        """Have something tried, in the first way that passes."""
        self._units.append((relation, what, list(attempts)))

    def add_table(self, table: ReleasedTable, fact: TableFact | None, facts: SchemaFacts) -> None:
        """Add everything that is done with one table."""
        self.add(table.key, *statements.select(table))
        written = self._writable_row(table)
        if written is not None:
            row, before = written
            check = self._read_back(table, row, before)
            undo = statements.undo_insert(table, row, before)
            self.add(table.key, _FULL, [Attempt(before, least=1, check=check, undo=undo)])
            self._add_minimal(table, row, before)
        values = _candidates(table, fact, facts) if fact is not None else {}
        for what, attempts in (
            *statements.updates(table, written, values),
            *statements.upserts(table),
            *statements.deletes(table, written),
        ):
            self.add(table.key, what, attempts)

    def finish(self) -> Battery:
        """Try everything at home and return what passed."""
        trials = []
        verdicts = rehearse(self._connection, [attempts for _, _, attempts in self._units])
        for (relation, what, attempts), verdict in zip(self._units, verdicts, strict=True):
            if verdict.chosen >= 0:
                trials.append(Trial(relation, what, attempts[verdict.chosen]))
            elif attempts:
                self._not_tried.append(_failure(relation, what, attempts[0], verdict.state, verdict.message))
        return Battery(tuple(trials), tuple(self._not_tried))

    def _writable_row(self, table: ReleasedTable) -> tuple[Row, tuple[str, ...]] | None:
        """Return a row that can be written whole, and the statements that do so."""
        rows = statements.full_inserts(table)
        attempts = [Attempt(made, least=1) for _, made in rows]
        verdict = rehearse(self._connection, [attempts])[0]
        if verdict.chosen >= 0:
            return rows[verdict.chosen]
        message = verdict.message if rows else table.why_no_row
        text = rows[0][1][-1] if rows else ""
        self._not_tried.extend(Failure(table.key, what, text, message, verdict.state) for what in (_FULL, _LEAST))
        return None

    def _read_back(self, table: ReleasedTable, row: Row, before: tuple[str, ...]) -> str:
        """Return the check of the columns that hold what was written; a trigger may have its own mind about others."""
        given = statements.writable(table)
        names = [column.name for column in table.columns if column.name in given]
        units = [[Attempt(before, check=statements.reads_back(table, row, given, [name]))] for name in names]
        verdicts = rehearse(self._connection, units)
        kept = [name for name, verdict in zip(names, verdicts, strict=True) if verdict.chosen >= 0]
        return statements.reads_back(table, row, given, kept)

    def _add_minimal(self, table: ReleasedTable, row: Row, before: tuple[str, ...]) -> None:
        """Add the INSERT of the least columns: those without a default, and what a CHECK wants besides."""
        earlier = before[:-1]
        columns = statements.required(table)
        if not self._takes(earlier, statements.insert(table, row, columns)):
            columns = statements.writable(table)
            for name in sorted(columns - statements.required(table)):
                less = columns - {name}
                if self._takes(earlier, statements.insert(table, row, less)):
                    columns = less
        undo = statements.undo_insert(table, row, before) if columns.issuperset(table.row_key) else None
        self.add(
            table.key,
            _LEAST,
            [Attempt((*earlier, statements.insert(table, row, columns)), least=1, undo=undo)],
        )

    def _takes(self, earlier: tuple[str, ...], text: str) -> bool:
        return rehearse(self._connection, [[Attempt((*earlier, text), least=1)]])[0].chosen >= 0


def _candidates(table: ReleasedTable, fact: TableFact, facts: SchemaFacts) -> dict[str, list[str | None]]:
    """Return made-up values by column."""
    found: dict[str, list[str | None]] = {}
    for column in fact.columns:
        mentioned = [
            constraint.expression
            for constraint in fact.constraints
            if constraint.expression and column.name in constraint.columns
        ]
        values = candidates(
            facts.types, column.type, column.modifier, column.name, str(table.key), table.count + 2, harvest(mentioned)
        )
        found[column.name] = list(values[:_VALUES])
    return found


def _failure(relation: Key, what: str, attempt: Attempt, state: str, message: str) -> Failure:
    return Failure(relation, what, attempt.statements[-1], message, state)
