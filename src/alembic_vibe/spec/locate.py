"""Finds Section 5 in a document: which heading opens it, and which blocks belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_vibe.spec.headings import Heading, read_heading, sounds_like_data, title_score
from alembic_vibe.spec.markdown import BlockKind, Document

CHAPTER = "5"

# What speaks for a heading, from the strongest. A title beats a number alone; a number alone needs tables below it.
_NUMBER_AND_TITLE = 100
_FULL_TITLE = 80
_TITLE = 60
_OTHER_NUMBER_FULL_TITLE = 55
_NUMBER_ABOUT_DATA = 50
_NUMBER_WITH_SQL = 40
_OTHER_NUMBER_TITLE = 30
_FULL = 3


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of blocks ``[start, end)`` of the document."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A candidate for Section 5: its heading, and its blocks (the heading's own first)."""

    heading: Heading
    index: int  # of the heading among the blocks
    extents: tuple[Extent, ...]
    rank: int
    sql: int  # how many SQL fences with something in them

    @property
    def has_sql(self) -> bool:
        """Whether there is anything to compile below the heading."""
        return self.sql > 0

    def contains(self, other: Chapter) -> bool:
        """Whether the other's heading is one of this chapter's blocks."""
        return self.index != other.index and any(e.start <= other.index < e.end for e in self.extents)

    @property
    def chapters(self) -> frozenset[str]:
        """The numbers under which its subsections may be counted."""
        return frozenset({CHAPTER, *self.heading.parts[:1]})


@dataclass(frozen=True, slots=True)
class Location:
    """The Section 5 that was found, or none; the others that look just like it; all headings of the document."""

    chapter: Chapter | None
    rivals: tuple[Chapter, ...]
    headings: tuple[Heading, ...]


def locate(document: Document) -> Location:
    """Find Section 5 by number and title, in or out of a ``markdown`` wrapper."""
    headings = {
        index: read_heading(block)
        for index, block in enumerate(document.blocks)
        if block.kind is BlockKind.HEADING and not block.nested and block.lines[0].text
    }
    candidates = []
    for index, heading in headings.items():
        if not _may_open(heading):
            continue
        extents = _extents(document, headings, index)
        sql = sum(
            document.blocks[i].is_sql and bool(document.blocks[i].text.strip())
            for extent in extents
            for i in range(extent.start, extent.end)
        )
        rank = _rank(heading, has_sql=sql > 0)
        if rank:
            candidates.append(Chapter(heading, index, extents, rank, sql))
    everything = tuple(headings.values())
    if not candidates:
        return Location(None, (), everything)
    best, rivals = _choose(candidates)
    return Location(best, rivals, everything)


def _may_open(heading: Heading) -> bool:
    return heading.parts == (CHAPTER,) or title_score(heading.title) > 0


def _rank(heading: Heading, *, has_sql: bool) -> int:
    score = title_score(heading.title)
    if heading.parts == (CHAPTER,):
        if score:
            return _NUMBER_AND_TITLE
        if sounds_like_data(heading.title):
            return _NUMBER_ABOUT_DATA
        return _NUMBER_WITH_SQL if has_sql else 0
    if not heading.parts:
        return _FULL_TITLE if score == _FULL else _TITLE
    if heading.parts[0] == CHAPTER or not has_sql:
        return 0
    return _OTHER_NUMBER_FULL_TITLE if score == _FULL else _OTHER_NUMBER_TITLE


def _choose(candidates: list[Chapter]) -> tuple[Chapter, tuple[Chapter, ...]]:
    numbered = max(candidate.rank for candidate in candidates) == _NUMBER_AND_TITLE
    best = max(candidates, key=lambda c: (c.rank, c.has_sql) if numbered else (c.has_sql, c.rank))
    # A title page called "Database Architecture" holds a chapter 5 with all of the SQL: that one is meant.
    inner = [c for c in candidates if best.contains(c) and c.heading.parts == (CHAPTER,) and c.sql == best.sql]
    if inner and best.has_sql and best.heading.parts != (CHAPTER,):
        best = max(inner, key=lambda c: c.rank)
    peers = [c for c in candidates if c.rank == best.rank]
    # "Section 5" that announces a wrapper in which the real heading stands again: the wrapped one is meant.
    for peer in peers:
        if best.contains(peer) and best.heading.block.wrapper is None and peer.heading.block.wrapper is not None:
            best = peer
            break
    rivals = [c for c in peers if c is not best and not best.contains(c) and not c.contains(best)]
    plain = [c for c in rivals if c.heading.block.wrapper is None and c.has_sql]
    if best.heading.block.wrapper is not None and plain:
        # An excerpt in a fence of its own beside the real section.
        rivals = [c for c in (best, *rivals) if c is not plain[0]]
        best = plain[0]
    return best, tuple(rivals)


def _extents(document: Document, headings: dict[int, Heading], index: int) -> tuple[Extent, ...]:
    """Return the blocks below a heading: to the next heading of its level that is not counted as a part of it.

    A section inside a wrapper goes on in later wrappers whose headings are numbered as parts of it.
    """
    opening = headings[index]
    chapters = frozenset({CHAPTER, *opening.parts[:1]})
    home = opening.block.wrapper
    blocks = document.blocks
    end = index + 1
    while end < len(blocks) and _stays(document, end, headings.get(end), opening, chapters):
        end += 1
    extents = [Extent(index, end)]
    if home is not None:
        extents += _later_extents(document, headings, end, chapters, home)
    return tuple(extents)


def _stays(document: Document, index: int, heading: Heading | None, opening: Heading, chapters: frozenset[str]) -> bool:
    """Whether a block still belongs below the opening heading."""
    home = opening.block.wrapper
    block = document.blocks[index]
    if home is not None and block.last > document.wrappers[home].last:
        return False
    if heading is None or block.wrapper != home or heading.level > opening.level:
        return True
    return heading.belongs_to(chapters)


def _later_extents(
    document: Document, headings: dict[int, Heading], start: int, chapters: frozenset[str], home: int
) -> list[Extent]:
    blocks = document.blocks
    extents = []
    index = start
    while index < len(blocks):
        wrapper, heading = blocks[index].wrapper, headings.get(index)
        if wrapper is None or wrapper == home or heading is None or not heading.belongs_to(chapters):
            index += 1
            continue
        end = index + 1
        while end < len(blocks) and _stays(document, end, headings.get(end), heading, chapters):
            end += 1
        extents.append(Extent(index, end))
        index = end
    return extents
