"""What a reader needs besides the tree: how names resolve, how types are spelled, the text of an expression."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.actions import Expression, Type
from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import QualifiedName, relation_name, strings, type_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.sql.tree import Node

TEMPORARY = "pg_temp"

_SERIAL = {
    "smallserial": "int2",
    "serial2": "int2",
    "serial": "int4",
    "serial4": "int4",
    "bigserial": "int8",
    "serial8": "int8",
}
_FULL_RANGE = 0x7FFF  # what the grammar gives an interval without fields
_FOR_VALUES = re.compile(r"\bfor\s+values\s+$", re.IGNORECASE)
_DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}


class Context:
    """One statement: the text in which the tree's places count, where it ends, and the schema of plain names."""

    def __init__(self, text: str, end: int | None = None, search_path: str = "public") -> None:
        self.text = text
        self.end = len(text) if end is None else end
        self.search_path = search_path

    # -- names -------------------------------------------------------------------------------------------------------

    def resolve(self, name: QualifiedName) -> QualifiedName:
        """Return the name with a schema: what begins with ``pg_`` is the system's, the rest is in the search path."""
        if name.schema:
            return QualifiedName(TEMPORARY, name.name) if name.schema.startswith("pg_temp") else name
        return QualifiedName("pg_catalog" if name.name.startswith("pg_") else self.search_path, name.name)

    def created(self, name: QualifiedName) -> QualifiedName:
        """Return the name of something new: the search path alone counts."""
        return name if name.schema else QualifiedName(self.search_path, name.name)

    def relation(self, node: Node | None) -> QualifiedName:
        """Return the resolved name of a RangeVar body."""
        if node and node.get("relpersistence") == "t":
            return QualifiedName(TEMPORARY, node.get("relname", ""))
        return self.resolve(relation_name(node))

    def index_of(self, node: Node | None, name: str) -> QualifiedName:
        """Return the name of an index that is spelled without a schema beside its table."""
        return QualifiedName(self.relation(node).schema, name)

    # -- types -------------------------------------------------------------------------------------------------------

    def type(self, node: Node | None) -> Type:
        """Return the type that a TypeName body spells; serial types as the integers that they are."""
        node = node or {}
        name = type_name(node)
        if name.schema == self.search_path:
            name = QualifiedName("", name.name)
        is_array = bool(node.get("arrayBounds"))
        if not name.schema and len(name.name) > 1 and name.name[0] == "_":
            name, is_array = QualifiedName("", name.name[1:]), True
        if not name.schema and name.name in _SERIAL:
            name = QualifiedName("", _SERIAL[name.name])
        numbers, words = [], []
        for item in node.get("typmods", ()):
            constant = item.get("A_Const", {})
            if "ival" in constant:
                numbers.append(int(constant["ival"].get("ival", 0)))
            else:
                words += [body["sval"] for _, body in walk(item) if isinstance(body.get("sval"), str)]
        if name.name == "interval" and numbers:
            fields = numbers.pop(0)
            words = [] if fields == _FULL_RANGE else [str(fields)]
        if name.name == "numeric" and len(numbers) == 1:
            numbers.append(0)
        return Type(name, tuple(numbers), is_array, tuple(words))

    @staticmethod
    def is_serial(node: Node | None) -> bool:
        """Whether a TypeName body is one of the serial types."""
        words = strings((node or {}).get("names"))
        return len(words) == 1 and words[0] in _SERIAL

    # -- expressions -------------------------------------------------------------------------------------------------

    def after_word(self, word: str, node: Any, stops: Iterable[int] = (), until: str = "") -> Expression:
        """Return an expression that follows a keyword: up to a comma, a bracket, a place of ``stops``, or a word."""
        start = first_place(node)
        if start is None:
            return Expression("", node)
        begin = len(self.code[: self.character(start)].rstrip(" \t\r\n("))
        if self.code[begin - len(word) : begin].lower() != word:
            return Expression("", node)
        ends = [self.character(stop) for stop in stops if stop > start]
        end = min([*ends, self.end])
        if until:
            words = [match.start() for match in re.finditer(rf"\b{until}\b", self.code[begin:end], re.IGNORECASE)]
            end = begin + words[-1] if words else end
        return self.cut(begin, end, node)

    def in_parentheses(self, place: int | None, node: Any) -> Expression:
        """Return an expression in the first parentheses from a place on."""
        opening = -1 if place is None else self.code.find("(", self.character(place), self.end)
        return self.cut(opening + 1, self.end, node) if opening >= 0 else Expression("", node)

    def bound(self, node: Any) -> Expression:
        """Return the bound of a partition, from FOR VALUES on, or DEFAULT."""
        place = node.get("location")
        if place is None:
            return Expression("", node)
        start = self.character(place)
        before = _FOR_VALUES.search(self.code[:start])
        return self.cut(before.start() if before else start, self.end, node)

    def cut(self, start: int, end: int, node: Any) -> Expression:
        """Return the text from one character to another, or to a comma or bracket that is not of its own."""
        depth = 0
        code = self.code
        for i in range(start, end):
            sign = code[i]
            if sign in _DEPTH:
                depth += _DEPTH[sign]
            if depth < 0 or (depth == 0 and sign in ",;"):
                end = i
                break
        start += len(code[start:end]) - len(code[start:end].lstrip())
        kept = len(code[:end].rstrip())
        return Expression(self.text[start : max(start, kept)].strip(), node)

    def character(self, place: int) -> int:
        """Return the character at a byte offset of the tree."""
        if self.text.isascii():
            return place
        return len(self._data[:place].decode(errors="ignore"))

    @cached_property
    def _data(self) -> bytes:
        return self.text.encode(errors="replace")

    @cached_property
    def code(self) -> str:
        """The text with comments blanked out and quoted texts made unreadable, so that signs in them do not count."""
        parts = []
        position = 0
        for quoted in grammar.quoted_ranges(self.text):
            parts.append(self.text[position : quoted.start])
            parts.append((" " if quoted.kind == "comment" else "\0") * (quoted.end - quoted.start))
            position = quoted.end
        parts.append(self.text[position:])
        return "".join(parts)


def first_place(node: Any) -> int | None:
    """Return the smallest place that a tree says, None where it says none."""
    places = [body["location"] for _, body in walk(node) if body.get("location", -1) >= 0]
    return min(places, default=None)
