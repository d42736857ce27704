"""Recognises the blanks of a template that nobody has filled in: ``{Feature Name}``, ``[A / B / C]``, ``TBD``.

Works on prose. SQL has braces and brackets of its own (``'{}'``, ``integer[]``): ask for ``braces_only`` there, and
look outside string literals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class PlaceholderKind(StrEnum):
    """How a blank is written."""

    BRACE = "brace"  # {feature_entity_table}
    CHOICE = "choice"  # [Read replicas / Horizontal partitioning]
    BRACKET = "bracket"  # a whole value such as [From Section 3.X.7 Data Models]
    TBD = "tbd"  # a whole value such as TBD


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One blank: its text with the brackets, and where it is in the text that was searched."""

    text: str
    start: int
    end: int
    kind: PlaceholderKind

    @property
    def choices(self) -> tuple[str, ...]:
        """The alternatives that a choice offers, in order."""
        if self.kind is not PlaceholderKind.CHOICE:
            return ()
        return tuple(choice.strip() for choice in re.split(r"\s+/\s+|\s*\|\s*", self.text[1:-1]))


# One to six words: longer runs in braces are code or prose, and quotes, colons or commas mean JSON or an array. After
# a slash it is a variable of a path, such as /orders/{id}.
_BRACE = re.compile(r"(?<![$#{/\\])\{[A-Za-z][\w-]*(?: [\w-]+){0,5}\}(?!\})")
# A link or a footnote is followed by "(", "[" or ":"; a task list's box has no words.
_CHOICE = re.compile(r"\[[^\[\]\n]*[^\s\[\]](?:\s+/\s+|\s*\|\s*)[^\s\[\]][^\[\]\n]*\](?![(\[:])")
_BRACKET = re.compile(r"\s*(\[[A-Za-z][^\[\]\n]*\])[.\s]*")
_CODE = re.compile(r"`[^`]+`")
_TBD = re.compile(r"\s*(?:[\[(<]?\s*)((?:TBD|TODO|TBC|FIXME|XXX|to be (?:decided|defined|done)))\b.*", re.IGNORECASE)


def find_placeholders(text: str, *, braces_only: bool = False) -> tuple[Placeholder, ...]:
    """Return the blanks in ``text``, in order and without overlaps.

    In prose, what stands between backticks is code and has no blanks.
    """
    if not braces_only:
        text = _CODE.sub(lambda match: "`" * len(match[0]), text)
    found = [_make(match, PlaceholderKind.BRACE) for match in _BRACE.finditer(text)]
    if not braces_only:
        found += [_make(match, PlaceholderKind.CHOICE) for match in _CHOICE.finditer(text)]
        if not found and (whole := _BRACKET.fullmatch(text)):
            found.append(_make(whole, PlaceholderKind.BRACKET, group=1))
        if not found and (whole := _TBD.fullmatch(text)):
            found.append(_make(whole, PlaceholderKind.TBD, group=1))
    found.sort(key=lambda placeholder: (placeholder.start, -placeholder.end))
    kept: list[Placeholder] = []
    for placeholder in found:
        if not kept or placeholder.start >= kept[-1].end:
            kept.append(placeholder)
    return tuple(kept)


def _make(match: re.Match[str], kind: PlaceholderKind, group: int = 0) -> Placeholder:
    return Placeholder(match[group], match.start(group), match.end(group), kind)
