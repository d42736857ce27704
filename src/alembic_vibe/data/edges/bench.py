"""One table under trial: rows stated as changes to a row that goes in, and what the server says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count, islice, product
from typing import TYPE_CHECKING

from alembic_vibe.data.edges.model import Case, Refusal, Row
from alembic_vibe.data.edges.shape import likely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from alembic_vibe.data.edges.shape import Shape
    from alembic_vibe.data.edges.trial import Answer, Trial
    from alembic_vibe.prove.rows_facts import ConstraintFact, SchemaFacts, TableFact

Change = dict[str, str | None]

_ROUNDS = 4
_OPTIONS = 9  # values of one column that are tried to mend a row
_PRODUCT = 600  # combinations of them
_CLOCK = re.compile(
    r"now\(|current_|localtime|clock_timestamp|statement_timestamp|transaction_timestamp", re.IGNORECASE
)
# Of the classes "data exception" and "integrity constraint violation": what is no business of a trigger's own.
_REFUSALS = ("22", "23", "428C9")


@dataclass
class Bench:
    """A table, its minimal row, and the tables before it filled.

    ``start`` is a change that is part of every row: it keeps rows apart from the minimal one where that is in the
    table. ``full`` is the change that gives every column a value.
    """

    trial: Trial
    facts: SchemaFacts
    table: TableFact
    shapes: Mapping[str, Shape]
    minimal: Row
    start: Change
    full: Change = field(default_factory=dict)
    present: bool = False  # whether the minimal row is in the table
    references: dict[str, list[str | None]] = field(default_factory=dict)  # what columns of foreign keys may refer to
    accepted: dict[tuple[tuple[str, str | None], ...], Case] = field(default_factory=dict)
    rejected: dict[tuple[object, ...], Case] = field(default_factory=dict)
    edged: set[str] = field(default_factory=set)  # CHECKs with a row on either side

    # Asking

    def row(self, change: Mapping[str, str | None]) -> Row:
        """Return the whole row of a change."""
        return {**self.minimal, **self.start, **change}

    def ask(self, changes: Sequence[Mapping[str, str | None]]) -> list[Answer]:
        """Ask about rows."""
        return self.trial.ask([[self.insert(change)] for change in changes])

    def insert(self, change: Mapping[str, str | None], *, overriding: bool = True) -> str:
        """Return the statement for a change."""
        return self.trial.insert(self.table.target, self.row(change), overriding=overriding)

    def constraint(self, name: str) -> ConstraintFact | None:
        """Return the table's constraint of a name."""
        return next((c for c in self.table.constraints if c.name == name and name), None)

    def tells_time(self, name: str) -> bool:
        """Whether a constraint asks the clock: its edge is elsewhere tomorrow."""
        found = self.constraint(name)
        return found is not None and _CLOCK.search(found.expression or "") is not None

    def refusal(self, answer: Answer) -> Refusal | None:
        """Return what a row's refusal rests on; ``None`` where it is not a constraint's or a type's."""
        if not answer.state.startswith(_REFUSALS):
            return None
        return Refusal(answer.state, answer.constraint, "" if answer.constraint else answer.column)

    # Mending

    def complete(self, pinned: Mapping[str, str | None], goal: Callable[[Answer], bool]) -> Change | None:
        """Change other columns until the server's answer is the one that is wanted; ``None`` if none is found."""
        change: Change = dict(pinned)
        answer = self.ask([change])[0]
        passed: set[str] = set()
        for _ in range(_ROUNDS):
            if goal(answer):
                return change
            blamed = self._blamed(answer, pinned)
            if not blamed:
                return None
            passed.add(answer.constraint or answer.column)
            options = self._alternatives(change, blamed)
            answers = self.ask(options)
            found = next((at for at, said in enumerate(answers) if goal(said)), None)
            if found is None:
                found = next((at for at, said in enumerate(answers) if self._blames_other(said, passed)), None)
            if found is None:
                return None
            change, answer = options[found], answers[found]
        return change if goal(answer) else None

    def _blames_other(self, answer: Answer, passed: set[str]) -> bool:
        return bool(answer.constraint or answer.column) and (answer.constraint or answer.column) not in passed

    def _blamed(self, answer: Answer, pinned: Mapping[str, str | None]) -> list[str]:
        constraint = self.constraint(answer.constraint)
        columns = constraint.columns if constraint is not None else [answer.column] if answer.column else []
        if not columns and answer.state == "23514":  # no partition for it
            columns = [name for c in self.table.constraints if c.kind == "b" for name in c.columns]
        return [name for name in columns if name in self.shapes and name not in pinned and self.is_free(name)]

    def is_free(self, name: str) -> bool:
        """Whether values of a column may be chosen: it is not computed, and no reference to the one row there is."""
        column = self.shapes[name].column
        return not column.generated and (not column.not_null or len(self.references.get(name, "free")) > 1)

    def _alternatives(self, change: Change, columns: Sequence[str]) -> list[Change]:
        """Changes of some columns, those that differ in few columns first."""
        choices = [self.options(name)[:_OPTIONS] for name in columns]
        row = self.row(change)
        made = []
        for values in islice(product(*choices), _PRODUCT * 8):
            more = {name: value for name, value in zip(columns, values, strict=True) if row.get(name, "") != value}
            made.append((len(more), {**change, **more}))
        made.sort(key=lambda item: item[0])
        return [change for _, change in made[:_PRODUCT]]

    def options(self, name: str) -> list[str | None]:
        """Return values that a column may take, NULL and what it has in the full row among them."""
        found: list[str | None] = [self.row({}).get(name), self.full.get(name)]
        found.extend(self.references.get(name, []))
        if name not in self.references:
            found[1:1] = self.shapes[name].labels
            found.extend(self.shapes[name].near.strings[:6])
            found.extend(likely(self.facts, self.table, self.shapes[name])[:8])
        found.extend(self._itself(name))
        found.insert(1, None)
        return list(dict.fromkeys(found))

    def _itself(self, name: str) -> list[str | None]:
        """What a reference to its own table would be if the row referred to itself."""
        return [
            self.row({}).get(referenced)
            for c in self.table.constraints
            if c.kind == "f" and c.references in {self.table.oid, self.table.target_oid}
            for column, referenced in zip(c.columns, c.reference_columns, strict=True)
            if column == name
        ]

    # Keeping

    def accept(self, name: str, change: Mapping[str, str | None]) -> None:
        """Keep a row that goes in; one of the same content is kept once."""
        whole = {**self.start, **change}
        key = tuple(sorted(whole.items(), key=lambda item: item[0]))
        if key not in self.accepted:
            self.accepted[key] = Case(self._free(name, self.accepted.values()), whole)

    def reject(
        self,
        name: str,
        change: Mapping[str, str | None],
        refusal: Refusal,
        *,
        aspect: str,
        beside: Mapping[str, str | None] | None = None,
    ) -> None:
        """Keep a row that is refused, one for each constraint, columns and aspect."""
        whole = {**self.start, **change}
        key = (refusal, frozenset(change), aspect)
        if key not in self.rejected:
            self.rejected[key] = Case(self._free(name, self.rejected.values()), whole, beside, refusal)

    def _free(self, name: str, cases: Iterable[Case]) -> str:
        """Number a name that another case has."""
        taken = {case.name for case in cases}
        return next(free for at in count(1) if (free := name if at == 1 else f"{name} ({at})") not in taken)

    def refuses(self, name: str) -> bool:
        """Whether a row is kept that a constraint refuses."""
        return any(case.refusal is not None and case.refusal.constraint == name for case in self.rejected.values())
