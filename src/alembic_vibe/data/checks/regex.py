"""PostgreSQL's regular expressions, read into a tree.

The manual, "POSIX Regular Expressions": advanced regular expressions as CHECKs use them. What cannot be matched in
bounded time by an automaton (back references, look-around, word boundaries), or is spelt in a rarer way, is not
understood, and the CHECK is left to the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPEAT_LIMIT = 255  # manual, "Regular Expression Quantifiers"
_LONGEST_PATTERN = 2000
_DEEPEST = 40

_LOWER, _UPPER, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SPACE = " \t\n\v\f\r"
_CLASSES = {
    "alpha": _LOWER + _UPPER,
    "digit": _DIGITS,
    "alnum": _LOWER + _UPPER + _DIGITS,
    "upper": _UPPER,
    "lower": _LOWER,
    "space": _SPACE,
    "blank": " \t",
    "punct": _PUNCTUATION,
    "xdigit": _DIGITS + "abcdefABCDEF",
    "word": _LOWER + _UPPER + _DIGITS + "_",
    "graph": _LOWER + _UPPER + _DIGITS + _PUNCTUATION,
    "print": _LOWER + _UPPER + _DIGITS + _PUNCTUATION + " ",
}
_SHORTHANDS = {"d": _DIGITS, "s": _SPACE, "w": _CLASSES["word"]}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b", "b": "\b"}
_QUANTIFIER = re.compile(r"([*+?]|\{(\d+)(,?)(\d*)\})\??")


class UnreadableError(Exception):
    """The pattern is not understood."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character: of ``ranges`` of code points, or of none of them."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False

    def has(self, code: int) -> bool:
        """Whether a character is one of these."""
        return any(low <= code <= high for low, high in self.ranges) is not self.negated


@dataclass(frozen=True, slots=True)
class Edge:
    """The start (``^``) or the end (``$``) of the text."""

    end: bool


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of them."""

    branches: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Some times; ``most`` is ``None`` for any number."""

    body: Node
    least: int
    most: int | None


Node = Chars | Edge | Sequence | Either | Repeat


@dataclass(frozen=True, slots=True)
class Regex:
    """A pattern. ``ascii_only``: what it does with other characters depends on the locale."""

    tree: Node
    ascii_only: bool


def read(pattern: str, *, ignore_case: bool = False) -> Regex:
    """Read a pattern as PostgreSQL's ``~`` does, or ``~*``.

    Raises:
        UnreadableError: It is not understood, or too large.
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise UnreadableError
    if pattern.startswith("***:"):
        pattern = pattern[4:]
    elif pattern.startswith("***"):
        raise UnreadableError
    if pattern.startswith("(?i)"):
        pattern, ignore_case = pattern[4:], True
    reader = _Reader(pattern, ignore_case=ignore_case)
    tree = reader.either(0)
    if reader.position < len(pattern):
        raise UnreadableError
    return Regex(tree, ignore_case or reader.classes)


class _Reader:
    def __init__(self, pattern: str, *, ignore_case: bool) -> None:
        self.pattern = pattern
        self.position = 0
        self.ignore_case = ignore_case
        self.classes = False  # whether a class of characters was used, which depends on the locale

    def either(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise UnreadableError
        branches = [self.sequence(depth)]
        while self.pattern[self.position : self.position + 1] == "|":
            self.position += 1
            branches.append(self.sequence(depth))
        return branches[0] if len(branches) == 1 else Either(tuple(branches))

    def sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.position < len(self.pattern) and self.pattern[self.position] not in "|)":
            parts.append(self.quantified(self.atom(depth)))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def quantified(self, body: Node) -> Node:
        found = _QUANTIFIER.match(self.pattern, self.position)
        if found is None:
            return body
        if isinstance(body, Edge):  # an error in PostgreSQL
            raise UnreadableError
        self.position = found.end()
        sign, least, comma, most = found.groups()
        if _QUANTIFIER.match(self.pattern, self.position):
            raise UnreadableError
        if sign in "*+?":
            return Repeat(body, 1 if sign == "+" else 0, 1 if sign == "?" else None)
        low, high = int(least), int(most) if most else None if comma else int(least)
        if max(low, high or 0) > _REPEAT_LIMIT or (high is not None and high < low):
            raise UnreadableError
        return Repeat(body, low, high)

    def atom(self, depth: int) -> Node:
        char = self.pattern[self.position]
        self.position += 1
        if char == "(":
            if self.pattern.startswith("?:", self.position):
                self.position += 2
            elif self.pattern.startswith("?", self.position):
                raise UnreadableError
            body = self.either(depth + 1)
            if self.pattern[self.position : self.position + 1] != ")":
                raise UnreadableError
            self.position += 1
            return Sequence((body,)) if isinstance(body, Edge) else body
        if char == "[":
            return self.bracket()
        if char == "\\":
            return self.escape()
        if char == ".":
            return Chars((), negated=True)
        if char in "^$":
            return Edge(end=char == "$")
        if char in "*+?" or (char == "{" and self.pattern[self.position : self.position + 1].isdigit()):
            raise UnreadableError
        return self.chars([(ord(char), ord(char))])

    def escape(self) -> Node:
        char = self.next()
        if char in "AZ":
            return Edge(end=char == "Z")
        if char.lower() in _SHORTHANDS:
            self.classes = True
            return Chars(_singles(_SHORTHANDS[char.lower()]), negated=char.isupper())
        code = self.escaped(char)
        return self.chars([(code, code)])

    def escaped(self, char: str) -> int:
        if char == "u":
            digits = self.pattern[self.position : self.position + 4]
            if not re.fullmatch("[0-9a-fA-F]{4}", digits):
                raise UnreadableError
            self.position += 4
            return int(digits, 16)
        if char in _ESCAPES:
            return ord(_ESCAPES[char])
        if char.isalnum():
            raise UnreadableError
        return ord(char)

    def next(self) -> str:
        char = self.pattern[self.position : self.position + 1]
        if not char:
            raise UnreadableError
        self.position += 1
        return char

    def bracket(self) -> Node:
        negated = self.pattern.startswith("^", self.position)
        self.position += negated
        ranges: list[tuple[int, int]] = []
        first = True
        while True:
            char = self.next()
            if char == "]" and not first:
                break
            first = False
            members = self.members(char)
            if self.pattern[self.position : self.position + 1] == "-" and self.pattern[
                self.position + 1 : self.position + 2
            ] not in {"]", ""}:
                self.position += 1
                last = self.members(self.next())
                if len(members) != 1 or len(last) != 1 or members[0][0] != members[0][1] or last[0][0] != last[0][1]:
                    raise UnreadableError
                members = [(members[0][0], last[0][0])]
                if members[0][0] > members[0][1]:
                    raise UnreadableError
            ranges += members
        return self.chars(ranges, negated=negated)

    def members(self, char: str) -> list[tuple[int, int]]:
        if char == "[" and self.pattern[self.position : self.position + 1] in {":", ".", "="}:
            end = self.pattern.find(":]", self.position + 1)
            name = self.pattern[self.position + 1 : end] if end > 0 else ""
            if self.pattern[self.position] != ":" or name not in _CLASSES:
                raise UnreadableError
            self.position = end + 2
            self.classes = True
            return list(_singles(_CLASSES[name]))
        if char == "\\":
            char = self.next()
            if char in _SHORTHANDS:
                self.classes = True
                return list(_singles(_SHORTHANDS[char]))
            code = self.escaped(char)
            return [(code, code)]
        return [(ord(char), ord(char))]

    def chars(self, ranges: list[tuple[int, int]], *, negated: bool = False) -> Chars:
        if self.ignore_case:
            for low, high in list(ranges):
                ranges += _swapped(low, high, _LOWER, -32)
                ranges += _swapped(low, high, _UPPER, 32)
        return Chars(tuple(sorted(set(ranges))), negated)


def _swapped(low: int, high: int, letters: str, distance: int) -> list[tuple[int, int]]:
    first, last = max(low, ord(letters[0])), min(high, ord(letters[-1]))
    return [(first + distance, last + distance)] if first <= last else []


def _singles(letters: str) -> tuple[tuple[int, int], ...]:
    return tuple((ord(char), ord(char)) for char in letters)


def from_like(pattern: str) -> str:
    """Return the regular expression that says the same as a pattern of LIKE.

    Raises:
        UnreadableError: The pattern ends with its escape character.
    """
    parts = []
    i = 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\\":
            i += 1
            if i >= len(pattern):
                raise UnreadableError
            parts.append(quote(pattern[i]))
        else:
            parts.append({"%": ".*", "_": "."}.get(char) or quote(char))
        i += 1
    return "^" + "".join(parts) + "$"


def quote(text: str) -> str:
    """Return a regular expression that matches exactly this text."""
    return "".join("\\" + char if char in "\\^$.|?*+()[]{}" else char for char in text)
