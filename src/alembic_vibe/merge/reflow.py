"""Lines that became too long by what was added to them: calls, tuples and imports are put one item a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.merge.source import UnreadableError, read

if TYPE_CHECKING:
    import libcst as cst

    from alembic_vibe.merge.source import ModelFile

_ROUNDS = 60


def reflow(path: str, text: str, touched: list[tuple[int, int]], width: int, unit: str) -> str:
    """Return the text with the touched lines brought below the width where that is possible.

    Args:
        path: For messages.
        text: The edited file.
        touched: The spans of what is new.
        width: The line length.
        unit: One step of indentation.
    """
    lines = {text.count("\n", 0, start) for start, end in touched if end > start}
    done: set[str] = set()
    for _ in range(_ROUNDS):
        split = text.split("\n")
        number = next(
            (
                n
                for n in sorted(lines)
                if n < len(split) and len(split[n].expandtabs(4).rstrip("\r")) > width and split[n] not in done
            ),
            None,
        )
        if number is None:
            return text
        done.add(split[number])
        try:
            changed = _explode_line(read(path, "reflow", text.encode()), number, unit)
        except UnreadableError:
            return text
        if changed is None:
            continue
        more = changed.count("\n") - text.count("\n")
        lines = {n + more if n > number else n for n in lines} | set(range(number, number + more + 1))
        text = changed
    return text


def _explode_line(file: ModelFile, number: int, unit: str) -> str | None:
    """Return the text with the outermost brackets of a line opened."""
    import libcst as cst
    from libcst import matchers

    start = file.text.split("\n")
    begin = sum(len(line) + 1 for line in start[:number])
    end = begin + len(start[number])
    pad = file.indent_of(begin)
    best: tuple[int, cst.CSTNode] | None = None
    kinds = matchers.OneOf(matchers.Call(), matchers.Tuple(), matchers.List())
    for node in matchers.findall(file.tree, kinds):
        left, right = file.span(node)
        if left < begin or right > end or not _items(node):
            continue
        if isinstance(node, cst.Tuple) and not node.lpar:
            continue
        if best is None or right - left > best[0]:
            best = (right - left, node)
    if best is None:
        return None
    node = best[1]
    left, right = file.span(node)
    inner = pad + unit
    head = (
        file.text[left : file.text.index("(", file.span(node.func)[1]) + 1]
        if isinstance(node, cst.Call)
        else file.text[left]
    )
    texts = [file.text[slice(*file.span(item))] for item in _items(node)]
    nl = file.newline
    body = "".join(f"{inner}{text},{nl}" for text in texts)
    return f"{file.text[:left]}{head}{nl}{body}{pad}{file.text[right - 1 :]}"


def _items(node: object) -> list[cst.CSTNode]:
    import libcst as cst

    if isinstance(node, cst.Call):
        return list(node.args)
    return list(node.elements) if isinstance(node, cst.Tuple | cst.List) else []
