"""Which column, constraint or label an instruction in a comment is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from alembic_vibe.sql import grammar
from alembic_vibe.sql.comments import INSTRUCTIONS
from alembic_vibe.sql.statement import TargetKind
from alembic_vibe.sql.tree import elements, strings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.sql.statement import Annotation


class Part(NamedTuple):
    """A column, constraint or label of a statement, and the character of its text at which it begins."""

    start: int
    kind: TargetKind
    name: str


_STATEMENT = Part(-1, TargetKind.STATEMENT, "")
_NOTHING = Part(-1, TargetKind.NOTHING, "")
_IN_PARENTHESES = frozenset({"CreateStmt", "CreateForeignTableStmt", "CreateEnumStmt"})


class Targets:
    """The parts of one statement that a comment can stand above or beside."""

    def __init__(self, node_type: str, node: dict[str, Any], text: str) -> None:
        self._node_type = node_type
        self._text = text
        self._code = grammar.mask(text)
        self._parts = sorted(_parts(node_type, node, text))

    def inside(self, start: int, end: int, *, full_line: bool) -> Part:
        """Return what a comment at ``text[start:end]`` is about.

        One that ends a line is about what begins last before it, one on a line of its own about what it stands above;
        within a definition it is about that one.
        """
        before = [part for part in self._parts if part.start < start]
        after = [part for part in self._parts if part.start >= end]
        if self._node_type in _IN_PARENTHESES and not self._depth(start):
            return _STATEMENT
        if not full_line:
            return before[-1] if before else _STATEMENT
        previous = self._code[:start].rstrip()[-1:]
        following = self._code[end:].lstrip()[:1]
        if before and previous != ",":
            if following == ",":  # commas stand at the beginning of lines
                return after[0] if after else _NOTHING
            within_parentheses = self._node_type in _IN_PARENTHESES and self._depth(start) == 1
            return _NOTHING if following == ")" and within_parentheses else before[-1]
        return after[0] if after else _NOTHING if self._parts else _STATEMENT

    def around(self, annotation: Annotation, *, above: bool) -> Annotation:
        """Aim what stands above or behind ALTER TABLE … ADD COLUMN at the column; CREATE has an object of its own."""
        if annotation.name not in INSTRUCTIONS or self._node_type in _IN_PARENTHESES or not self._parts:
            return annotation
        part = self._parts[-1]
        if above and len(self._parts) > 1:
            return annotation
        return replace(annotation, target=part.name, target_kind=part.kind)

    def _depth(self, position: int) -> int:
        code = self._code[:position]
        return code.count("(") - code.count(")")


def _parts(node_type: str, node: dict[str, Any], text: str) -> Iterable[Part]:
    if node_type == "CreateEnumStmt":
        places = [token.start for token in grammar.scan(text) if token.is_string]
        return [Part(p, TargetKind.LABEL, label) for p, label in zip(places, strings(node.get("vals")), strict=False)]
    if node_type == "AlterEnumStmt":
        return [Part(0, TargetKind.LABEL, node["newVal"])] if "newVal" in node and "oldVal" not in node else []
    found = []
    for kind, element in elements(node_type, node):
        column = kind == "ColumnDef"
        offset = element.get("location", 0)
        start = offset if text.isascii() else len(text.encode()[:offset].decode())
        target = TargetKind.COLUMN if column else TargetKind.CONSTRAINT
        found.append(Part(start, target, element.get("colname" if column else "conname", "")))
    return found
