"""The lines of env.py that name the plugin only while it is installed. Imports libcst, so it is imported late."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "VIBE_PLUGINS"
_IMPORT = "from importlib.metadata import entry_points\n"
# A pattern that no plugin has would be an error, so it is there only while the plugin is installed.
_GUARDED = """
# alembic-vibe sees what Alembic's autogenerate does not; where it is not installed, Alembic compares as always.
VIBE_PLUGINS = []
if any(point.name.startswith("alembic_vibe.") for point in entry_points(group="alembic.plugins")):
    VIBE_PLUGINS.append("alembic_vibe.*")
"""


def with_guard(module: cst.Module) -> cst.Module:
    """Import ``entry_points`` among the first imports, and say behind them which plugins there are."""
    first = next((number for number, item in enumerate(module.body) if _imports(item)), None)
    guarded = cst.parse_module(_GUARDED.lstrip("\n")).body
    guarded = [guarded[0].with_changes(leading_lines=[cst.EmptyLine(), *_comment(_GUARDED)]), *guarded[1:]]
    if first is None:
        return module.with_changes(body=[cst.parse_statement(_IMPORT), *guarded, *module.body])
    last = first
    while last + 1 < len(module.body) and _imports(module.body[last + 1]):
        last += 1
    imports = _sorted_in(module.body[first : last + 1])
    return module.with_changes(body=[*module.body[:first], *imports, *guarded, *module.body[last + 1 :]])


def _sorted_in(imports: Sequence[cst.BaseStatement | cst.SimpleStatementLine]) -> list[cst.BaseStatement]:
    """Return imports with one more, where those who sort them have it: ``import …`` first, then ``from …`` by name.

    Where the first ones are not the standard library's, it stands above them, with an empty line between.
    """
    new = cst.parse_statement(_IMPORT)
    assert isinstance(new, cst.SimpleStatementLine)
    place = 0
    for item in imports:
        node = item.body[0] if isinstance(item, cst.SimpleStatementLine) else None
        empty = any(line.comment is None for line in getattr(item, "leading_lines", ()))
        if (place and empty) or not isinstance(node, (cst.Import, cst.ImportFrom)) or not _is_standard(node):
            break
        if isinstance(node, cst.ImportFrom) and _module_of(node) > "importlib.metadata":
            break
        place += 1
    if place:
        return [*imports[:place], new, *imports[place:]]
    # What stands above the first import (comments, empty lines) stays above.
    opening = imports[0]
    assert isinstance(opening, cst.SimpleStatementLine)
    node = opening.body[0]
    together = isinstance(node, (cst.Import, cst.ImportFrom)) and _is_standard(node)
    below = opening.with_changes(leading_lines=[] if together else [cst.EmptyLine(indent=False)])
    return [new.with_changes(leading_lines=opening.leading_lines), below, *imports[1:]]


def _module_of(node: cst.Import | cst.ImportFrom) -> str:
    """Return the module that an import names first; empty for a relative one."""
    if isinstance(node, cst.ImportFrom) and node.relative:
        return ""
    name = node.module if isinstance(node, cst.ImportFrom) else node.names[0].name
    return cst.Module([]).code_for_node(name) if name is not None else ""


def _is_standard(node: cst.Import | cst.ImportFrom) -> bool:
    return _module_of(node).partition(".")[0] in sys.stdlib_module_names


def _comment(text: str) -> list[cst.EmptyLine]:
    lines = [line for line in text.splitlines() if line.startswith("#")]
    return [cst.EmptyLine(comment=cst.Comment(line)) for line in lines]


def _imports(item: cst.CSTNode) -> bool:
    """Whether a statement imports, and not from ``__future__``."""
    if not isinstance(item, cst.SimpleStatementLine):
        return False
    first = item.body[0]
    return isinstance(first, (cst.Import, cst.ImportFrom)) and not _is_future(first)


def _is_future(node: cst.Import | cst.ImportFrom) -> bool:
    return isinstance(node, cst.ImportFrom) and isinstance(node.module, cst.Name) and node.module.value == "__future__"
