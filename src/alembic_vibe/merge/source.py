"""A model file as text that is spliced: its syntax tree, where each node stands, and the edits that are waiting.

libcst gives the tree with its commas and its spans; the text itself is never printed anew. What no edit names stays
as it is, to the byte: comments, layout, line endings, byte order mark and encoding.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    import libcst as cst

_NEWLINE = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"


class UnreadableError(Exception):
    """A file that is no Python, or not text; ``line`` counts from 1, 0 where it is not known."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(f"{path}:{line}: {reason}")


class Edit(NamedTuple):
    """Replace ``text[start:end]``; where ``start`` is ``end``, insert."""

    start: int
    end: int
    text: str


@dataclass(eq=False)
class ModelFile:
    """One file: ``path`` as people read it, ``module`` its dotted name, ``text`` without a byte order mark."""

    path: str
    module: str
    text: str
    encoding: str = "utf-8"
    bom: bool = False
    package: bool = False  # an __init__.py
    edits: list[Edit] = field(default_factory=list)

    @cached_property
    def tree(self) -> cst.Module:
        """The syntax tree.

        Raises:
            UnreadableError: The text is no Python.
        """
        import libcst

        try:
            tree = libcst.parse_module(self._whole)
        except libcst.ParserSyntaxError as error:
            raise UnreadableError(self.path, error.raw_line, "it is no Python that can be read") from error
        except RecursionError as error:
            raise UnreadableError(self.path, 0, "it is nested too deeply to be read") from error
        return tree

    @property
    def _whole(self) -> str:
        """The text as it is parsed: with an end at which libcst (1.9) loses nothing.

        It drops empty lines above a last comment where no line break follows, and where the comment is indented by
        spaces below a class that is indented by tabs; and a form feed.
        """
        text = self.text if not self.text or self.text.endswith(("\n", "\r")) else self.text + self.newline
        return f"{text}pass{self.newline}" if "\t" in text or "\f" in text else text

    @cached_property
    def _spans(self) -> dict[Any, tuple[int, int]]:
        from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

        if self.tree.code != self._whole:
            raise UnreadableError(self.path, 0, "it cannot be read without losing something of it")
        wrapper = MetadataWrapper(self.tree, unsafe_skip_copy=True)
        found = wrapper.resolve(ByteSpanPositionProvider)
        if self.text.isascii():
            end = len(self.text)
            return {n: (min(s.start, end), min(s.start + s.length, end)) for n, s in found.items()}
        places: list[int] = []
        for number, char in enumerate(self.text):
            places.extend([number] * len(char.encode()))
        places.append(len(self.text))
        last = len(places) - 1
        return {n: (places[min(s.start, last)], places[min(s.start + s.length, last)]) for n, s in found.items()}

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where a node stands, with the parentheses around it."""
        start, end = self._spans[node]
        left, right = getattr(node, "lpar", ()), getattr(node, "rpar", ())
        if isinstance(left, Sequence) and isinstance(right, Sequence) and left and right:
            return self._spans[left[0]][0], self._end_of(right[-1])
        return start, end

    def _end_of(self, paren: cst.CSTNode) -> int:
        start, end = self._spans[paren]
        return start + self.text[start:end].index(")") + 1

    def code(self, node: cst.CSTNode) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return self._lines[bisect_right(self._lines, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Return where the next line begins, or the end of the text."""
        number = bisect_right(self._lines, offset)
        return self._lines[number] if number < len(self._lines) else len(self.text)

    def line_rest(self, offset: int) -> str:
        """Return what follows on the line of an offset."""
        return self.text[offset : self.line_end(offset)]

    def indent_of(self, offset: int) -> str:
        """Return the white space that the line of an offset begins with."""
        start = self.line_start(offset)
        return self.text[start : start + len(self.text[start:]) - len(self.text[start:].lstrip(" \t\f"))]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]

    @cached_property
    def newline(self) -> str:
        """The line ending that the file uses most."""
        found = _NEWLINE.findall(self.text)
        return max(set(found), key=found.count) if found else "\n"

    @cached_property
    def unit(self) -> str:
        """One step of indentation."""
        match = re.search(r"^class [^\r\n]*:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)+([ \t]+)\S", self.text, re.MULTILINE)
        return match.group(1) if match else str(self.tree.default_indent)

    @cached_property
    def quote(self) -> str:
        """The quotes that its strings use."""
        singles = len(re.findall(r"(?<!['\w])'(?!'')[^'\"\r\n]*'", self.text))
        doubles = len(re.findall(r'(?<!["\w])"(?!"")[^\'"\r\n]*"', self.text))
        return "'" if singles > doubles else '"'

    def source(self) -> Source:
        """Return the file for diagnostics that point into it."""
        return Source(self.path, self.text)

    def where(self, node: cst.CSTNode) -> Span:
        """Return the span of a node for a diagnostic."""
        return Span(*self.span(node))

    # -- edits --------------------------------------------------------------------------------------------------------

    def replace(self, start: int, end: int, text: str) -> None:
        """Note an edit; the line endings of ``text`` become those of the file."""
        edit = Edit(start, end, text.replace("\n", self.newline))
        if edit not in self.edits:
            self.edits.append(edit)

    def insert(self, offset: int, text: str) -> None:
        """Note an insertion; several at one place stay in their order."""
        self.edits.append(Edit(offset, offset, text.replace("\n", self.newline)))

    def insert_line(self, after: int, text: str) -> None:
        """Note whole lines to insert below the line of an offset; ``text`` has no line break at its end."""
        place = self.line_end(after)
        if place == len(self.text) and not self.text.endswith(("\n", "\r")):
            self.insert(place, "\n" + text)
        else:
            self.insert(place, text + "\n")

    def remove_lines(self, start: int, end: int) -> None:
        """Note that the lines of two offsets and all between go."""
        self.replace(self.line_start(start), self.line_end(max(start, end - 1)), "")

    def result(self) -> tuple[str, list[tuple[int, int]]]:
        """Return the edited text, and the spans in it that are new. An edit inside a removal goes with it."""
        removed = [edit for edit in self.edits if edit.end > edit.start]
        kept = []
        for number, edit in enumerate(self.edits):
            inside = any(
                other is not edit
                and other.start <= edit.start
                and edit.end <= other.end
                and (other.end - other.start > edit.end - edit.start)
                and not (edit.start == edit.end and edit.start in {other.start, other.end})
                for other in removed
            )
            if not inside:
                kept.append((edit.start, edit.end, number, edit))
        parts, spans, place, length = [], [], 0, 0
        for start, end, _, edit in sorted(kept, key=lambda item: item[:3]):
            if start < place:  # overlaps what is gone already
                start = place
                if end < start:
                    continue
            parts += [self.text[place:start], edit.text]
            length += start - place
            spans.append((length, length + len(edit.text)))
            length += len(edit.text)
            place = end
        parts.append(self.text[place:])
        return "".join(parts), spans

    def encoded(self, text: str) -> bytes:
        """Return a text of this file as its bytes."""
        return ((_BOM if self.bom else "") + text).encode(self.encoding)


def read(path: str, module: str, data: bytes, *, package: bool = False) -> ModelFile:
    """Return a file from its bytes: encoding and byte order mark as Python finds them.

    Raises:
        UnreadableError: The bytes are no text.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        bom = encoding == "utf-8-sig"
        encoding = "utf-8" if bom else encoding
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UnreadableError(path, 0, f"its bytes are no text: {error}") from error
    return ModelFile(path, module, text.removeprefix(_BOM) if bom else text, encoding, bom, package)
