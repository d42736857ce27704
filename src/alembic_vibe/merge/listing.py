"""Arguments of a call, elements of a tuple, names of an import: items between brackets that are changed in place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import libcst as cst

    from alembic_vibe.merge.source import ModelFile

_SPACE = " \t\f"


@dataclass
class Item:
    """One item: where it stands, and where its comma ends (``end`` where it has none)."""

    node: cst.CSTNode
    start: int
    end: int
    after: int

    @property
    def has_comma(self) -> bool:
        """Whether a comma follows."""
        return self.after > self.end


@dataclass
class Listing:
    """The items between ``open`` (behind the bracket) and ``close`` (the bracket itself), and what becomes of them.

    A text to insert is a function of the indentation and the width that is taken on the line: an item on a line of
    its own may be laid out in several.
    """

    file: ModelFile
    open: int
    close: int
    items: list[Item]
    tuple: bool = False
    removed: set[int] = field(default_factory=set)
    replaced: dict[int, str] = field(default_factory=dict)
    inserted: dict[int, list[Callable[[str | None], str]]] = field(default_factory=dict)

    @property
    def own_lines(self) -> bool:
        """Whether each item begins a line."""
        return bool(self.items) and all(self._begins_line(item.start) for item in self.items)

    def _begins_line(self, offset: int) -> bool:
        return not self.file.text[self.file.line_start(offset) : offset].strip(_SPACE)

    def _line_is_free(self, offset: int) -> bool:
        rest = self.file.line_rest(offset).strip()
        return not rest or rest.startswith("#")

    def index(self, node: cst.CSTNode) -> int:
        """Return which item a node is."""
        return next(number for number, item in enumerate(self.items) if item.node is node)

    def insert(self, at: int, text: Callable[[str | None], str]) -> None:
        """Put an item before the item of that number; the number of items: behind the last one.

        Args:
            at: Where.
            text: Gives the text, for the indentation of its own line, or for ``None``: on one line with others.
        """
        self.inserted.setdefault(at, []).append(text)

    def flush(self) -> None:
        """Turn all of it into edits of the file."""
        if not (self.removed or self.replaced or self.inserted):
            return
        for number, now in self.replaced.items():
            if number not in self.removed:
                self.file.replace(self.items[number].start, self.items[number].end, now)
        left = [number for number in range(len(self.items)) if number not in self.removed]
        added = sum(map(len, self.inserted.values()))
        if not left and not added:
            self.file.replace(self.open, self.close, "")
            return
        if not left:
            self._replace_all()
            return
        self._remove(left)
        for at, texts in sorted(self.inserted.items()):
            before = [number for number in left if number < at]
            for text in texts:
                if before:
                    self._insert_after(self.items[before[-1]], text, last=before[-1] == left[-1])
                else:
                    self._insert_before(self.items[left[0]], text)
            if before and before[-1] == left[-1]:
                continue
        if self.tuple and len(left) == 1 and not added and not self.items[left[0]].has_comma:
            self.file.insert(self.items[left[0]].end, ",")

    def _replace_all(self) -> None:
        texts = [text for _, found in sorted(self.inserted.items()) for text in found]
        if self.own_lines and all(self._line_is_free(item.after) for item in self.items):
            for text in texts:
                self._insert_before(self.items[0], text)
            for item in self.items:
                self.file.remove_lines(item.start, item.after)
            return
        body = ", ".join(text(None) for text in texts)
        self.file.replace(self.open, self.close, body + ("," if self.tuple and len(texts) == 1 else ""))

    def _remove(self, left: list[int]) -> None:
        for number in sorted(self.removed):
            item = self.items[number]
            file = self.file
            if self._begins_line(item.start) and self._line_is_free(item.after):
                file.remove_lines(item.start, item.after)
            elif any(other > number for other in left) or number + 1 < len(self.items):
                following = self.items[number + 1].start
                between = file.text[item.after : following]
                file.replace(item.start, item.after if "#" in between or "\n" in between else following, "")
            else:
                before = max(other for other in left if other < number)
                end = self.items[before].end
                between = file.text[end : item.start]
                if "#" in between:
                    file.replace(item.start, item.after, "")
                else:
                    file.replace(end, item.after, "")
                    if self.tuple and len(left) == 1:
                        file.insert(item.after, ",")

    def _insert_after(self, item: Item, text: Callable[[str | None], str], *, last: bool) -> None:
        file = self.file
        own = self._begins_line(item.start)
        if own and self._line_is_free(item.after) and file.line_end(item.after) <= self.close:
            if not item.has_comma:
                file.replace(item.end, item.end, ",")
            pad = file.indent_of(item.start)
            file.insert_line(item.after, f"{pad}{text(pad)},")
        elif own:
            pad = file.indent_of(item.start)
            file.insert(item.end, f",\n{pad}{text(pad)}")
        elif self.tuple and len(self.items) == 1 and item.has_comma and last and file.line_rest(item.end)[:1] == ",":
            file.insert(item.end, f", {text(None)}")
            if not file.text[item.end : item.after].strip(", \t"):
                file.replace(item.end, item.end + 1, "")
        else:
            file.insert(item.end, f", {text(None)}")

    def _insert_before(self, item: Item, text: Callable[[str | None], str]) -> None:
        if self._begins_line(item.start):
            pad = self.file.indent_of(item.start)
            self.file.insert(self.file.line_start(item.start), f"{pad}{text(pad)},\n")
        else:
            self.file.insert(item.start, f"{text(None)}, ")


def _make(file: ModelFile, opened: int, close: int, nodes: list[cst.CSTNode], *, is_tuple: bool) -> Listing:
    import libcst as cst

    items = []
    for node in nodes:
        start, end = file.span(node)
        comma = getattr(node, "comma", None)
        after = end
        if isinstance(comma, cst.Comma):
            place = file.text.index(",", end)
            after = place + 1
        items.append(Item(node, start, end, after))
    return Listing(file, opened, close, items, is_tuple)


def call_listing(file: ModelFile, call: cst.Call) -> Listing:
    """Return the arguments of a call."""
    _start, end = file._spans[call]
    function = file.span(call.func)[1]
    return _make(file, file.text.index("(", function) + 1, end - 1, list(call.args), is_tuple=False)


def sequence_listing(file: ModelFile, node: cst.Tuple | cst.List) -> Listing:
    """Return the elements of a tuple in parentheses, or of a list."""
    import libcst as cst

    start, end = file.span(node)
    opened, close = start + 1, end - 1
    if isinstance(node, cst.Tuple) and not node.lpar:
        opened, close = start, end
    return _make(file, opened, close, list(node.elements), is_tuple=isinstance(node, cst.Tuple))


def import_listing(file: ModelFile, node: cst.ImportFrom) -> Listing | None:
    """Return the names of ``from … import a, b``; ``None`` for a star."""
    import libcst as cst

    if isinstance(node.names, cst.ImportStar):
        return None
    _start, end = file.span(node)
    if node.lpar is not None and node.rpar is not None:
        opened, close = file._spans[node.lpar][0] + 1, end - 1
        return _make(file, opened, close, list(node.names), is_tuple=False)
    return _make(file, file.span(node.names[0])[0], end, list(node.names), is_tuple=False)


def dict_listing(file: ModelFile, node: cst.Dict) -> Listing:
    """Return the entries of a dict."""
    start, end = file.span(node)
    return _make(file, start + 1, end - 1, list(node.elements), is_tuple=False)
