"""Remembers what must not be found in the output: originals of masked columns, as hashes of eight bytes."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from heapq import merge
from typing import TYPE_CHECKING

from alembic_vibe.subset.masking.looks import mask_by_looks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.subset.masking.scalar import ScalarMask

_BUFFER = 100_000
_WORDS_LENGTH = 12  # a text this long, or one with digits or signs, is hardly in two places by chance
_SHORTEST = 5
_SIGNS = re.compile(r"[@\d:]")  # nothing particular is without any of these
_PARTICULAR = frozenset({"email", "phone", "ip", "mac", "url"})


class Hashes:
    """A large set of texts, of which only hashes are kept, eight bytes each. Python's hash has a random key."""

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._sorted: list[array[int]] = []

    def add(self, text: str) -> None:
        """Remember a text."""
        self._new.add(hash(text))
        if len(self._new) >= _BUFFER:
            self._settle()

    def _settle(self) -> None:
        self._sorted.append(array("q", sorted(self._new)))
        self._new = set()
        if len(self._sorted) > 8:
            self._sorted = [array("q", merge(*self._sorted))]

    def __contains__(self, text: str) -> bool:
        """Whether a text was added."""
        number = hash(text)
        if number in self._new:
            return True
        for numbers in self._sorted:
            place = bisect_left(numbers, number)
            if place < len(numbers) and numbers[place] == number:
                return True
        return False


class Originals:
    """What was masked. ``certain`` texts are a leak wherever they are found, ``likely`` ones may be there by chance.

    ``masks`` are what took their places.
    """

    def __init__(self) -> None:
        self.certain, self.likely, self.masks = Hashes(), Hashes(), Hashes()

    def watch(self, mask: ScalarMask) -> None:
        """Be told of every value that a mask sees."""
        mask.note = self.note

    def note(self, original: str, masked: str | None, *, distinctive: bool) -> None:
        """Remember a value and its mask, if the value says something."""
        if masked is not None:  # of a short original too: it may be the original of somebody else
            self.masks.add(normal(masked))
        if len(original) < _SHORTEST:
            return
        if distinctive or (_SIGNS.search(original) and mask_by_looks(original.strip()) in _PARTICULAR):
            self.certain.add(normal(original))
        elif says_something(original):
            self.likely.add(normal(original))

    def removed(self, values: Iterable[str | None]) -> None:
        """Remember values that were replaced by nothing of their own."""
        for value in values:
            if value is not None:
                self.note(value, None, distinctive=False)


def normal(text: str) -> str:
    """Return a text as it is compared: without regard to case and the space around it."""
    return text.strip().lower()


def says_something(text: str) -> bool:
    """Whether a text is so particular that it is hardly in two columns by chance.

    Twelve characters, or six with a digit among them that are no plain number of up to six; not words like ``active``.
    """
    text = text.strip()
    if len(text) >= _WORDS_LENGTH:
        return True
    return len(text) > _SHORTEST and any(map(str.isdigit, text)) and not (text.isdigit() and len(text) <= _SHORTEST + 1)
