"""What every mask is drawn from: HMAC-SHA256 of the value under the key of the run (RFC 2104)."""

from __future__ import annotations

import hmac
from hashlib import sha256, shake_256

_PURPOSE = b"alembic-vibe subset: masks"
_HASH_BLOCK = 64
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # without l, o, 0 and 1, which look alike
_PAIRS = tuple(a + b for a in _LETTERS for b in _LETTERS)


class Drawer:
    """Draws numbers for texts: the same for the same text, key and domain, and for nobody without the key."""

    def __init__(self, key: bytes) -> None:
        """Take a key of any length and form; it is hashed, never kept as it is."""
        own = hmac.digest(_PURPOSE, key, "sha256").ljust(_HASH_BLOCK, b"\0")
        # What HMAC hashes first and last; copies of these are twice as fast as starting anew.
        self._inner = sha256(bytes(byte ^ 0x36 for byte in own))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in own))

    def __repr__(self) -> str:
        """Say nothing of the key."""
        return "Drawer()"

    def number(self, domain: str, text: str) -> int:
        """Return 256 bits for a text. ``surrogatepass``: whatever the caller has is a text."""
        message = f"{domain}\0{text}".encode("utf-8", "surrogatepass")
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return int.from_bytes(outer.digest(), "big")


def stream(number: int, length: int) -> bytes:
    """Return as many bytes as wanted that a drawn number gives."""
    return shake_256(number.to_bytes(32, "big")).digest(length)


def tail(number: int, pairs: int = 6) -> str:
    """Return two characters for every ten bits of a number: twelve of them are sixty bits."""
    text = ""
    for _ in range(pairs):
        number, pair = divmod(number, 1024)
        text += _PAIRS[pair]
    return text


def word(number: int, length: int = 13) -> str:
    """Return a made-up word of letters alone: 4.7 bits each."""
    letters = []
    for _ in range(length):
        number, letter = divmod(number, 26)
        letters.append(chr(97 + letter))
    return "".join(letters)
