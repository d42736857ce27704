"""Table-level locks of PostgreSQL: how strong they are, and what they stop."""

from __future__ import annotations

from enum import IntEnum


class LockLevel(IntEnum):
    """Table-level locks, weakest first (PostgreSQL manual, 13.3.1)."""

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    def __str__(self) -> str:
        return self.name.replace("_", " ")

    @property
    def blocks(self) -> str:
        """What other sessions cannot do meanwhile: ``reads and writes``, ``writes``, or nothing of both."""
        if self is LockLevel.ACCESS_EXCLUSIVE:
            return "reads and writes"
        return "writes" if self >= LockLevel.SHARE else ""
