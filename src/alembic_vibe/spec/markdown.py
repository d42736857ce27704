"""Markdown to a flat list of blocks with exact offsets; nothing else knows what the parser's tokens look like.

CommonMark (https://spec.commonmark.org/0.31.2/) by markdown-it-py, with the departures of ``markdown_rules``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.source import Span
from alembic_vibe.spec.markdown_rules import SQL_LANGUAGES, language_of, make_parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from alembic_vibe.source import Source

_BOM = "\ufeff"


class BlockKind(StrEnum):
    """What a block of Markdown is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # the first paragraph of a list item
    ROW = "row"  # a row of a table
    FENCE = "fence"
    CODE = "code"  # an indented code block
    HTML = "html"
    RULE = "rule"  # a thematic break


class Line(NamedTuple):
    """A line of a block without its indentation and markers, and the offset where it starts in the document."""

    text: str
    start: int

    @property
    def span(self) -> Span:
        """The line's place in the document."""
        return Span(self.start, self.start + len(self.text))


@dataclass(frozen=True, slots=True)
class Block:
    """One block of Markdown. ``first`` and ``last`` are its lines in the document (from 1, both included).

    ``depth`` counts the lists around it, ``nested`` tells whether it is inside a list or a quotation, ``wrapper`` is
    the number of the innermost ``markdown`` fence around it (``None`` outside).
    """

    kind: BlockKind
    first: int
    last: int
    lines: tuple[Line, ...]
    depth: int = 0
    nested: bool = False
    wrapper: int | None = None
    level: int = 0  # of a heading
    info: str = ""  # of a fence
    closed: bool = True  # of a fence
    header: bool = False  # of a table row

    @property
    def text(self) -> str:
        """The block's lines, joined by spaces."""
        return " ".join(line.text for line in self.lines)

    @property
    def language(self) -> str:
        """The first word of a fence's info string, in lower case: ``sql`` for ``SQL title="x"`` and ``{.sql}``."""
        return language_of(self.info)

    @property
    def is_sql(self) -> bool:
        """Whether it is a fence labelled as PostgreSQL."""
        return self.kind is BlockKind.FENCE and self.language in SQL_LANGUAGES


@dataclass(frozen=True, slots=True)
class Wrapper:
    """One ``markdown`` fence that is read through; lines as in ``Block``."""

    first: int
    last: int
    closed: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document: its blocks in order, and its wrappers (``Block.wrapper`` is an index of these)."""

    source: Source
    blocks: tuple[Block, ...]
    wrappers: tuple[Wrapper, ...]


def parse(source: Source) -> Document:
    """Parse a document. Any text is Markdown, so that this never fails."""
    # Every replacement keeps the length, so that the parser's offsets are offsets of the source as well.
    text = _printable(source.text)
    if text.startswith(_BOM):
        text = " " + text[1:]
    if "\n" in source.text and not text.endswith("\n"):
        text += "\n"
    tokens: list[Token] = []
    parser = make_parser()
    parser.block.parse(text, parser, {}, tokens)
    collector = _Collector(source)
    blocks = tuple(collector.blocks(tokens))
    return Document(source, blocks, tuple(collector.wrappers))


def _printable(text: str) -> str:
    """Replace what the parser replaces itself or takes for the end of a line, character by character."""
    return text.replace("\r", " ").replace("\0", "\ufffd")


class _Collector:
    """Turns the parser's flat tokens into blocks, with the containers around each."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.wrappers: list[Wrapper] = []
        self.open_wrappers: list[int] = []
        self.outer: list[tuple[int, int]] = []  # list depth and quotations outside each open wrapper
        self.items = self.quotes = 0
        self.first_in_item = False

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        """Yield the blocks in document order."""
        row: list[str] | None = None
        header = False
        for index, token in enumerate(tokens):
            self._containers(token)
            kind = token.type
            if kind == "tr_open":
                row, row_map = [], token.map or [0, 1]
            elif kind == "tr_close" and row is not None:
                yield self._row(row, row_map[0], header=header)
                row = None
            elif kind in {"thead_open", "tbody_open"}:
                header = kind == "thead_open"
            elif kind == "inline":
                if row is not None:
                    row.append(token.content.strip())
                else:
                    yield self._text(token, tokens[index - 1])
            elif kind == "fence":
                yield self._fence(token)
            elif kind in {"code_block", "html_block", "hr"}:
                yield self._raw(token, kind)

    def _containers(self, token: Token) -> None:
        match token.type:
            case "list_item_open":
                self.items += 1
                self.first_in_item = True
            case "list_item_close":
                self.items -= 1
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.quotes -= 1
            case "wrapper_open":
                first, last = token.map or [0, 1]
                self.open_wrappers.append(len(self.wrappers))
                self.wrappers.append(Wrapper(first + 1, last, bool(token.meta["closed"])))
                self.outer.append((self.items, self.quotes))
                self.items = self.quotes = 0
            case "wrapper_close":
                self.open_wrappers.pop()
                self.items, self.quotes = self.outer.pop()

    def _block(self, kind: BlockKind, first: int, last: int, lines: tuple[Line, ...]) -> Block:
        return Block(
            kind,
            first + 1,
            max(last, first + 1),
            lines,
            depth=self.items,
            nested=bool(self.items or self.quotes),
            wrapper=self.open_wrappers[-1] if self.open_wrappers else None,
        )

    def _line_of(self, number: int, content: str) -> Line:
        """Locate a piece of a line (number from 0) that the parser has stripped of indentation and markers."""
        start, _ = self.source.line_span(number + 1, number + 1)
        column = _printable(self.source.line_text(number + 1)).rfind(content.strip())
        return Line(content.strip(), start + max(column, 0))

    def _text(self, token: Token, opening: Token) -> Block:
        first, last = opening.map or token.map or [0, 1]
        lines = tuple(self._line_of(first + i, text) for i, text in enumerate(token.content.split("\n")))
        if opening.type == "heading_open":
            block = self._block(BlockKind.HEADING, first, last, lines)
            return replace(block, level=int(opening.tag[1:]))
        kind = BlockKind.ITEM if self.items and self.first_in_item else BlockKind.PARAGRAPH
        self.first_in_item = False
        return self._block(kind, first, last, lines)

    def _row(self, cells: list[str], number: int, *, header: bool) -> Block:
        start, _ = self.source.line_span(number + 1, number + 1)
        raw = _printable(self.source.line_text(number + 1))
        lines: list[Line] = []
        cursor = 0
        for cell in cells:
            # The parser takes the backslash off an escaped bar.
            column = raw.find(cell.replace("|", "\\|"), cursor)
            column = cursor if column < 0 else column
            lines.append(Line(cell, start + column))
            cursor = column + len(cell)
        return replace(self._block(BlockKind.ROW, number, number + 1, tuple(lines)), header=header)

    def _fence(self, token: Token) -> Block:
        first, last = token.map or [0, 1]
        self.first_in_item = False
        lines = tuple(Line(self.source.text[start:end].removesuffix("\r"), start) for start, end in token.meta["lines"])
        block = self._block(BlockKind.FENCE, first, last, lines)
        return replace(block, info=token.info.strip(), closed=bool(token.meta["closed"]))

    def _raw(self, token: Token, kind: str) -> Block:
        first, last = token.map or [0, 1]
        self.first_in_item = False
        kinds = {"code_block": BlockKind.CODE, "html_block": BlockKind.HTML, "hr": BlockKind.RULE}
        lines = tuple(self._line_of(number, self.source.line_text(number + 1)) for number in range(first, last))
        return self._block(kinds[kind], first, last, lines)
