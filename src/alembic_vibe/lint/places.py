"""From the places of ``ast``, in bytes from 0, to places that people read, in characters from 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.model import Place

if TYPE_CHECKING:
    import ast


class Places:
    """Places in one text, whose lines end as those of ``Source`` do."""

    def __init__(self, text: str) -> None:
        """Take the text that was parsed."""
        self._lines = text.split("\n")

    def of(self, node: ast.expr | ast.stmt) -> Place:
        """Return the range of a node."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset
        start = self._column(node.lineno, node.col_offset)
        end = start if end_column is None else self._column(end_line, end_column)
        return Place(node.lineno, start, end_line, end)

    def rest_of_line(self, line: int, column: int) -> Place:
        """Return the range from a column, counted as ``ast`` does, to the end of its line."""
        text = self._lines[line - 1].rstrip() if line <= len(self._lines) else ""
        return Place(line, self._column(line, column), line, len(text) + 1)

    def _column(self, line: int, offset: int) -> int:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        if text.isascii():
            return offset + 1
        return len(text.encode()[:offset].decode(errors="ignore")) + 1
