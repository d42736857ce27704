"""Texts that keep their form: letters stay letters, digits stay digits, everything else stays as it is.

The texts of one form are permuted among themselves, so different texts get different masks for certain, however short
they are. No text is its own mask: the permutation is ``T⁻¹(T(x) + c)`` with ``c ≠ 0``, where ``T`` is a Feistel network
over two halves of mixed radix (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002); of small sets it is a
random cycle through all of them.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from alembic_vibe.subset.masking.drawing import stream

if TYPE_CHECKING:
    from alembic_vibe.subset.masking.drawing import Drawer

Mode = Literal["form", "number", "hex"]

_DIGITS = "0123456789"
_HEX = "0123456789abcdef"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_SMALL = 2048  # a set that is shuffled as a whole
_ROUNDS = 4
_CHUNK = 64
_BLOCK = 128  # beyond ASCII a character stays among its neighbours of the same category


@lru_cache(maxsize=4096)
def _alphabet(char: str) -> str:
    """What may take the place of a character (in lower case, if it is ASCII); empty if it has to stay."""
    if char in _DIGITS:
        return _DIGITS
    if char in _LOWER:
        return _LOWER
    if char < "\x80":
        return ""
    category = unicodedata.category(char)
    if category[0] not in "LNS":
        return ""
    start = ord(char) // _BLOCK * _BLOCK
    return "".join(c for c in map(chr, range(start, start + _BLOCK)) if unicodedata.category(c) == category)


def _of_form(text: str) -> list[str]:
    return [_alphabet(char) for char in text]


def _of_number(text: str) -> list[str]:
    mantissa = text.partition("e")[0]
    alphabets = [_DIGITS if char in _DIGITS else "" for char in mantissa]
    first = next((i for i, alphabet in enumerate(alphabets) if alphabet), None)
    if first is not None:
        alphabets[first] = "123456789" if text[first] != "0" else ""
    return alphabets + [""] * (len(text) - len(mantissa))


def _of_hex(text: str) -> list[str]:
    return [_HEX if char in _HEX else "" for char in text]


_ALPHABETS = {"form": _of_form, "number": _of_number, "hex": _of_hex}


class Permuter:
    """Permutes texts within their form, by a key. ``domain`` tells one permutation from another."""

    def __init__(self, drawer: Drawer, domain: str) -> None:
        self._drawer, self._domain = drawer, domain
        self._cycles: dict[str, list[int]] = {}

    def permute(self, text: str, mode: Mode = "form") -> str:
        """Return another text of the same form; the text itself if there is nothing in it to permute.

        Args:
            text: What is masked; case is set aside, so texts that differ in case alone get such masks.
            mode: "form": letters, digits and symbols. "number": digits before an exponent, and what does not begin with
                zero will not. "hex": hexadecimal digits.
        """
        lowered = text if mode == "number" else "".join(c.lower() if c < "\x80" else c for c in text)
        alphabets = _ALPHABETS[mode](lowered)
        places = [i for i, a in enumerate(alphabets) if len(a) > 1]
        if not places:
            return text
        radixes = [len(alphabets[i]) for i in places]
        indexes = [alphabets[i].index(lowered[i]) for i in places]
        form = "".join(a[0] if len(a) > 1 else c for a, c in zip(alphabets, lowered, strict=True))
        found: list[int] = []
        for start in range(0, len(places), _CHUNK):  # arithmetic on long numbers is slow
            part = slice(start, start + _CHUNK)
            found += self._indexes(f"{form if start == 0 else start}", radixes[part], indexes[part])
        chars = list(text)
        for i, index in zip(places, found, strict=True):
            char = alphabets[i][index]
            chars[i] = char.upper() if "A" <= text[i] <= "Z" else char
        return "".join(chars)

    def _indexes(self, form: str, radixes: list[int], indexes: list[int]) -> list[int]:
        size = 1
        for radix in radixes:
            size *= radix
            if size > _SMALL:
                break
        else:
            return _split(self._cycle(form, size)[_join(radixes, indexes)], radixes)
        middle = (len(radixes) + 1) // 2
        lefts, rights = radixes[:middle], radixes[middle:]
        left, right = _join(lefts, indexes[:middle]), _join(rights, indexes[middle:])
        a, b = _product(lefts), _product(rights)
        for number in range(_ROUNDS):
            if number % 2:
                right = (right + self._draw(form, number, left, b)) % b
            else:
                left = (left + self._draw(form, number, right, a)) % a
        left = (left + 1 + self._draw(form, -1, 0, a) % (a - 1)) % a
        for number in reversed(range(_ROUNDS)):
            if number % 2:
                right = (right - self._draw(form, number, left, b)) % b
            else:
                left = (left - self._draw(form, number, right, a)) % a
        return _split(left, lefts) + _split(right, rights)

    def _draw(self, form: str, number: int, half: int, size: int) -> int:
        """Return a number that is spread over a half, however large."""
        drawn = self._drawer.number(f"permute {self._domain} {number}", f"{form}\0{half:x}")
        if size >> 192:
            return int.from_bytes(stream(drawn, size.bit_length() // 8 + 8), "big")
        return drawn

    def _cycle(self, form: str, size: int) -> list[int]:
        """For each index the one that follows it in a random cycle through all (Sattolo's algorithm)."""
        cycle = self._cycles.get(form)
        if cycle is None:
            cycle = list(range(size))
            drawn = stream(self._drawer.number(f"cycle {self._domain}", form), 8 * size)
            for i in range(size - 1, 0, -1):
                j = int.from_bytes(drawn[8 * i : 8 * i + 8], "big") % i
                cycle[i], cycle[j] = cycle[j], cycle[i]
            if len(self._cycles) > 200:
                self._cycles.clear()
            self._cycles[form] = cycle
        return cycle


def _product(radixes: list[int]) -> int:
    size = 1
    for radix in radixes:
        size *= radix
    return size


def _join(radixes: list[int], indexes: list[int]) -> int:
    number = 0
    for radix, index in zip(radixes, indexes, strict=True):
        number = number * radix + index
    return number


def _split(number: int, radixes: list[int]) -> list[int]:
    indexes = []
    for radix in reversed(radixes):
        number, index = divmod(number, radix)
        indexes.append(index)
    return indexes[::-1]
