"""Free text, and bytes."""

from __future__ import annotations

from functools import cache

from alembic_vibe.subset.masking.drawing import stream, tail
from alembic_vibe.subset.masking.model import Form, Mask

_WORDS = (
    "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do", "eiusmod", "tempor",
    "incididunt", "ut", "labore", "et", "dolore", "magna", "aliqua", "enim", "ad", "minim", "veniam", "quis",
    "nostrud", "exercitation", "ullamco", "laboris", "nisi", "aliquip", "ex", "ea", "commodo", "consequat", "duis",
    "aute", "irure", "in", "reprehenderit", "voluptate", "velit", "esse", "cillum", "eu", "fugiat", "nulla",
    "pariatur", "excepteur", "sint", "occaecat", "cupidatat", "non", "proident", "sunt", "culpa", "qui", "officia",
    "deserunt", "mollit", "anim", "id", "est", "laborum",
)  # fmt: skip
_SHORT = 16  # characters with less than this have no room for sixty bits and words
_FEW = 8  # bytes with less than this have no room for sixty bits
_SAME_LENGTH = 256  # bytes up to this length keep it


@cache
def _tape() -> tuple[str, tuple[int, ...]]:
    """A long text of these words, and where its words start."""
    drawn = stream(1, 4096)
    words = [_WORDS[byte % len(_WORDS)] for byte in drawn]
    starts, position = [], 0
    for word in words:
        starts.append(position)
        position += len(word) + 1
    return " ".join(words) + " ", tuple(starts)


def _lorem(number: int, length: int) -> str:
    """As many characters of words; where they begin is drawn twice."""
    tape, starts = _tape()
    number, first = divmod(number, len(_WORDS))
    number, second = divmod(number, len(_WORDS))
    start = starts[number % len(starts)]
    text = f"{_WORDS[first].capitalize()} {_WORDS[second]} {tape[start : start + length]}"
    while len(text) < length:
        text += tape
    text = text[:length]
    return text[:-1] + "." if text.endswith(" ") else text


def _text(number: int, original: str) -> str:
    return _lorem(number, len(original))


def _unique_text(number: int, original: str) -> str:
    """Sixty bits at the end of it; too short a text is left to the permutation within its form."""
    length = len(original)
    return f"{_lorem(number >> 64, length - 13)} {tail(number)}" if length >= _SHORT else original


def _bytes(number: int, original: str) -> str:
    size = max(len(original) // 2 - 1, 0)
    if size < _FEW:
        return original
    return "\\x" + stream(number, min(size, _SAME_LENGTH)).hex()


def _long_bytes(number: int, original: str) -> str:
    size = max(len(original) // 2 - 1, 0)
    return "\\x" + stream(number, size).hex() if size >= _FEW else original


MASKS = (
    Mask("text", frozenset({"text"}), (Form(_text, 12), Form(_unique_text, 60))),
    Mask("bytes", frozenset({"bytea"}), (Form(_bytes, 60), Form(_long_bytes, 60))),
)
