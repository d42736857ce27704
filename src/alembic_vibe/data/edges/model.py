"""What test data consist of. A value is the text that PostgreSQL reads, or ``None`` for NULL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.keys import Key

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """How PostgreSQL refuses a row: by a constraint, by a column that must not be NULL, or by the type of a column.

    ``sqlstate`` is the code of the error (PostgreSQL manual, appendix "PostgreSQL Error Codes").
    """

    sqlstate: str
    constraint: str = ""
    column: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.sqlstate, self.constraint or self.column) if part)


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a table.

    ``change`` is what it differs in from the table's minimal row. ``beside`` is another row, given in the same way,
    that must be in the table first. ``refusal`` is ``None`` for a row that goes in.
    """

    name: str
    change: Mapping[str, str | None]
    beside: Mapping[str, str | None] | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class TableCases:
    """All rows of one table.

    ``minimal`` is the whole of the minimal row, ``second`` a change that makes another row beside it. ``after`` are
    the tables whose minimal rows (or, where it says so, second ones) must be there first, in order; the table itself
    is one of them where its rows refer to each other, in a circle or directly.
    """

    key: Key
    minimal: Mapping[str, str | None]
    second: Mapping[str, str | None] | None = None
    after: tuple[tuple[Key, bool], ...] = ()
    accepted: tuple[Case, ...] = ()
    rejected: tuple[Case, ...] = ()
    whole_numbers: frozenset[str] = frozenset()  # columns whose values are written as numbers
    booleans: frozenset[str] = frozenset()

    def row(self, change: Mapping[str, str | None]) -> Row:
        """Return a whole row: the minimal one with a change."""
        return {**self.minimal, **change}


@dataclass(slots=True)
class Coverage:
    """How many constraints have a row that they refuse, by kind, and why others have none."""

    covered: dict[str, int] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    edged: int = 0  # CHECKs with a row on either side of their edge
    missing: list[str] = field(default_factory=list)
    dropped: int = 0  # rows that turned out otherwise when they were tried as written

    def count(self, kind: str, *, covered: bool) -> None:
        """Count a constraint."""
        self.total[kind] = self.total.get(kind, 0) + 1
        self.covered[kind] = self.covered.get(kind, 0) + covered


@dataclass(slots=True)
class TestData:
    """The rows of all tables, in an order in which their minimal rows go in, and what they cover.

    ``empty`` says of tables that hold no row why.
    """

    __test__ = False  # pytest takes classes of such a name for tests

    tables: list[TableCases] = field(default_factory=list)
    empty: dict[Key, str] = field(default_factory=dict)
    coverage: Coverage = field(default_factory=Coverage)
