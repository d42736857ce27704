"""Texts that match a PostgreSQL regular expression, made from its parse tree.

PostgreSQL's advanced regular expressions and Python's agree on what CHECK constraints use; where they do not
(look-around, back references), the samples may be wrong. That is harmless: PostgreSQL has the last word on each.
"""

from __future__ import annotations

import re
from re import _constants as sre  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_POSIX_CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": " \\t\\n",
    "blank": " \\t",
    "punct": "!-/:-@\\[-`{-~",
    "xdigit": "0-9A-Fa-f",
    "word": "\\w",
    "print": " -~",
    "graph": "!-~",
}
_CATEGORIES = {
    sre.CATEGORY_DIGIT: "1234567890",
    sre.CATEGORY_WORD: "abcdefghijklmnopqrstuvwxyz1234567890",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_DIGIT: "abcdefghijklmnopqrstuvwxyz",
    sre.CATEGORY_NOT_WORD: "-",
    sre.CATEGORY_NOT_SPACE: "abcdefghijklmnopqrstuvwxyz1234567890",
}
_READABLE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890_- .@/:+#"
_MAX_REPEAT = 24  # an open-ended repeat is never made longer than this beyond its minimum


def _to_python(pattern: str) -> str:
    """Spell the few things that PostgreSQL writes differently the way Python does."""
    pattern = pattern.removeprefix("***:")
    pattern = re.sub(
        r"\[:(\w+):\]", lambda found: _POSIX_CLASSES.get(found.group(1), found.group(0)), pattern
    )  # inside a bracket expression, which supplies the outer brackets
    return re.sub(r"\\([mMy])", r"\\b", pattern)


class _Sampler:
    """Walks a parse tree and writes one text; ``number`` makes the texts differ, ``extra`` lengthens repeats."""

    def __init__(self, number: int, extra: int) -> None:
        self.number = number
        self.extra = extra
        self.drawn = 0
        self.groups: dict[int, str] = {}

    def sequence(self, items: Iterable[tuple[Any, Any]]) -> str:
        return "".join(self.item(operation, argument) for operation, argument in items)

    def item(self, operation: Any, argument: Any) -> str:
        if operation is sre.LITERAL:
            return chr(argument)
        if operation is sre.IN:
            return self.pick(_members(argument))
        if operation is sre.ANY:
            return self.pick("abcdefghijklmnopqrstuvwxyz")
        if operation is sre.NOT_LITERAL:
            return self.pick([char for char in _READABLE if ord(char) != argument])
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, body = argument
            times = min(int(high), int(low) + min(self.extra, _MAX_REPEAT))
            return "".join(self.sequence(body) for _ in range(times))
        if operation is sre.SUBPATTERN:
            group, _, _, body = argument
            text = self.sequence(body)
            if group is not None:
                self.groups[group] = text
            return text
        if operation is sre.BRANCH:
            branches = argument[1]
            return self.sequence(branches[self.number % len(branches)])
        if operation is sre.GROUPREF:
            return self.groups.get(argument, "")
        if operation is sre.ATOMIC_GROUP:
            return self.sequence(argument)
        return ""  # anchors and look-around take no room

    def pick(self, chars: list[str] | str) -> str:
        """Take the next character: the last digits of ``number`` spread over the positions drawn so far."""
        if not chars:
            return ""
        self.drawn += 1
        step = self.number // max(1, len(chars)) if self.drawn % 2 == 0 else self.number
        return chars[(step + (self.drawn if self.number else 0)) % len(chars)] if len(chars) > 1 else chars[0]


def _members(items: list[tuple[Any, Any]]) -> list[str]:
    negated = bool(items) and items[0][0] is sre.NEGATE
    members: list[str] = []
    for operation, argument in items:
        if operation is sre.LITERAL:
            members.append(chr(argument))
        elif operation is sre.RANGE:
            members.extend(chr(code) for code in range(argument[0], min(argument[1], argument[0] + 127) + 1))
        elif operation is sre.CATEGORY:
            members.extend(_CATEGORIES.get(argument, ""))
    if negated:
        return [char for char in _READABLE if char not in members]
    # Letters and digits read better than the signs that a class also allows.
    return sorted(dict.fromkeys(members), key=lambda char: (not char.isalnum(), not char.islower()))


def samples(pattern: str, *, ignore_case: bool = False, count: int = 4) -> list[str]:
    """Return up to ``count`` different texts that match a regular expression, the shortest forms first.

    Args:
        pattern: The regular expression, as PostgreSQL has it.
        ignore_case: Whether it is matched with ``~*``.
        count: How many texts are wanted.

    Returns:
        Texts that Python's engine accepts as well; empty where the pattern cannot be read.
    """
    flags = re.IGNORECASE if ignore_case else 0
    try:
        text = _to_python(pattern)
        compiled = re.compile(text, flags)
        tree = sre_parser.parse(text, flags)
    except (re.error, OverflowError, RecursionError):
        return []
    found: dict[str, None] = {}
    for extra in (2, 0, 1, 4, 7, 11, 20):
        for number in range(count):
            sample = _Sampler(number, extra).sequence(tree)
            if sample not in found and compiled.search(sample):
                found[sample] = None
        if len(found) >= count * 3:
            break
    return list(found)[: count * 3]
