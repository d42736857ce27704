"""The Python files of a project, each read and parsed once: several environments ask for the same ones."""

from __future__ import annotations

import ast
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.lint.chain import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SKIPPED = {
    "__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist", "tests", "test", "testing", "docs",
    "doc", "examples", "example", "samples",
}  # fmt: skip
# A file that says nothing of these defines no table, and need not be parsed.
_HINTS = (b"__tablename__", b"__table__", b"Table(", b"table=True", b"table = True", b"Mapped[", b"mapped_column(",
          b"Column(", b"db.Model")  # fmt: skip
_BIGGEST = 4_000_000  # bytes of one module; larger ones are data


@dataclass(frozen=True, eq=False)
class Contents:
    """What may define tables in a file: its classes, and its calls outside of classes."""

    classes: tuple[ast.ClassDef, ...]
    calls: tuple[ast.Call, ...]


class Files:
    """Reads files when they are asked for, and keeps what it read."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._trees: dict[Path, ast.Module | None] = {}
        self._contents: dict[ast.Module, Contents] = {}
        self._hopeful: dict[Path, list[Path]] = {}

    def tree(self, path: Path) -> ast.Module | None:
        """Return the syntax tree of a file; ``None`` where it cannot be read or parsed."""
        if path not in self._trees:
            self._trees[path] = _parse(path)
        return self._trees[path]

    def contents(self, tree: ast.Module) -> Contents:
        """Return the classes and calls of a file."""
        if tree not in self._contents:
            self._contents[tree] = Contents(tuple(_classes(tree)), tuple(_calls(tree)))
        return self._contents[tree]

    def hopeful(self, root: Path) -> list[Path]:
        """Return the files below a folder that could define tables, by path; not those of tests and documentation."""
        if root not in self._hopeful:
            self._hopeful[root] = [path for path in _python_files(root) if _mentions(path, _HINTS)]
        return self._hopeful[root]

    def mentioning(self, root: Path, words: Sequence[bytes]) -> list[Path]:
        """Return the files below a folder that have one of some words."""
        return [path for path in _python_files(root) if _mentions(path, words)]


def _parse(path: Path) -> ast.Module | None:
    try:
        text, problem = decode(path.read_bytes())
    except OSError:
        return None
    if problem is not None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _python_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if name not in _SKIPPED and not name.startswith(".") and not (here / name / "pyvenv.cfg").is_file()
        )
        yield from (here / name for name in sorted(names) if name.endswith(".py"))


def _mentions(path: Path, words: Sequence[bytes]) -> bool:
    try:
        if path.stat().st_size > _BIGGEST:
            return False
        data = path.read_bytes()
    except OSError:
        return False
    return any(word in data for word in words)


def _classes(tree: ast.Module) -> Iterator[ast.ClassDef]:
    """Yield the classes of a file in its order, those in functions and under conditions as well."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef):
            yield node
        inner = [part for name in ("body", "handlers", "orelse", "finalbody") for part in _block(node, name)]
        waiting.extend(reversed(inner))


def _block(node: ast.AST, name: str) -> list[ast.AST]:
    found = getattr(node, name, ())
    return (
        [part for part in found if isinstance(part, (ast.stmt, ast.ExceptHandler))] if isinstance(found, list) else []
    )


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Yield the calls that are no part of a class."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
