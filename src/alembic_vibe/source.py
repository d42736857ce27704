"""Texts that diagnostics point into: a document, spans in it, and maps from extracted text back to it.

Offsets are character offsets into ``Source.text`` (not bytes); lines and columns count from 1.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Position(NamedTuple):
    """A place that a person can go to: line and column, both from 1."""

    line: int
    column: int


class Span(NamedTuple):
    """Half-open range of character offsets, ``start`` included, ``end`` excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """One text document and the path under which it is shown to the user."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n")[:-1])
        return list(accumulate(lengths, initial=0))

    def position(self, offset: int) -> Position:
        """Return the line and column of a character offset; offsets past the end give the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """Return line number ``line`` (from 1) without its line ending; an unknown line is empty."""
        if not 1 <= line <= len(self._line_starts):
            return ""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_span(self, first: int, last: int) -> Span:
        """Return the span of whole lines ``first`` to ``last`` (from 1, both included)."""
        start = self._line_starts[first - 1]
        end = self._line_starts[last] if last < len(self._line_starts) else len(self.text)
        return Span(start, end)


@dataclass(frozen=True)
class SourceMap:
    """Maps offsets of an extracted text (such as an indented SQL fence) to offsets of its source.

    ``text_starts[i]`` is where line ``i`` of the extracted text starts in that text, ``source_starts[i]`` is where
    the same line starts in the source. Within a line the two run in step.
    """

    text_starts: tuple[int, ...]
    source_starts: tuple[int, ...]

    def to_source(self, offset: int) -> int:
        """Return the source offset that belongs to ``offset`` of the extracted text."""
        line = max(0, bisect_right(self.text_starts, offset) - 1)
        return self.source_starts[line] + offset - self.text_starts[line]
