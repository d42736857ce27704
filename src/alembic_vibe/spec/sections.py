"""Divides Section 5 into its subsections, each with its labels, lists and SQL blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic_vibe.source import SourceMap, Span
from alembic_vibe.spec.headings import Heading, kind_of, read_heading, slug_of
from alembic_vibe.spec.labels import read_prose
from alembic_vibe.spec.markdown import Block, BlockKind, Document
from alembic_vibe.spec.model import Item, Section, SectionKind, SqlBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.source import Source
    from alembic_vibe.spec.locate import Chapter

_CREATES_TABLE = re.compile(r"\bcreate\s+(?:unlogged\s+|foreign\s+)*table\b", re.IGNORECASE)
_SUBSECTION = 2  # parts in the number of a subsection


@dataclass
class _Draft:
    """A subsection while its blocks are collected."""

    number: str
    title: str
    level: int
    heading: Heading
    opening: Block
    blocks: list[Block] = field(default_factory=list)
    root: bool = False


@dataclass(frozen=True)
class Division:
    """The subsections, and the headings whose number another one has already."""

    sections: tuple[Section, ...]
    repeated: tuple[tuple[Section, str], ...]  # the later section, and the number that it wants


def divide(document: Document, chapter: Chapter, known: frozenset[str]) -> Division:
    """Divide a chapter into sections; what stands above the first subsection is a section of its own."""
    drafts = list(_drafts(document, chapter))
    numbers, repeated = _number(drafts, chapter.heading.parts[0] if len(chapter.heading.parts) == 1 else "5")
    taken: set[str] = set()
    sections: list[Section] = []
    again: list[tuple[Section, str]] = []
    index = 0
    for draft, number in zip(drafts, numbers, strict=True):
        section = _section(document.source, draft, number, index, taken, known)
        index += len(section.blocks)
        sections.append(section)
        if id(draft) in repeated:
            again.append((section, draft.number))
    return Division(tuple(sections), tuple(again))


def _drafts(document: Document, chapter: Chapter) -> Iterator[_Draft]:
    """Collect blocks below the heading of the subsection that they belong to."""
    opening = chapter.heading
    current = _Draft(opening.number, opening.title, 0, opening, opening.block, root=True)
    for extent in chapter.extents:
        for block in document.blocks[extent.start : extent.end]:
            if block is opening.block:
                continue
            heading = read_heading(block) if block.kind is BlockKind.HEADING and not block.nested else None
            if heading is not None and (draft := _opens(heading, current, chapter)) is not None:
                if not current.root or current.blocks:
                    yield current
                current = draft
            else:
                current.blocks.append(block)
    if not current.root or current.blocks:
        yield current


def _opens(heading: Heading, current: _Draft, chapter: Chapter) -> _Draft | None:
    """Return the subsection that a heading opens, or ``None`` where it stays inside the current one."""
    if heading.belongs_to(chapter.chapters):
        number = ".".join(heading.parts[:_SUBSECTION])
        inside = len(heading.parts) > _SUBSECTION and number == current.number
        return None if inside else _Draft(number, heading.title, heading.level, heading, heading.block)
    if not current.root and heading.level > current.level:
        return None
    return _Draft("", heading.title, heading.level, heading, heading.block)


def _number(drafts: list[_Draft], chapter: str) -> tuple[list[str], set[int]]:
    """Give every subsection a number of its own: made up where there is none, changed where it is taken."""
    used = {draft.number for draft in drafts if draft.number}
    numbers: list[str] = []
    repeated: set[int] = set()
    following = 1
    for draft in drafts:
        number = draft.number or (chapter if draft.root else "")
        if not number:
            while f"{chapter}.{following}" in used:
                following += 1
            number = f"{chapter}.{following}"
            used.add(number)
        elif number in numbers:
            repeated.add(id(draft))
            copy = 2
            while f"{number}-{copy}" in numbers:
                copy += 1
            number = f"{number}-{copy}"
        numbers.append(number)
    return numbers, repeated


def _section(source: Source, draft: _Draft, number: str, index: int, taken: set[str], known: frozenset[str]) -> Section:
    blocks: list[SqlBlock] = []
    headings: list[Item] = []
    asides: list[Item] = []
    nearest = draft.title
    for block in draft.blocks:
        if block.kind is BlockKind.HEADING:
            heading = read_heading(block)
            nearest = heading.title
            headings.append(Item(text=block.text, span=block.lines[0].span))
        elif block.is_sql and block.text.strip():
            blocks.append(_sql(source, block, index + len(blocks), number, nearest))
        elif block.kind in {BlockKind.FENCE, BlockKind.CODE, BlockKind.HTML}:
            asides.append(Item(text=_describe(block), span=source.line_span(block.first, block.last)))
    makes_tables = any(_CREATES_TABLE.search(block.text) for block in blocks)
    parts = tuple(draft.number.split(".")) if draft.number else ()
    kind = (
        SectionKind.OVERVIEW
        if draft.root and not makes_tables
        else kind_of(parts, draft.title, makes_tables=makes_tables)
    )
    prose = read_prose(draft.blocks, known)
    last = draft.blocks[-1].last if draft.blocks else draft.opening.last
    return Section(
        number=number,
        title=draft.title,
        slug=slug_of(draft.title, number, taken),
        kind=kind,
        span=Span(source.line_span(draft.opening.first, draft.opening.first).start, source.line_span(last, last).end),
        heading_span=draft.heading.span,
        labels=tuple(prose.labels),
        items=tuple(prose.items),
        blocks=tuple(blocks),
        headings=tuple(headings),
        asides=tuple(asides),
    )


def _describe(block: Block) -> str:
    if block.kind is BlockKind.FENCE:
        return f"fence {block.info}".strip()
    return next((line.text for line in block.lines if line.text), "")


def _sql(source: Source, block: Block, index: int, section: str, heading: str) -> SqlBlock:
    """Take the SQL out of a fence, with the map that leads back: one step for each line and each CRLF."""
    texts: list[str] = []
    text_starts: list[int] = []
    source_starts: list[int] = []
    position = 0
    for line in block.lines:
        text_starts.append(position)
        source_starts.append(line.start)
        position += len(line.text)
        newline = source.text.find("\n", line.span.end)
        ended = newline >= 0
        if ended:
            if newline != line.span.end:
                text_starts.append(position)
                source_starts.append(newline)
            position += 1
        texts.append(line.text + "\n" * ended)
    span = Span(block.lines[0].start, source_starts[-1] + position - text_starts[-1])
    return SqlBlock(
        index=index,
        text="".join(texts),
        span=span,
        map=SourceMap(tuple(text_starts), tuple(source_starts)),
        section=section,
        heading=heading,
    )
