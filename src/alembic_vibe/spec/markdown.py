"""Markdown to a flat list of blocks with exact offsets; the only module that knows the Markdown parser.

CommonMark by markdown-it-py (https://spec.commonmark.org/0.31.2/), with three departures that real specifications
need. Fences labelled ``markdown`` are transparent wrappers whose own fences are paired by nesting, because CommonMark
would end such a wrapper at the first bare fence inside it. A SQL fence also ends where another labelled fence opens,
so that one forgotten closing line does not swallow the rest. Front matter is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    from alembic_vibe.source import Source

SQL_LANGUAGES = frozenset({"sql", "postgresql", "postgres", "pgsql", "psql", "plpgsql"})
WRAPPER_LANGUAGES = frozenset({"markdown", "md", "mdx", "gfm", "commonmark"})

_MIN_FENCE = 3
_TAB = 4
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
        words = self.info.replace("{", " ").replace("}", " ").replace(",", " ").split()
        return words[0].lstrip(".").lower() if words else ""

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
    parser = _parser()
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


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Make the parser: CommonMark blocks with tables; inline text is left as it is written."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable("reference")
    parser.block.ruler.at("fence", _fence_rule, {"alt": ["paragraph", "blockquote", "list"]})
    parser.block.ruler.before("table", "front_matter", _front_matter_rule)
    return parser


class _Marker(NamedTuple):
    """A line that opens or closes a fence."""

    char: str
    length: int
    info: str

    @property
    def language(self) -> str:
        words = self.info.replace("{", " ").replace("}", " ").replace(",", " ").split()
        return words[0].lstrip(".").lower() if words else ""

    def closes(self, opening: _Marker) -> bool:
        return not self.info and self.char == opening.char and self.length >= opening.length


def _marker_at(state: StateBlock, line: int) -> _Marker | None:
    start = state.bMarks[line] + state.tShift[line]
    end = state.eMarks[line]
    if end - start < _MIN_FENCE:
        return None
    char = state.src[start]
    if char not in "`~":
        return None
    text = state.src[start:end]
    info = text.lstrip(char)
    length = len(text) - len(info)
    if length < _MIN_FENCE or (char == "`" and "`" in info):
        return None
    return _Marker(char, length, info.strip())


def _fence_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    opening = _marker_at(state, start)
    if opening is None:
        return False
    if silent:
        return True
    if opening.language in WRAPPER_LANGUAGES:
        _wrapper(state, start, end, opening)
    else:
        _plain_fence(state, start, end, opening)
    return True


def _leaves_container(state: StateBlock, line: int) -> bool:
    """Whether a line is indented too little to belong to the list item that is open."""
    return not state.isEmpty(line) and state.sCount[line] < state.blkIndent


def _plain_fence(state: StateBlock, start: int, end: int, opening: _Marker) -> None:
    closed = False
    line = start + 1
    while line < end and not _leaves_container(state, line):
        marker = _marker_at(state, line)
        if marker is not None and not state.is_code_block(line):
            closed = marker.closes(opening)
            if closed or _reopens(marker, opening):
                break
        line += 1
    indent = state.sCount[start]
    token = state.push("fence", "code", 0)
    token.info = opening.info
    token.map = [start, line + closed]
    token.meta = {"closed": closed, "lines": [_content_of(state, n, indent) for n in range(start + 1, line)]}
    state.line = line + closed


def _reopens(marker: _Marker, opening: _Marker) -> bool:
    """Whether a labelled fence inside a SQL fence shows that the latter was never closed: SQL has no such line."""
    return bool(marker.info) and marker.char == opening.char and opening.language in SQL_LANGUAGES


def _content_of(state: StateBlock, line: int, indent: int) -> tuple[int, int]:
    """Return where a line of a fence starts and ends, without the indentation that the fence itself has.

    A tab that is only partly indentation is left out as a whole, so that offsets stay exact.
    """
    start, end = state.bMarks[line], state.eMarks[line]
    limit = min(start + state.tShift[line], end)
    width = 0
    while start < limit and width < indent:
        width += _TAB - (width + state.bsCount[line]) % _TAB if state.src[start] == "\t" else 1
        start += 1
    return start, end


def _wrapper(state: StateBlock, start: int, end: int, opening: _Marker) -> None:
    """Parse the inside of a ``markdown`` fence as if it stood there without the fence."""
    line, closed = _wrapper_end(state, start, end, opening)
    token = state.push("wrapper_open", "div", 1)
    token.map = [start, line + closed]
    token.meta = {"closed": closed}
    old_max, old_parent, old_tight = state.lineMax, state.parentType, state.tight
    state.lineMax, state.parentType = line, "root"
    state.md.block.tokenize(state, start + 1, line)
    state.lineMax, state.parentType, state.tight = old_max, old_parent, old_tight
    state.push("wrapper_close", "div", -1)
    state.line = line + closed


def _wrapper_end(state: StateBlock, start: int, end: int, opening: _Marker) -> tuple[int, bool]:
    """Find the closing line of a wrapper: labelled fences open a level, bare ones close the innermost."""
    inside: list[_Marker] = []
    line = start + 1
    while line < end and not _leaves_container(state, line):
        marker = _marker_at(state, line)
        if marker is None:
            pass
        elif inside:
            if marker.closes(inside[-1]):
                inside.pop()
            elif marker.info and inside[-1].language in WRAPPER_LANGUAGES:
                inside.append(marker)
            elif _reopens(marker, inside[-1]):
                inside[-1] = marker
        elif marker.closes(opening):
            return line, True
        else:
            inside.append(marker)
        line += 1
    return line, False


def _front_matter_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Skip the YAML between two ``---`` lines at the very top, which CommonMark would read as a heading."""
    if start or state.blkIndent or _bare(state, 0) != "---":
        return False
    for line in range(1, end):
        if _bare(state, line) in {"---", "..."}:
            if not silent:
                state.line = line + 1
            return True
    return False


def _bare(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]].strip()
