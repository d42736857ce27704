"""Texts that match the pattern of a CHECK, drawn from a number: for columns that take nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.data.checks.regex import Chars, Either, Repeat, Sequence, UnreadableError, read
from alembic_vibe.subset.masking.drawing import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.data.checks.regex import Node
    from alembic_vibe.data.model import Pattern

_READABLE = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. "
_OPEN = 3  # what a repeat without an end gets beyond its least; more with each attempt
_LONGEST = 2000
_SPREAD = 4096


def readable(patterns: Iterable[Pattern]) -> list[Node]:
    """Return the trees of the patterns that a text must match and that are understood."""
    found = []
    for pattern in patterns:
        if not pattern.negated:
            try:
                found.append(read(pattern.regex, ignore_case=pattern.ignore_case).tree)
            except UnreadableError:
                continue
    return found


def text_like(tree: Node, number: int, attempt: int) -> str:
    """Return a text that a pattern very likely matches; anchors within it are not looked at.

    Args:
        tree: The pattern.
        number: What is drawn from; another number gives another text.
        attempt: From 0; later ones are longer.
    """
    return "".join(_write(tree, iter(stream(number, 2 * _SPREAD)), _OPEN + attempt * attempt))[:_LONGEST]


def _write(node: Node, drawn: Iterator[int], most: int) -> Iterator[str]:
    if isinstance(node, Chars):
        yield _char(node, drawn)
    elif isinstance(node, Sequence):
        for part in node.parts:
            yield from _write(part, drawn, most)
    elif isinstance(node, Either):
        yield from _write(node.branches[_below(len(node.branches), drawn)], drawn, most)
    elif isinstance(node, Repeat):
        high = node.least + most if node.most is None else min(node.most, node.least + most)
        for _ in range(node.least + _below(high - node.least + 1, drawn)):
            yield from _write(node.body, drawn, most)


def _char(node: Chars, drawn: Iterator[int]) -> str:
    if node.negated:
        fitting = [char for char in _READABLE if node.has(ord(char))]
        return fitting[_below(len(fitting), drawn)] if fitting else ""
    sizes = [high - low + 1 for low, high in node.ranges]
    place = _below(sum(sizes), drawn)
    for (low, _), size in zip(node.ranges, sizes, strict=True):
        if place < size:
            return chr(low + place)
        place -= size
    return ""


def _below(limit: int, drawn: Iterator[int]) -> int:
    return (next(drawn, 0) << 8 | next(drawn, 0)) % limit if limit > 1 else 0
