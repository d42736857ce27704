"""Keeps the statements that a revision emits, each with the place in the revision's source that made it."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.emit.unknown import VALUE, Unknown
from alembic_vibe.lint.model import START, Emitted, Gap, Place

if TYPE_CHECKING:
    from types import FrameType

# A loop that never ends, or a seed of rows one by one: nobody reads findings beyond this.
MOST_STATEMENTS = 5_000


MOST_ALIKE = 100  # from one place: a loop that waits for an answer which does not come


# Neither is an Exception: revisions catch those, and would go on for ever.


class TooMuch(BaseException):
    """The function emits more statements than anybody reads."""


class EndlessLoop(BaseException):
    """The function emits the same statement again and again."""


class Recorder:
    """The statements of one function of one revision.

    ``filename`` is what the compiled source has as its file name: its innermost frame on the stack is the place.
    """

    def __init__(self, filename: str, lines: list[str]) -> None:
        self.filename = filename
        self.lines = lines
        self.statements: list[Emitted] = []
        self.gaps: list[Gap] = []
        self.autocommit = False
        self.looked: list[Place] = []  # where the revision looked at what only a database knows
        self.looks = 0  # how often
        self.counted: list[Place] = []  # where it looked at how many rows a statement has changed
        self.existing_type = ""  # what the `alter_column` that is being carried out says of the type before
        self._alike: Counter[tuple[Place, str]] = Counter()
        self.fixed: tuple[Place, str] | None = None  # place and call of a batch operation that is carried out later

    def record(self, sql: str) -> Unknown:
        """Keep a statement; its result is unknown."""
        if len(self.statements) >= MOST_STATEMENTS:
            raise TooMuch(f"more than {MOST_STATEMENTS} statements")
        place, call = self.fixed or self.here()
        self._alike[place, sql] += 1
        if self._alike[place, sql] > MOST_ALIKE:
            raise EndlessLoop(f"the same statement comes more than {MOST_ALIKE} times")
        opaque = "it contains a value that only a database knows" if VALUE in sql else ""
        self.statements.append(Emitted(sql, place, call, self.autocommit, opaque, self.existing_type))
        return self.unknown()

    def unknown(self) -> Unknown:
        """Return a value that only a database knows."""
        return Unknown(self.touched, self.count)

    def touched(self) -> None:
        """Note that the revision looks at what only a database knows."""
        self.looks += 1
        place = self.here()[0]
        if place not in self.looked:
            self.looked.append(place)

    def count(self) -> None:
        """Note that the revision looks at how many rows a statement has changed."""
        place = self.here()[0]
        if place not in self.counted:
            self.counted.append(place)

    def gap(self, place: Place, reason: str) -> None:
        """Note a part that could not be followed."""
        if all(known.place != place for known in self.gaps):
            self.gaps.append(Gap(place, reason))

    def here(self) -> tuple[Place, str]:
        """Return the call in the revision that is being carried out: its place, and the name of what it calls."""
        frame: FrameType | None = sys._getframe(1)
        callee = ""
        while frame is not None:
            if frame.f_code.co_filename == self.filename:
                return self.place(frame.f_code, frame.f_lasti, frame.f_lineno), callee
            callee = frame.f_code.co_name
            frame = frame.f_back
        return START, callee

    def place(self, code: Any, instruction: int, line: int | None) -> Place:
        """Return the place of an instruction of the revision's code."""
        position = next(islice(code.co_positions(), instruction // 2, None), None)
        if position is not None and position[0] is not None:
            start, end, column, end_column = position
            return Place(
                start,
                self._column(start, column or 0),
                end or start,
                self._column(end or start, end_column or 0),
            )
        return Place(line or 1, 1, line or 1, 1)

    def _column(self, line: int, byte: int) -> int:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return byte + 1 if text.isascii() else len(text.encode()[:byte].decode(errors="ignore")) + 1
