"""What a run of the seeds did, table by table, and the rows that the database refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from alembic_vibe.seed.merging import Fate

if TYPE_CHECKING:
    import psycopg

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.seed.model import SeedRow

COUNTED = tuple(str(fate) for fate in Fate)  # the words of the report, in its order


@dataclass(slots=True)
class TableReport:
    """What was done with the rows of one table, or would be: how many of each :class:`Fate`.

    ``conflicts`` and ``edits`` name the rows that stay as people have them, with the columns. ``gone`` counts rows that
    an earlier run brought and the seeds no longer have; they stay.
    """

    key: Key
    insert: int = 0
    same: int = 0
    update: int = 0
    edited: int = 0
    conflict: int = 0
    deleted: int = 0
    gone: int = 0
    conflicts: list[str] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)
    merged: int = 0  # rows in conflict of which other columns were written

    @property
    def changes(self) -> int:
        """Rows that are written."""
        return self.insert + self.update + self.merged

    def add(self, other: TableReport) -> None:
        """Add what a part of the rows gave."""
        for name in (*COUNTED, "gone", "merged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.conflicts += other.conflicts
        self.edits += other.edits

    def line(self) -> str:
        """Return it as one line for people."""
        counts = [f"{count} {word}" for word in COUNTED if (count := getattr(self, word))]
        if self.gone:
            counts.append(f"no longer in the seeds: {self.gone} (kept)")
        return f"{self.key.qualified}: {', '.join(counts) or 'nothing to do'}"

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        counts: dict[str, Any] = {word: getattr(self, word) for word in COUNTED}
        return {
            "table": self.key.qualified,
            **counts,
            "gone": self.gone,
            "edits": list(self.edits),
            "conflicts": list(self.conflicts),
        }


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a run did, by table in the order of loading; ``left`` are tables that only earlier runs had rows for."""

    tables: tuple[TableReport, ...] = ()
    left: tuple[TableReport, ...] = ()

    @property
    def changes(self) -> int:
        """Rows that are written, over all tables."""
        return sum(table.changes for table in self.tables)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the database has against a row; ``row`` is ``None`` where it is not known which one it is."""

    table: Key
    row: SeedRow | None
    shown: str  # the row's key, as people read it
    error: psycopg.Error


class SeedRefusedError(Exception):
    """Rows were refused; whoever holds the transaction takes everything back."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.refusals = refusals
        super().__init__("; ".join(f"{found.table.qualified}: {found.error}" for found in refusals))
