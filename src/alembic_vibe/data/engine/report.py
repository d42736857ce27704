"""What became of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key


@dataclass(slots=True)
class TableFill:
    """One table: rows that are in it now, rows that the server refused, and the time that both took.

    ``reason`` says why it has none, or fewer rows than were planned.
    """

    key: Key
    planned: int = 0
    rows: int = 0
    rejected: int = 0
    seconds: float = 0.0
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the facts as they go into JSON."""
        return {
            "table": self.key.qualified,
            "planned": self.planned,
            "rows": self.rows,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "reason": self.reason,
        }


@dataclass(slots=True)
class FillReport:
    """A whole run, tables in the order in which they were filled.

    ``kept`` are tables that had rows before: nothing was added to them.
    """

    tables: list[TableFill] = field(default_factory=list)
    kept: list[Key] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        """All rows that were added."""
        return sum(table.rows for table in self.tables)

    @property
    def rejected(self) -> int:
        """All rows that the server refused."""
        return sum(table.rejected for table in self.tables)

    @property
    def empty(self) -> list[TableFill]:
        """The tables that were to be filled and hold no row."""
        return [table for table in self.tables if not table.rows]

    @property
    def lines(self) -> list[str]:
        """What a person reads: a line for each table, what stays empty and why, and the sum."""
        width = max((len(table.key.qualified) for table in self.tables), default=0)
        lines = []
        for table in self.tables:
            note = f"  {table.rejected:,} refused" if table.rejected else ""
            note += f"  ({table.reason})" if table.reason else ""
            lines.append(f"{table.key.qualified:<{width}}  {table.rows:>9,}{note}")
        if self.kept:
            names = ", ".join(key.qualified for key in self.kept)
            lines.append(f"Left as they were, for they hold rows already: {names}")
        filled = len(self.tables) - len(self.empty)
        speed = f", {self.rows / self.seconds:,.0f} rows/s" if self.seconds > 0 and self.rows else ""
        lines.append(f"{self.rows:,} rows in {filled} of {len(self.tables)} tables{speed}; {self.rejected:,} refused")
        return lines

    def as_dict(self) -> dict[str, object]:
        """Return the facts as they go into JSON."""
        return {
            "rows": self.rows,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "tables": [table.as_dict() for table in self.tables],
            "kept": [key.qualified for key in self.kept],
        }
