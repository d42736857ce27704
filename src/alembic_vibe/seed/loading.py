"""The rows of one table: a few statements for thousands of rows, and the row named that is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alembic_vibe.seed.merging import Decision, Fate, Memory, Sides, decide, digest, remembered
from alembic_vibe.seed.model import SeedRow, SeedTable, SqlValue
from alembic_vibe.seed.report import Refusal, TableReport
from alembic_vibe.seed.state import Entry, State
from alembic_vibe.seed.statements import Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from psycopg import Connection

    from alembic_vibe.seed.values import Target

_BATCH = 5_000  # rows per statement: what is in memory at once
_NO_PARENT = "23503"  # foreign_key_violation
_FORBIDDEN = "42501"  # insufficient_privilege
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_ROUNDS = 3  # how often rows are looked at again that somebody changed in between
_SHOWN = 10  # refused rows that are told; the rest is not looked for


@dataclass(slots=True)
class _Found:
    """A row, seen from all sides, and how to find it again."""

    row: SeedRow
    label: str  # its key in the state
    values: tuple[str | None, ...]  # its key as the database writes it
    version: str | None  # of the row that the database has
    sides: Sides

    @property
    def shown(self) -> str:
        return ", ".join("NULL" if value is None else value for value in self.values)


def batches(table: SeedTable) -> Iterator[list[SeedRow]]:
    """Yield rows with the same columns together; one with SQL in it alone, for it may refer to the row before."""

    def shape(numbered: tuple[int, SeedRow]) -> tuple[object, ...]:
        number, row = numbered
        has_sql = any(isinstance(value, SqlValue) for value in row.values.values())
        nulls = tuple(name for name in table.conflict if row.values.get(name) is None)
        return (tuple(row.values), nulls, number // _BATCH, number if has_sql else -1)

    for _, rows in groupby(enumerate(table.rows), key=shape):
        yield [row for _, row in rows]


class Loader:
    """Brings the rows of one table in."""

    def __init__(
        self,
        connection: Connection[Any],
        table: SeedTable,
        targets: Mapping[str, Target],
        state: State,
        *,
        check: bool = False,
        forced: Collection[str] = (),
        orphans: bool = False,
        most: int | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            connection: Within a transaction.
            table: The rows.
            targets: The table's columns.
            state: What earlier runs saw.
            check: Only look.
            forced: Keys of rows, as people write them, that take what the seeds say.
            orphans: Rows of tables before this one were deleted by people: those that refer to them are let go.
            most: How many refused rows to look for; some by default.
        """
        self._connection = connection
        self._table = table
        self._targets = targets
        self._state = state
        self._check = check
        self._forced = set(forced)
        self._orphans = orphans
        self._shown = _SHOWN if most is None else most
        self._known = state.read(table.key)
        self._seen: set[str] = set()
        self._lost = False  # whether people deleted rows of this table
        self.used: set[str] = set()  # what of ``forced`` was found
        self.refusals: list[Refusal] = []

    def run(self) -> TableReport:
        """Bring all rows in.

        Raises:
            psycopg.Error: The database refuses the run, as opposed to a row; those are in ``refusals``.
        """
        report = TableReport(self._table.key)
        for batch in batches(self._table):
            if len(self.refusals) < self._shown:
                report.add(self._attempt(batch))
        if report.insert and not self._check:
            Rows(self._connection, self._table, self._targets, []).advance_sequences()
        if not self.refusals:
            report.gone = self._gone()
        return report

    def _attempt(self, batch: Sequence[SeedRow]) -> TableReport:
        """Bring rows in together; where one is refused, halve them until it is found."""
        import psycopg

        try:
            with self._connection.transaction():
                return self._settle(batch)
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.InternalError) as error:
            if not (_is_about_rows(error) or (_has_sql(batch) and error.sqlstate != _FORBIDDEN)):
                raise
            if len(batch) == 1 and error.sqlstate == _NO_PARENT and (self._orphans or self._lost):
                return self._let_go(batch[0])
            if len(batch) == 1:
                self.refusals.append(Refusal(self._table.key, batch[0], _shown(self._table, batch[0]), error))
                return TableReport(self._table.key)
        report = TableReport(self._table.key)
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
            if len(self.refusals) < self._shown:
                report.add(self._attempt(half))
        return report

    def _let_go(self, row: SeedRow) -> TableReport:
        """Leave a row out that refers to one which people deleted."""
        ((version, canonical, current),) = Rows(self._connection, self._table, self._targets, [row]).look()
        found = self._found(row, version, canonical, current)
        self._seen.add(found.label)
        if current is None:
            return TableReport(self._table.key, deleted=1)
        return TableReport(self._table.key, conflict=1, conflicts=[found.shown])

    def _settle(self, batch: Sequence[SeedRow]) -> TableReport:
        report = TableReport(self._table.key)
        left: list[SeedRow] = list(batch)
        for again in range(_ROUNDS):
            left = self._round(left, report, last=again == _ROUNDS - 1)
            if not left:
                break
        return report

    def _round(self, batch: Sequence[SeedRow], report: TableReport, *, last: bool) -> list[SeedRow]:
        """Look at rows, decide and write; returns those that somebody changed meanwhile."""
        rows = Rows(self._connection, self._table, self._targets, batch)
        found = [self._found(row, *answer) for row, answer in zip(batch, rows.look(), strict=True)]
        decided = [(one, decide(one.sides, forced=self._is_forced(one))) for one in found]
        decided = [(one, self._without_orphan(one, decision)) for one, decision in decided]
        entries: dict[str, Entry] = {}
        left: set[int] = set()
        if not self._check:
            left = self._write(rows, decided, entries)
        for at, (one, decision) in enumerate(decided):
            if at in left and not last:
                continue
            if at in left:
                decision = Decision(Fate.CONFLICT, contested=decision.take)
            setattr(report, decision.fate, getattr(report, decision.fate) + 1)
            if decision.contested:
                report.conflicts.append(f"{one.shown} ({', '.join(decision.contested)})")
                report.merged += bool(decision.take)
            if decision.edited:
                report.edits.append(f"{one.shown} ({', '.join(decision.edited)})")
            self._seen.add(one.label)
            self._lost = self._lost or decision.fate is Fate.DELETED
        if not self._check:
            self._state.write(self._table.key, entries)
        return [] if last else [batch[at] for at in sorted(left)]

    def _found(
        self,
        row: SeedRow,
        version: str | None,
        canonical: Mapping[str, str | None],
        current: Mapping[str, str | None] | None,
    ) -> _Found:
        expressions = [name for name, value in row.values.items() if isinstance(value, SqlValue)]
        wanted = {
            name: digest(value.sql if isinstance(value, SqlValue) else canonical[name])
            for name, value in row.values.items()
        }
        values = tuple(canonical[name] for name in self._table.conflict)
        label = _label(self._table, row, values)
        entry = self._known.get(label)
        now = None
        if current is not None:  # mostly the same: a digest is not worked out twice
            now = {
                name: wanted[name] if name not in expressions and canonical[name] == text else digest(text)
                for name, text in current.items()
            }
        sides = Sides(wanted, now, entry.memory if entry else None, self._table.conflict, expressions)
        return _Found(row, label, values, version, sides)

    def _is_forced(self, one: _Found) -> bool:
        if not self._forced:
            return False
        names = {one.shown, ",".join(value or "" for value in one.values), json.dumps(list(one.values))}
        hit = names & self._forced
        self.used |= hit
        return bool(hit)

    def _without_orphan(self, one: _Found, decision: Decision) -> Decision:
        """Let a row go that refers to one which people deleted: there is nothing that it could refer to."""
        lost = any(
            value is None and isinstance(one.row.values[name], SqlValue) and self._targets[name].not_null
            for name, value in zip(self._table.conflict, one.values, strict=True)
        )
        return Decision(Fate.DELETED) if decision.fate is Fate.INSERT and self._orphans and lost else decision

    def _write(self, rows: Rows, decided: Sequence[tuple[_Found, Decision]], entries: dict[str, Entry]) -> set[int]:
        """Write what was decided, and what is to be remembered into ``entries``; returns rows that were not there."""
        stored: dict[int, Mapping[str, str]] = {}
        inserts = [at for at, (_, decision) in enumerate(decided) if decision.fate is Fate.INSERT]
        if inserts:
            for at, texts in zip(inserts, rows.insert(inserts), strict=True):
                stored[at] = {name: digest(text) for name, text in texts.items()}
        updates = [(decision.take, at) for at, (_, decision) in enumerate(decided) if decision.take]
        missed: set[int] = set()
        for take, members in groupby(sorted(updates), key=lambda item: item[0]):
            places = [at for _, at in members]
            answers = rows.update(places, take, [decided[at][0].version for at in places])
            stored |= {at: {name: digest(text) for name, text in texts.items()} for at, texts in answers.items()}
            missed |= set(places) - answers.keys()
        for at, (one, decision) in enumerate(decided):
            if at in missed:
                continue
            held = stored.get(at, one.sides.current)
            memory = remembered(one.sides, decision, held) if held is not None else None
            if memory is not None and memory != _memory(self._known.get(one.label)):
                has_sql = any(isinstance(one.row.values[name], SqlValue) for name in self._table.conflict)
                entries[one.label] = Entry(memory, one.values if has_sql else None)
        return missed

    def _gone(self) -> int:
        """Count the rows that an earlier run brought, that are still there, and that the seeds no longer have."""
        lost = [
            entry.values if entry.values is not None else tuple(json.loads(label))
            for label, entry in self._known.items()
            if label not in self._seen
        ]
        width = len(self._table.conflict)
        return Rows(self._connection, self._table, self._targets, []).count([v for v in lost if len(v) == width])


def _memory(entry: Entry | None) -> Memory | None:
    return entry.memory if entry is not None else None


def _label(table: SeedTable, row: SeedRow, values: Sequence[str | None]) -> str:
    """Return the row's key in the state: as the database writes it, but an expression as it is written.

    What an expression gives may change, or be nothing where people deleted the row that it refers to.
    """
    parts: list[Any] = []
    for at, name in enumerate(table.conflict):
        value = row.values[name]
        parts.append({"sql": value.sql} if isinstance(value, SqlValue) else values[at])
    return _ENCODE(parts)


def _shown(table: SeedTable, row: SeedRow) -> str:
    values = (row.values.get(name) for name in table.conflict)
    return ", ".join(value.sql if isinstance(value, SqlValue) else str(value) for value in values)


def _has_sql(batch: Sequence[SeedRow]) -> bool:
    return any(isinstance(value, SqlValue) for value in batch[0].values.values())


def _is_about_rows(error: Any) -> bool:
    """Whether an error is about the values of a row: data, constraints, and what triggers raise."""
    state = error.sqlstate or ""
    return state[:2] in {"21", "22", "23", "44", "P0"} or state in {"42804", "42846", "2F002"}
