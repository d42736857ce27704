"""Unique keys that single columns do not settle by themselves: rows whose key is taken are left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic_vibe.data.model import UndecidedError
from alembic_vibe.prove.rows_facts import ConstraintFact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psycopg import Connection

    from alembic_vibe.data.facts import KeyFact, Part
    from alembic_vibe.data.model import Value
    from alembic_vibe.prove.rows_facts import SchemaFacts, TableFact

    Test = Callable[[Mapping[str, Value]], bool | None]

_FOLDED = re.compile(r"(lower|upper)\(\(?(\"(?:[^\"]|\"\")+\"|\w+)\)?(?:::(?:text|character varying))?\)")


def folded_column(part: Part) -> str | None:
    """Return the column of ``lower(column)`` and ``upper(column)``: keys that tell no case apart."""
    found = _FOLDED.fullmatch(part.expression)
    if found is None:
        return None
    name = found[2]
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


@dataclass(frozen=True, slots=True)
class Predicate:
    """Which rows a partial index has."""

    columns: tuple[str, ...]
    test: Test

    def has(self, row: Mapping[str, Value]) -> bool:
        """Whether a row is one of them; if in doubt, it is."""
        try:
            return self.test(row) is True
        except UndecidedError:
            return True


@dataclass(slots=True)
class Unique:
    """A key over some columns; ``folded`` are those in which ``A`` equals ``a``."""

    columns: tuple[str, ...]
    folded: frozenset[str] = frozenset()
    nulls_distinct: bool = True
    predicate: Predicate | None = None
    seen: set[int] = field(default_factory=set)  # hashes: one row in 2**32 that is left out for nothing is no loss

    def refuse(
        self, texts: Mapping[str, Sequence[str | None]], raw: Callable[[str], list[Value]], keep: list[int]
    ) -> list[int]:
        """Return those of some rows whose key is free, and take their keys.

        Args:
            texts: The columns as PostgreSQL reads them.
            raw: Gives a column's values; only a predicate asks for them.
            keep: The numbers of the rows.
        """
        parts = [
            [None if text is None else text.casefold() for text in texts[name]] if name in self.folded else texts[name]
            for name in self.columns
        ]
        keys = list(zip(*parts, strict=True))
        seen, distinct = self.seen, self.nulls_distinct
        compared = self._compared(raw, len(keys))
        kept = []
        for number in keep:
            key = keys[number]
            if (distinct and None in key) or not compared[number]:
                kept.append(number)
            elif (mark := hash(key)) not in seen:
                seen.add(mark)
                kept.append(number)
        return kept

    def _compared(self, raw: Callable[[str], list[Value]], count: int) -> list[bool]:
        if self.predicate is None:
            return [True] * count
        names = self.predicate.columns
        rows = zip(*(raw(name) for name in names), strict=True)
        return [self.predicate.has(dict(zip(names, row, strict=True))) for row in rows]


def predicate_test(connection: Connection, facts: SchemaFacts, table: TableFact, key: KeyFact) -> Predicate | None:
    """Return the predicate of a partial index; ``None`` if only PostgreSQL understands it.

    Without one, the key is taken for one over all rows, which is stricter.
    """
    from alembic_vibe.data.checks import compile_checks

    if key.predicate is None:
        return None
    names = [column.name for column in table.columns]
    columns = [replace(column, not_null=False) for column in table.columns]
    alone = replace(table, columns=columns, constraints=[ConstraintFact(key.name, "c", names, key.predicate)])
    found = [rule for rule in compile_checks(connection, facts, alone).rules if rule.name == key.name]
    return Predicate(found[0].columns, found[0].decide) if found and found[0].decide is not None else None
