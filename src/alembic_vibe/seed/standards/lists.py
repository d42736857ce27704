"""Lists that people write into the document: names below a heading or a label, in a list, in a table or on one line.

**Feature Flags:** `new_checkout` (on), `beta_search`

#### User Roles                        | Role   | Permissions        |
- **admin**: may do everything         |--------|--------------------|
- `users:write`                      | viewer | `orders:read`      |
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.seed.standards.subject import words
from alembic_vibe.source import Span
from alembic_vibe.spec.labels import normal_name
from alembic_vibe.spec.markdown import Block, BlockKind, Line, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alembic_vibe.source import Source
    from alembic_vibe.spec.model import Spec

_NUMBER = re.compile(r"^\s*(?:section\s+)?(?:\d+|[A-Z])(?:\.\w+)*[.):]?\s+", re.IGNORECASE)
_TITLED = re.compile(
    r"(?P<mark>\*\*|__)?(?P<title>[^:*_`]{3,60})(?P<colon>[:：])?(?:(?P=mark))?\s*(?P<outer>[:：])?\s*(?P<rest>.*)"  # noqa: RUF001
)
_QUOTES = "`*_\"'“”"
_BEHIND = frozenset(":：=–—-")  # noqa: RUF001
_ENTRY = re.compile(
    r"(?P<open>`|\*\*`?|__`?|\"|“)?(?P<name>[A-Za-z][\w.:/-]*\w|[A-Za-z][\w-]*(?: [\w-]+){0,3})"
    r"(?P<close>(?:`|\*\*|__|\"|”|:)*)(?P<rest>$|\s*[:：=]\s*.*|\s+[–—-]+>?\s.*|\s*\(.*)"  # noqa: RUF001
)
_NAMES = words("name key flag feature toggle switch role permission code slug id identifier value title label user")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list.

    Attributes:
        name: Its name as written, without marks.
        text: What is said behind the name, or in the other cells of its row, without marks.
        cells: Of a table: the row by the normalised names of its columns (``{"role": …, "permissions": …}``).
        children: The texts of the list below it.
        marked: Whether the name is marked as code.
        span: Its line in the document.
    """

    name: str
    text: str
    cells: Mapping[str, str]
    children: tuple[str, ...]
    marked: bool
    span: Span


@dataclass(frozen=True, slots=True)
class NamedList:
    """The entries that belong to one title. ``inline``: they stand on the line of the title."""

    title: str
    span: Span
    entries: tuple[Entry, ...]
    inline: bool = False


def find_lists(spec: Spec, title: re.Pattern[str]) -> tuple[NamedList, ...]:
    """Return the lists below each heading, label or list item of that title, anywhere in the document.

    Args:
        spec: The specification; the whole document it is in is looked at.
        title: What the whole title has to match, in lower-case words without numbers or marks: ``feature flags``.

    Returns:
        Lists with at least one entry, in the order of the document. Sentences are no entries.
    """
    return tuple(found for found in _Reader(spec.source, title).lists() if found.entries)


def plain(text: str) -> str:
    """Return a text without Markdown's marks for code and emphasis."""
    return re.sub(r"\*\*|__|`", "", text).strip()


@dataclass
class _Open:
    """A title whose entries are being read. ``depth``: of the list that the title is in; ``level``: of its heading."""

    title: str
    span: Span
    depth: int
    level: int = 0
    inline: bool = False
    entries: list[Entry] = field(default_factory=list)
    first: int = 0  # the depth of the entries
    header: tuple[str, ...] | None = None
    ended: bool = False


class _Reader:
    def __init__(self, source: Source, title: re.Pattern[str]) -> None:
        self._blocks = parse(source).blocks
        self._title = title

    def lists(self) -> Iterator[NamedList]:
        current: _Open | None = None
        for block in self._blocks:
            found = self._opens(block)
            if found is not None:
                if current is not None and not (current.level and not current.entries and not found.level):
                    yield _closed(current)
                elif current is not None:  # **Flags:** below the heading Flags
                    found.level = found.level or current.level
                current = found
                continue
            if current is not None:
                self._take(current, block)
                if current.ended:
                    yield _closed(current)
                    current = None
        if current is not None:
            yield _closed(current)

    def _opens(self, block: Block) -> _Open | None:
        if block.kind is BlockKind.HEADING:
            text = plain(_NUMBER.sub("", block.text))
            if self._is_title(text):
                return _Open(text, block.lines[0].span, 0, block.level)
            return None
        if block.kind not in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
            return None
        for number, line in enumerate(block.lines):
            match = _TITLED.fullmatch(line.text)
            if match is None or not self._is_title(match["title"]) or (match["rest"] and not _has_colon(match)):
                continue
            found = _Open(plain(match["title"]), line.span, block.depth)
            rest = " ".join([match["rest"], *(_until_label(block.lines[number + 1 :]))]).strip()
            if rest:
                found.entries = _inline(rest, line.span)
                found.inline = bool(found.entries)  # behind a sentence, the list may follow below
            return found
        return None

    def _is_title(self, text: str) -> bool:
        return self._title.fullmatch(normal_name(text)) is not None

    def _take(self, current: _Open, block: Block) -> None:
        match block.kind:
            case BlockKind.HEADING:
                # Text below a smaller heading is about something else, unless the title itself is a heading.
                current.ended = not current.level or block.level <= current.level
            case BlockKind.ITEM:
                self._item(current, block)
            case BlockKind.ROW:
                _row(current, block)
            case BlockKind.PARAGRAPH:
                if not current.level and block.depth <= current.depth:
                    current.ended = bool(current.entries) or block.depth > 0 or _is_label(block.lines[0])
            case _:
                pass

    def _item(self, current: _Open, block: Block) -> None:
        if block.depth <= current.depth:
            current.ended = True
        elif current.entries and current.first and block.depth > current.first:
            last = current.entries[-1]
            current.entries[-1] = Entry(
                last.name, last.text, last.cells, (*last.children, block.text), last.marked, last.span
            )
        elif (entry := _entry(block.text, block.lines[0].span)) is not None and not current.inline:
            current.first = block.depth
            current.entries.append(entry)


def _has_colon(match: re.Match[str]) -> bool:
    return bool(match["colon"] or match["outer"])


def _is_label(line: Line) -> bool:
    return line.text.startswith(("**", "__"))


def _until_label(lines: Sequence[Line]) -> list[str]:
    rest = []
    for line in lines:
        if _is_label(line):
            break
        rest.append(line.text)
    return rest


def _closed(found: _Open) -> NamedList:
    return NamedList(found.title, found.span, tuple(found.entries), found.inline)


def _entry(text: str, span: Span) -> Entry | None:
    match = _ENTRY.fullmatch(text)
    if match is None:
        return None
    name = match["name"].strip(_QUOTES + ": ")
    rest = match["rest"].strip()
    if " " in name and not (match["open"] or match["close"] or rest[:1] in _BEHIND):
        return None  # a sentence
    text = plain(re.sub(r"^(?:[:：=]|[–—-]+>?\s)\s*", "", rest))  # noqa: RUF001
    return Entry(name, text, {}, (), "`" in (match["open"] or ""), span)


def _row(current: _Open, block: Block) -> None:
    if block.header:
        header = tuple(normal_name(cell.text) for cell in block.lines)
        named = bool(header) and not _NAMES.isdisjoint(_singular(word) for word in header[0].split())
        current.header = header if named else ()
        current.ended = bool(current.entries) and not current.level
        return
    if not current.header:
        return
    cells = {name: plain(cell.text) for name, cell in zip(current.header, block.lines, strict=False)}
    name = block.lines[0].text if block.lines else ""
    if not plain(name):
        return
    others = " ".join(text for text in list(cells.values())[1:] if text)
    span = Span(block.lines[0].start, block.lines[-1].span.end)
    current.entries.append(Entry(plain(name), others, cells, (), "`" in name, span))


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _inline(text: str, span: Span) -> list[Entry]:
    """Read names on one line; prose gives nothing, and so does a single word that nothing marks as a name."""
    parts = [part.strip() for part in split_outside(text.rstrip("."))]
    parts = [re.sub(r"^(?:and|or)\s+", "", part) for part in parts if part]
    entries = [_entry(part, span) for part in parts]
    read = [entry for entry in entries if entry is not None]
    if len(read) != len(parts) or any(" " in entry.name for entry in read):
        return []
    if len(read) == 1 and not read[0].marked and not re.search(r"[_.:-]", read[0].name):
        return []
    return read


def split_outside(text: str) -> list[str]:
    """Split a text at commas, semicolons and ``and``, except within brackets and code."""
    parts, depth, code, start = [], 0, False, 0
    for match in re.finditer(r"[()\[\]{}`,;]|\s(?:and|&)\s", text):
        mark = match.group()
        if mark == "`":
            code = not code
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif depth <= 0 and not code:
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return parts
