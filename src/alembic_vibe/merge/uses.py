"""What still uses a member or class that is gone, in the files as they will be."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Gone:
    """A class (``attribute`` empty) or an attribute of one; ``path`` is the file that had it."""

    path: str
    cls: str
    attribute: str


def find_uses(path: str, text: str, gone: list[Gone]) -> list[tuple[Gone, int]]:
    """Return what a file uses, with the line of the first use in each class or function."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    found: dict[tuple[Gone, str], int] = {}
    for name, node, cls in _scopes(tree):
        for item in gone:
            line = _first_use(node, item, cls, here=item.path == path)
            if line:
                found.setdefault((item, name), line)
    return [(item, line) for (item, _), line in found.items()]


def _scopes(tree: ast.Module) -> Iterator[tuple[str, ast.stmt, str]]:
    """Yield the statements of the module, and those of its classes, with the class's name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for number, inner in enumerate(node.body):
                yield f"{node.name}.{getattr(inner, 'name', number)}", inner, node.name
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            yield f"{node.lineno}", node, ""


def _first_use(node: ast.AST, gone: Gone, cls: str, *, here: bool) -> int:
    lines = []
    same = bool(cls) and cls == gone.cls
    top = isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr)
    for part in ast.walk(node):
        line = getattr(part, "lineno", 0)
        if not gone.attribute:
            continue
        if not gone.cls:
            used = isinstance(part, ast.Name) and part.id == gone.attribute
            named = isinstance(part, ast.Constant) and part.value == gone.attribute and bool(cls)
            lines += [line] if used or named else []
        elif isinstance(part, ast.Attribute) and part.attr == gone.attribute:
            owner = part.value.id if isinstance(part.value, ast.Name) else ""
            if owner == gone.cls or (same and owner in {"self", "cls", "c"}):
                lines.append(line)
        elif isinstance(part, ast.Name) and part.id == gone.attribute and same and here and top:
            lines.append(line)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and top:
            words = part.value.replace("[", " ").replace("]", " ").replace(",", " ").split()
            if f"{gone.cls}.{gone.attribute}" in words or (same and part.value == gone.attribute and cls):
                lines.append(line)
    return min(lines, default=0)
