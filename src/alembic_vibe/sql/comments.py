"""Comments around and inside a statement, and the annotations among them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.sql.grammar import mask
from alembic_vibe.sql.statement import Annotation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.source import Span

_INSTRUCTION = re.compile(
    r"(?P<name>(?:renamed|moved)\s+from|backfill|convert)\s*:\s*(?P<value>.*)", re.IGNORECASE | re.DOTALL
)
_VIBE = re.compile(r"vibe\s*:\s*(?P<verb>\S+)\s*(?P<value>.*)", re.IGNORECASE)
# A second instruction in the same comment: after a semicolon, or on a line of its own.
_NEXT = re.compile(r"(?:;\s*|\n)(?=(?:(?:renamed|moved)\s+from|backfill|convert|vibe)\s*:)", re.IGNORECASE)

INSTRUCTIONS = ("renamed from", "moved from", "backfill", "convert")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a block, in characters of the block; ``full_line``: nothing but space stands before it."""

    start: int
    end: int
    text: str  # without its markers
    full_line: bool


def read_comment(block: str, start: int, end: int) -> Comment:
    """Read the comment that stands at ``block[start:end]``."""
    raw = block[start:end]
    line_start = block.rfind("\n", 0, start) + 1
    if raw.startswith("/*"):
        lines = [line.strip().removeprefix("*").strip() for line in raw[2:].removesuffix("*/").splitlines()]
        text = "\n".join(line for line in lines if line)
    else:
        text = raw.lstrip("-").strip()
    return Comment(start, end, text, not block[line_start:start].strip())


def is_annotation(text: str) -> bool:
    """Whether a comment instructs the compiler, rather than explains to people."""
    return bool(_INSTRUCTION.match(text) or _VIBE.match(text))


def read_annotations(text: str, span: Span) -> tuple[Annotation, ...]:
    """Return the annotations that a comment is, none for an ordinary comment.

    ``-- renamed from: name; backfill: 'x'`` are two, and so are two lines of a block comment; another line of a block
    comment continues an expression. A comment within an instruction (``-- backfill: 'x' -- for now``) is left out.
    ``-- vibe: ignore AV250 reason`` is named "ignore"; any other ``-- vibe:`` keeps its own verb as its name.
    """
    if not is_annotation(text):
        return ()
    return tuple(_annotation(part, span) for part in _instructions(text))


def _instructions(text: str) -> Iterator[str]:
    code = mask(text, ("string", "identifier"))
    start = 0
    for match in _NEXT.finditer(code):
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


def _annotation(text: str, span: Span) -> Annotation:
    if match := _INSTRUCTION.match(text):
        name = " ".join(match["name"].lower().split())
        value = mask(match["value"], ("comment",)).strip().rstrip("; ")
        return Annotation(name, value, span)
    match = _VIBE.match(text)
    assert match is not None  # only what matches either begins an instruction
    return Annotation(match["verb"].lower().rstrip(":"), match["value"].strip(), span)


def directly_above(block: str, comments: list[Comment], starts: list[int], start: int) -> list[Comment]:
    """Return the full-line comments that end right above the character ``start``, with no empty line between."""
    found: list[Comment] = []
    position = start
    index = bisect_left(starts, start) - 1
    while index >= 0:
        comment = comments[index]
        between = block[comment.end : position]
        if not comment.full_line or between.strip() or between.count("\n") > 1:
            break
        found.append(comment)
        position = comment.start
        index -= 1
    found.reverse()
    return found
