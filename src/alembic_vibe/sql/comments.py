"""Comments around and inside a statement, and the annotations among them."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic_vibe.sql.statement import Annotation
from alembic_vibe.sql.tree import elements

if TYPE_CHECKING:
    from alembic_vibe.source import Span

_INSTRUCTION = re.compile(r"(?P<name>renamed\s+from|backfill|convert)\s*:\s*(?P<value>.*)", re.IGNORECASE)
_VIBE = re.compile(r"vibe\s*:\s*(?P<verb>\S+)\s*(?P<value>.*)", re.IGNORECASE)


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


def read_annotation(text: str, span: Span, target: str = "") -> Annotation | None:
    """Return the annotation that a comment is, ``None`` for an ordinary comment.

    ``-- vibe: ignore AV250 reason`` is named "ignore"; any other ``-- vibe:`` keeps its own verb as its name.
    """
    if match := _INSTRUCTION.match(text):
        name = " ".join(match["name"].lower().split())
        return Annotation(name, match["value"].strip(), span, target)
    if match := _VIBE.match(text):
        return Annotation(match["verb"].lower().rstrip(":"), match["value"].strip(), span, target)
    return None


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


def target_of(comment: Comment, node_type: str, node: dict[str, Any], start: int, text: str) -> str:
    """Return the column or constraint that a comment inside a statement stands beside (same line) or above."""
    places = []
    for kind, element in elements(node_type, node):
        name = element.get("colname" if kind == "ColumnDef" else "conname", "")
        offset = element.get("location", 0)
        places.append((start + (offset if text.isascii() else len(text.encode()[:offset].decode())), name))
    if comment.full_line:
        return next((name for place, name in sorted(places) if place > comment.start), "")
    return next((name for place, name in sorted(places, reverse=True) if place < comment.start), "")
