"""The rows of one table: first guesses, the questions that find better values, and the statements to try.

Every name and value in the SQL here was quoted by ``Server.name``, ``Server.relation`` or ``Server.literal``; the
rest is SQL that PostgreSQL printed itself. That is what the suppressions of S608 stand on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.prove.rows_facts import unfold
from alembic_vibe.prove.rows_harvest import harvest
from alembic_vibe.prove.rows_ties import Question, Slot, components, names_column, spread
from alembic_vibe.prove.rows_values import candidates, is_familiar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from alembic_vibe.prove.rows_facts import ColumnFact, ConstraintFact, SchemaFacts, TableFact
    from alembic_vibe.prove.rows_server import Server

_ANSWERS = 400  # combinations that one question returns, at most
_PRODUCT = 40_000  # combinations that one question looks at, at most
_NOT_REPEATABLE = re.compile(
    r"uuid|now\(|current_|localtime|clock_timestamp|statement_timestamp|random|timeofday", re.IGNORECASE
)
# Types whose candidates may be texts that the type does not read: they are filtered first.
_DOUBTFUL = {"uuid", "time", "timetz", "interval", "xml"}


class RowMaker:
    """Makes rows for one table; ``number`` is the number of the row, from 0."""

    def __init__(
        self,
        server: Server,
        facts: SchemaFacts,
        table: TableFact,
        forced: Mapping[str, tuple[int, str]],
        known: Callable[[int], int],
        later: Collection[str] = (),
    ) -> None:
        self._server = server
        self._facts = facts
        self._table = table
        self._forced = forced
        self._known = known
        self._columns = {column.name: column for column in table.columns}
        self.bounded = any(constraint.kind == "b" for constraint in table.constraints)
        self._foreign = [
            constraint
            for constraint in table.constraints
            if constraint.kind == "f"
            and constraint.name not in later
            and not all(name in forced for name in constraint.columns)
        ]
        # What a foreign key that is closed later leaves NULL for now; its other columns are columns like any.
        postponed = [
            constraint for constraint in table.constraints if constraint.kind == "f" and constraint.name in later
        ]
        self._postponed = {
            name for constraint in postponed for name in constraint.columns if not self._columns[name].not_null
        }
        self._foreign_columns = {name for constraint in self._foreign for name in self._decided(constraint)} - set(
            forced
        )
        self._postponed -= self._foreign_columns
        self._candidates: dict[tuple[str, int], list[str]] = {}

    def _decided(self, constraint: ConstraintFact) -> list[str]:
        """The columns that a foreign key gives values to: of one to its own table, those that may be NULL at first."""
        if constraint.references not in {self._table.oid, self._table.target_oid}:
            return constraint.columns
        return [name for name in constraint.columns if not self._columns[name].not_null] or constraint.columns

    # What each column gets

    def _values(self, name: str, number: int) -> list[str]:
        found = self._candidates.get((name, number))
        if found is None:
            column = self._columns[name]
            mentioned = [
                constraint.expression
                for constraint in self._table.constraints
                if constraint.expression and name in constraint.columns
            ]
            found = candidates(
                self._facts.types,
                column.type,
                column.modifier,
                name,
                str(self._table.target),
                number,
                harvest(mentioned),
            )
            if self._is_doubtful(column, mentioned=bool(mentioned)):
                found = self._server.valid(found, column.base_text)
            self._candidates[name, number] = found
        return found

    def _is_doubtful(self, column: ColumnFact, *, mentioned: bool) -> bool:
        """Whether some candidates may be texts that the type does not read."""
        domains, fact = unfold(self._facts.types, column.type)
        mentioned = mentioned or any(domain.checks for domain in domains)
        if fact is None or fact.typtype in {"c", "r", "m"} or fact.category == "A":
            return True
        return fact.typtype == "b" and (not is_familiar(fact.name) or (mentioned and fact.name in _DOUBTFUL))

    def _forced_value(self, name: str, number: int) -> str | None:
        root, column_name = self._forced[name]
        table = next(table for table in self._facts.tables.values() if table.target_oid == root)
        column = table.column(column_name)
        fact = self._facts.types.get(column.type)
        # Numbers start far above what a sequence will give, so that later rows do not collide with these.
        first = number + (900_000 if fact is not None and fact.category == "N" and fact.name != "int2" else 0)
        values = candidates(
            self._facts.types, column.type, column.modifier, column_name, str(table.target), first, harvest([])
        )
        return values[0] if values else None

    def _is_settable(self, column: ColumnFact) -> bool:
        """Whether a value is given at all: not for generated columns and not for what counts by itself."""
        counts = column.identity != "" or (column.default is not None and "nextval(" in column.default)
        return not column.generated and not counts and column.name not in self._postponed

    def _keeps_default(self, column: ColumnFact) -> bool:
        return column.default is not None and not _NOT_REPEATABLE.search(column.default)

    def _reference(self, constraint: ConstraintFact, number: int, given: Mapping[str, str], wanted: str) -> str:
        """A subquery for one column of a foreign key: the same parent row for each of its columns."""
        name = self._server.name
        parent = self._relation(constraint.references)
        order = ", ".join("p." + name(column) for column in constraint.reference_columns)
        same = [
            f"p.{name(referenced)} = {given[column]}"
            for column, referenced in zip(constraint.columns, constraint.reference_columns, strict=True)
            if column in given
            and column != wanted
            and (column not in self._foreign_columns or self._owner(column) is not constraint)
        ]
        where = " WHERE " + " AND ".join(same) if same else ""
        offset = 0 if same else number % max(1, self._known(constraint.references))
        referenced = constraint.reference_columns[constraint.columns.index(wanted)]
        return f"(SELECT p.{name(referenced)} FROM {parent} AS p{where} ORDER BY {order} OFFSET {offset} LIMIT 1)"  # noqa: S608

    def _owner(self, column: str) -> ConstraintFact | None:
        return next((constraint for constraint in self._foreign if column in self._decided(constraint)), None)

    def _relation(self, oid: int) -> str:
        table = self._facts.tables.get(oid)
        return self._server.relation(table.key if table is not None else self._facts.parents[oid])

    def _guess(self, number: int, shift: int = 0, *, minimal: bool = False) -> dict[str, str]:
        """Expressions by column: the likeliest values, or the ``shift``-th likeliest."""
        row: dict[str, str] = {}
        literal = self._server.literal
        for name in self._forced:
            row[name] = literal(self._forced_value(name, number + 10 * shift))
        for name, column in self._columns.items():
            if name in row or name in self._foreign_columns or not self._is_settable(column):
                continue
            if self._keeps_default(column) or (minimal and not column.not_null):
                continue
            values = self._values(name, number)
            if values:
                row[name] = literal(values[shift % len(values)])
        for name in self._columns:
            if name not in self._foreign_columns or not self._is_settable(self._columns[name]):
                continue
            owner = self._owner(name)
            if owner is not None and not (minimal and not self._columns[name].not_null):
                row[name] = self._reference(owner, number + shift, row, name)
        return row

    # Statements

    def _statement(self, row: Mapping[str, str]) -> str:
        relation = self._server.relation(self._table.target)
        if not row:
            return f"INSERT INTO {relation} DEFAULT VALUES"
        columns = ", ".join(self._server.name(name) for name in row)
        overriding = " OVERRIDING SYSTEM VALUE" if any(self._columns[name].identity for name in row) else ""
        return f"INSERT INTO {relation} ({columns}){overriding} VALUES ({', '.join(row.values())})"  # noqa: S608

    def insert(self, number: int, shift: int = 0) -> str:
        """Return the statement with the likeliest values."""
        return self._statement(self._guess(number, shift))

    def close(self, constraint: ConstraintFact) -> str | None:
        """Return the statement that gives a foreign key left NULL a value; ``None`` where that cannot be."""
        name = self._server.name
        pairs = list(zip(constraint.columns, constraint.reference_columns, strict=True))
        empty = [(column, referenced) for column, referenced in pairs if not self._columns[column].not_null]
        fixed = [(column, referenced) for column, referenced in pairs if self._columns[column].not_null]
        if any(self._columns[column].generated for column, _ in empty):
            return None
        parent = self._relation(constraint.references)
        where = " AND ".join(f"p.{name(referenced)} = t.{name(column)}" for column, referenced in fixed)
        picked = ", ".join("p." + name(referenced) for _, referenced in empty)
        given = ", ".join(name(column) for column, _ in empty)
        return (
            f"UPDATE {self._server.relation(self._table.key)} AS t SET ({given}) = "  # noqa: S608
            f"(SELECT {picked} FROM {parent} AS p{' WHERE ' + where if where else ''} ORDER BY {picked} LIMIT 1) "
            f"WHERE {' AND '.join(f't.{name(column)} IS NULL' for column, _ in empty)}"
        )

    def parent_of(self, column: str) -> int | None:
        """Return the oid of the table that a column refers to."""
        owner = self._owner(column)
        return owner.references if owner is not None else None

    def alternatives(
        self,
        number: int,
        asked: Sequence[Question],
        solved: Sequence[Sequence[Mapping[str, str | None]] | None],
        limit: int,
    ) -> list[str]:
        """Return statements to try in turn, with the values that the server found for the questions."""
        answers = [spread(rows, limit) for rows in solved if rows]
        tries = max([len(rows) for rows in answers], default=1)
        guess = self._guess(number)
        least = self._guess(number, minimal=True)
        made: dict[str, None] = {}
        for base, count in ((guess, tries), (least, min(tries, 12))):
            for at in range(count):
                row = dict(base)
                for rows in answers:
                    for column, value in rows[at % len(rows)].items():
                        row[column] = self._server.literal(value)
                made[self._statement(row)] = None
        if self.bounded and not (answers or not asked):
            return list(made)[:limit]
        for shift in range(1, 9):
            row = self._guess(number, shift)
            for rows in answers:
                row.update((column, self._server.literal(value)) for column, value in rows[shift % len(rows)].items())
            made[self._statement(row)] = None
        made.update(dict.fromkeys(self._for_triggers(guess, answers)))
        return list(made)[: limit + 50]

    def _for_triggers(
        self, guess: Mapping[str, str], answers: Sequence[Sequence[Mapping[str, str | None]]]
    ) -> list[str]:
        """Rows with the words that a trigger's function mentions, such as the state a row must begin with."""
        words = harvest(self._table.trigger_sources).strings[:12]
        row = dict(guess)
        for rows in answers:
            row.update((column, self._server.literal(value)) for column, value in rows[0].items())
        texts = [name for name in row if name not in self._foreign_columns and self._is_text(self._columns[name])]
        return [self._statement({**row, name: self._server.literal(word)}) for name in texts[:4] for word in words]

    def _is_text(self, column: ColumnFact) -> bool:
        fact = self._facts.types.get(column.type)
        return fact is not None and fact.category in {"S", "E"}

    # Questions

    def questions(self, number: int) -> list[Question]:
        """Return one question for each group of columns that constraints tie together."""
        slots = self._slots()
        owner = {column: slot for slot in reversed(slots) for column in slot.columns}
        ties: list[tuple[set[str], str]] = []
        for constraint in self._table.constraints:
            ties.extend(self._tie(constraint))
        for column in self._columns.values():
            ties.extend(({column.name}, text) for text in self._domain_checks(column))
        usable = [(self._settled(columns), text) for columns, text in ties]
        usable = [(columns, text) for columns, text in usable if columns and columns <= owner.keys()]
        questions = []
        for group in components(slots, [columns for columns, _ in usable]):
            names = {name for slot in group for name in slot.columns}
            conditions = [text for columns, text in usable if columns <= names and text]
            if conditions or len(group) > 1:
                questions.append(self._question(group, conditions, number))
        return questions

    def _slots(self) -> list[Slot]:
        slots = [Slot(tuple(self._decided(constraint)), constraint) for constraint in self._foreign]
        slots.extend(
            Slot((name,))
            for name, column in self._columns.items()
            if name not in self._foreign_columns and name not in self._forced and self._is_settable(column)
        )
        return slots

    def _settled(self, columns: set[str]) -> set[str]:
        """Replace generated columns by those that they are made from."""
        plain: set[str] = set()
        for name in columns:
            column = self._columns[name]
            if column.generated:
                plain |= {other for other in self._columns if names_column(column.default or "", other)} - {name}
            else:
                plain.add(name)
        return plain

    def _tie(self, constraint: ConstraintFact) -> list[tuple[set[str], str]]:
        columns = set(constraint.columns)
        if constraint.kind in {"c", "b"} and constraint.expression:
            return [(columns, f"({constraint.expression}) IS NOT FALSE")]
        if constraint.kind in {"p", "u"} or (constraint.kind == "i" and constraint.plain):
            name = self._server.name
            same = " AND ".join(f"x.{name(column)} = t.{name(column)}" for column in constraint.columns)
            if any(self._columns[column].generated for column in columns):
                return [(columns, "")]
            return [
                (columns, f"NOT EXISTS (SELECT FROM {self._server.relation(self._table.target)} AS x WHERE {same})")
            ]
        return [(columns, "")] if constraint.kind in {"x", "i"} else []

    def _domain_checks(self, column: ColumnFact) -> list[str]:
        checks: list[str] = []
        name = self._server.name(column.name)
        for domain in unfold(self._facts.types, column.type)[0]:
            for check in domain.checks:  # a domain's CHECK speaks of VALUE: here a column of that name
                checks.append(f"(SELECT ({check}) IS NOT FALSE FROM (SELECT t.{name}) AS d(value))")  # noqa: S608, PERF401
            if domain.not_null:
                checks.append(f"t.{name} IS NOT NULL")
        return checks

    def _question(self, group: Sequence[Slot], conditions: Sequence[str], number: int) -> Question:
        name = self._server.name
        most = max(3, int(_PRODUCT ** (1 / len(group))))
        seen: dict[str, str] = {}
        relations, shared, ranks = [], [], []
        for at, slot in enumerate(group):
            ranks.append(f"s{at}.vibe_rank")
            relations.append(f"{self._candidate_relation(slot, number, most)} AS s{at}")
            for column in slot.columns:
                place = f"s{at}.{name(column)}"
                if column in seen:
                    shared.append(f"{seen[column]} = {place}")
                else:
                    seen[column] = place
        rank = f"{' + '.join(ranks)} AS vibe_sum, ARRAY[{', '.join(ranks)}] AS vibe_ranks"
        joined = f"SELECT {', '.join(seen.values())}, {rank} FROM {' CROSS JOIN '.join(relations)}"  # noqa: S608
        if shared:
            joined += " WHERE " + " AND ".join(shared)
        computed = [
            f"({column.default})::{column.base_text} AS {name(column.name)}"
            for column in self._columns.values()
            if column.generated and column.default and self._settled({column.name}) <= seen.keys()
        ]
        generated = f" CROSS JOIN LATERAL (SELECT {', '.join(computed)}) AS g" if computed else ""
        picked = ", ".join(f"t.{name(column)}::text AS {name(column)}" for column in seen)
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        return Question(
            f"SELECT {picked} FROM ({joined}) AS t{generated}{where}"  # noqa: S608
            f" ORDER BY t.vibe_sum, t.vibe_ranks LIMIT {_ANSWERS}",
            tuple(seen),
        )

    def _candidate_relation(self, slot: Slot, number: int, most: int) -> str:
        if slot.foreign is not None:
            return self._parent_relation(slot.foreign, number, min(most, 12))
        column = self._columns[slot.columns[0]]
        label = self._server.name(column.name)
        texts = ", ".join(
            f"({self._server.literal(text)}, {rank})"
            for rank, text in enumerate(self._values(column.name, number)[:most], start=1)
        )
        parts = []
        if texts:
            parts.append(f"SELECT v::{column.base_text} AS {label}, vibe_rank FROM (VALUES {texts}) AS c(v, vibe_rank)")  # noqa: S608
        if column.default is not None:
            rank = 0 if self._keeps_default(column) else most
            parts.append(f"SELECT ({column.default})::{column.base_text} AS {label}, {rank} AS vibe_rank")
        if not column.not_null or not parts:
            parts.append(f"SELECT NULL::{column.base_text} AS {label}, {most + 1} AS vibe_rank")
        return "(" + " UNION ALL ".join(parts) + ")"

    def _parent_relation(self, constraint: ConstraintFact, number: int, most: int) -> str:
        """The keys of the table referred to, beginning with that for row ``number``."""
        name = self._server.name
        decided = self._decided(constraint)
        pairs = [
            (column, referenced)
            for column, referenced in zip(constraint.columns, constraint.reference_columns, strict=True)
            if column in decided
        ]
        picked = ", ".join(f"p.{name(referenced)} AS {name(column)}" for column, referenced in pairs)
        order = ", ".join(f"p.{name(referenced)}" for _, referenced in pairs)
        count = max(1, self._known(constraint.references))
        place = f"(row_number() OVER (ORDER BY {order}) - 1 + {count} - {number % count}) % {count}"
        parent = self._relation(constraint.references)
        parts = [f"(SELECT {picked}, {place} AS vibe_rank FROM {parent} AS p ORDER BY vibe_rank LIMIT {most})"]  # noqa: S608
        if any(not self._columns[column].not_null for column in decided):
            nulls = ", ".join(f"NULL::{self._columns[column].base_text} AS {name(column)}" for column in decided)
            parts.append(f"(SELECT {nulls}, {most + 1} AS vibe_rank)")
        return "(" + " UNION ALL ".join(parts) + ")"
