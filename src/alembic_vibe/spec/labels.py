"""Reads prose: bold labels with their values, the lists below them, and everything else line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.source import Span
from alembic_vibe.spec.markdown import Block, BlockKind, Line
from alembic_vibe.spec.model import Item, Label

if TYPE_CHECKING:
    from collections.abc import Iterable

# The text of one line, not of a document: the Markdown parser has already told paragraphs, lists and tables apart.
_BOLD = re.compile(
    r"(?P<mark>\*\*|__)(?P<name>(?!\s)(?:(?!(?P=mark)).)+?)\s*(?P<inner>[:：])?\s*(?P=mark)(?P<outer>\s*[:：]|\s+[–—-](?=\s))?\s*(?P<value>.*)"  # noqa: RUF001
)
_PLAIN = re.compile(r"(?P<name>[A-Za-z][\w /()-]{2,40}?)\s*:\s+(?P<value>\S.*)")
_WRAPPED = re.compile(r"(\*\*|__|`|\*|_)(?P<inside>\S(?:.*?\S)??)\1")
_EMPHASIS = re.compile(r"\*\*|__|`")


def normal_name(name: str) -> str:
    """Reduce a label's name to lower-case words: "Query Time-out" and "query timeout" differ by one space only."""
    return " ".join(re.findall(r"[a-z0-9]+", name.lower()))


@dataclass
class Prose:
    """The labels and the other lines of one section."""

    labels: list[Label] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass
class _Open:
    """A label that may still get more text or a list."""

    name: str
    value: str
    span: Span
    value_span: Span
    depth: int
    items: list[Item] = field(default_factory=list)

    def close(self) -> Label:
        return Label(
            name=self.name, value=self.value, span=self.span, value_span=self.value_span, items=tuple(self.items)
        )


def read_prose(blocks: Iterable[Block], known: frozenset[str] = frozenset()) -> Prose:
    """Read the paragraphs, lists and tables of a section.

    ``known`` are the normalised names of settings that count as labels even where they are not bold, or stand in a
    list below another label. Headings, fences and HTML end whatever label is open and are otherwise left out.
    """
    reader = _Reader(known)
    for block in blocks:
        reader.take(block)
    return reader.finish()


class _Reader:
    def __init__(self, known: frozenset[str]) -> None:
        self.known = known
        self.entries: list[_Open] = []
        self.items: list[Item] = []
        self.stack: list[_Open] = []

    def take(self, block: Block) -> None:
        match block.kind:
            case BlockKind.PARAGRAPH:
                self._paragraph(block)
            case BlockKind.ITEM:
                self._item(block)
            case BlockKind.ROW:
                self._row(block)
            case _:
                if not block.depth:
                    self.stack.clear()

    def finish(self) -> Prose:
        return Prose([entry.close() for entry in self.entries], self.items)

    def _paragraph(self, block: Block) -> None:
        while self.stack and self.stack[-1].depth > block.depth:
            self.stack.pop()
        self._lines(block, block.lines, in_list=bool(block.depth))

    def _item(self, block: Block) -> None:
        while self.stack and self.stack[-1].depth >= block.depth:
            self.stack.pop()
        self._lines(block, block.lines, in_list=True)

    def _lines(self, block: Block, lines: tuple[Line, ...], *, in_list: bool) -> None:
        """Take the lines of a paragraph; a line that is no label goes on with what the line above began."""
        parent = self.stack[-1] if in_list and self.stack else None
        if not in_list:
            self.stack.clear()
        rest: list[Line] = []
        entry: _Open | None = None
        for line in lines:
            label = self._label(line, block.depth, bold=parent is None)
            if label is not None:
                self._flush(rest, parent)
                rest = []
                entry = label
                self.entries.append(label)
            elif entry is not None:
                _extend(entry, line)
            else:
                rest.append(line)
        self._flush(rest, parent)
        if entry is not None:
            self.stack.append(entry)

    def _flush(self, lines: list[Line], parent: _Open | None) -> None:
        if not lines:
            return
        text = _EMPHASIS.sub("", " ".join(line.text for line in lines))
        item = Item(text=text, span=Span(lines[0].start, lines[-1].span.end))
        (self.items if parent is None else parent.items).append(item)

    def _label(self, line: Line, depth: int, *, bold: bool) -> _Open | None:
        match = _BOLD.fullmatch(line.text)
        if match is not None:
            named = match["inner"] or match["outer"] or not match["value"]
            if not named or not (bold or self._is_known(match["name"])):
                return None
        else:
            match = _PLAIN.fullmatch(line.text)
            if match is None or not self._is_known(match["name"]):
                return None
        return _open(match, line, depth)

    def _is_known(self, name: str) -> bool:
        return normal_name(name) in self.known

    def _row(self, block: Block) -> None:
        """Take a table row: a setting where the first cell names a known one, else one line of text."""
        self.stack.clear()
        if block.header:
            return
        cells = [line for line in block.lines if line.text]
        if not cells:
            return
        name = _plain(cells[0])
        if len(cells) > 1 and self._is_known(name.text):
            value = _plain(cells[1])
            span = Span(cells[0].start, cells[-1].span.end)
            self.entries.append(_Open(name.text, value.text, span, value.span, 0))
            return
        text = " | ".join(_EMPHASIS.sub("", cell.text) for cell in cells)
        self.items.append(Item(text=text, span=Span(cells[0].start, cells[-1].span.end)))


def _open(match: re.Match[str], line: Line, depth: int) -> _Open:
    value = _plain(Line(match["value"].rstrip(), line.start + match.start("value")))
    return _Open(match["name"].rstrip(":： "), value.text, line.span, value.span, depth)  # noqa: RUF001


def _plain(line: Line) -> Line:
    """Take the emphasis off a text that is emphasised as a whole."""
    while (match := _WRAPPED.fullmatch(line.text)) is not None:
        line = Line(match["inside"], line.start + match.start("inside"))
    return line


def _extend(entry: _Open, line: Line) -> None:
    start = entry.value_span.start if entry.value else line.start
    entry.value = f"{entry.value} {line.text}".strip()
    entry.value_span = Span(start, line.span.end)
    entry.span = Span(entry.span.start, line.span.end)
