"""What a module that people have edited still lacks of what would be generated for it."""

from __future__ import annotations

import ast


def lacks(wanted: str, there: str) -> list[str] | None:
    """Return the names that the generated module defines and the edited one does not.

    Classes, functions and variables of the module, and the attributes of classes as ``User.email``: what other modules
    may name. How something is defined is the editor's own business.

    Args:
        wanted: The text that would be generated.
        there: The text on the disk.

    Returns:
        The missing names in the order of the generated text; ``None`` if the text on the disk is no Python.
    """
    try:
        present = set(_names(there))
    except SyntaxError:
        return None
    return [name for name in _names(wanted) if name not in present]


def _names(text: str) -> list[str]:
    names = []
    for node in ast.parse(text).body:
        names.extend(_defined(node))
        if isinstance(node, ast.ClassDef):
            names.extend(f"{node.name}.{name}" for item in node.body for name in _defined(item))
    return names


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []
