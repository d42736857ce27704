"""Texts that match a regular expression, each made from a number, so that different numbers give different texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.automaton import matcher
from alembic_vibe.data.checks.regex import Chars, Either, Node, Repeat, Sequence, UnreadableError, read

if TYPE_CHECKING:
    from random import Random

    from alembic_vibe.data.model import Domain, Value

_ALPHABETS = ("abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "0123456789")
_RARE = "-_.:/@+ #!%&=?*,;~^$|()[]{}<>'\"`\\"
_LENGTHS = (8, 6, 12, 4, 3, 2, 1, 20, 40)  # of what may be repeated as often as one likes, the best first
_TRIES = 40
_MOST = 2**60
_MIXERS = (6364136223846793005, 2862933555777941757, 1000003, 65537, 1)


@lru_cache(maxsize=4096)
def _alphabet(chars: Chars, position: int) -> str:
    """Return the characters to choose from: plain letters of one case where there are any, letters first."""
    for alphabet in _ALPHABETS:
        found = "".join(char for char in alphabet if chars.has(ord(char)))
        if found:
            letters = found.rstrip("0123456789")
            return letters if position == 0 and letters else found
    return "".join(char for char in _RARE if chars.has(ord(char)))


def _size(node: Node, length: int) -> int:
    """Return how many texts there are, at most."""
    if isinstance(node, Chars):
        return len(_alphabet(node, 0)) or 1
    if isinstance(node, Sequence):
        product = 1
        for part in node.parts:
            product = min(_MOST, product * _size(part, length))
        return product
    if isinstance(node, Either):
        return sum(_size(branch, length) for branch in node.branches)
    if isinstance(node, Repeat):
        size: int = _size(node.body, length) ** min(12, _times(node, length))
        return min(_MOST, size)
    return 1


def _times(node: Repeat, length: int) -> int:
    if not isinstance(node.body, Chars):
        return node.least
    least = max(node.least, 1 if node.most is None or node.most > 1 else 0)
    wanted = max(least, length)
    return wanted if node.most is None else min(wanted, node.most)


def _write(node: Node, number: int, length: int, texts: list[str]) -> int:
    """Add the text for a number; return what is left of the number."""
    if isinstance(node, Chars):
        alphabet = _alphabet(node, 0 if not texts else 1)
        number, rest = divmod(number, len(alphabet) or 1)
        texts.append(alphabet[rest : rest + 1])
    elif isinstance(node, Sequence):
        for part in node.parts:
            number = _write(part, number, length, texts)
    elif isinstance(node, Either):
        number, rest = divmod(number, len(node.branches))
        number = _write(node.branches[rest], number, length, texts)
    elif isinstance(node, Repeat):
        for _ in range(_times(node, length)):
            number = _write(node.body, number, length, texts)
    return number


@dataclass(slots=True)
class Patterned:
    """Texts of one pattern; ``capacity`` is how many there are, about."""

    tree: Node
    length: int
    capacity: int | None
    unique: bool
    size: int
    step: int  # has no divisor in common with the size: multiples of it meet every number below the size once

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return texts for the rows from number ``first`` on."""
        if self.unique:
            return [
                self._text((number * self.step + self.size // 3) % self.size) for number in range(first, first + count)
            ]
        return [self._text(int(random.random() * self.size)) for _ in range(count)]

    def _text(self, number: int) -> str:
        texts: list[str] = []
        _write(self.tree, number, self.length, texts)
        return "".join(texts)


def patterned(domain: Domain, *, unique: bool) -> Patterned | None:
    """Return what makes texts that satisfy all patterns and lengths of a domain, or ``None`` if none is found."""
    shown = [pattern for pattern in domain.patterns if not pattern.negated]
    for pattern in shown:
        try:
            tree = read(pattern.regex, ignore_case=pattern.ignore_case).tree
        except UnreadableError:
            continue
        for length in _LENGTHS:
            size = _size(tree, length)
            step = next(mixer for mixer in _MIXERS if gcd(mixer, size) == 1)
            made = Patterned(tree, length, None if size >= 10**9 else size, unique, size, step)
            if all(fits(domain, made._text(number * 7919 % size)) for number in range(_TRIES)):
                return made
    return None


def fits(domain: Domain, text: str) -> bool:
    """Whether a text has the lengths, the case and the patterns of a domain."""
    if domain.longest is not None and len(text) > domain.longest:
        return False
    if domain.shortest is not None and len(text) < domain.shortest:
        return False
    if (domain.letters == "lower" and text != text.lower()) or (domain.letters == "upper" and text != text.upper()):
        return False
    for pattern in domain.patterns:
        found = matcher(pattern.regex, ignore_case=pattern.ignore_case)
        if found is not None and found.matches(text) is pattern.negated:
            return False
    return True
