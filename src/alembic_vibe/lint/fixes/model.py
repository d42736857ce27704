"""What a repair is made of: edits of a source text, and revisions that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from alembic_vibe.diagnostics import Diagnostic


class Refusal(Exception):  # noqa: N818 - it is no error: a finding is left alone, and this is why
    """Why a finding is left alone, in a few words."""


class Edit(NamedTuple):
    """A range of a text, in character offsets, and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A revision that is to come right after the one that is repaired.

    Statements are Python, first lines without indentation; each runs by itself in an autocommit block, between
    ``before`` and ``after``. ``imports`` are lines beside those of ``op`` and ``sa``.
    """

    title: str
    upgrade: tuple[str, ...]
    downgrade: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()


@dataclass
class Plan:
    """What one kind of repair does to one revision, and which findings it leaves alone, with the reasons."""

    edits: list[Edit] = field(default_factory=list)
    follow_up: FollowUp | None = None
    solved: list[Diagnostic] = field(default_factory=list)
    left: list[tuple[Diagnostic, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Repair:
    """A whole repair. ``files`` are new texts by path relative to ``root``; ``added`` those of them that are new."""

    root: Path
    files: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    solved: tuple[Diagnostic, ...] = ()
    left: tuple[tuple[Diagnostic, str], ...] = ()


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits carried out; insertions at one place keep their order.

    Raises:
        Refusal: Two of them overlap.
    """
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < position:
            raise Refusal("two repairs reach into each other")
        parts += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join((*parts, text[position:]))
