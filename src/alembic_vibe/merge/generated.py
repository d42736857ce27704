"""What a generated module has got on top, brought into the copy that a person has edited."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from alembic_vibe.merge.names import Names
from alembic_vibe.merge.reflow import reflow
from alembic_vibe.merge.scan import scan
from alembic_vibe.merge.source import UnreadableError, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.merge.source import ModelFile

_WIDTH = 88


def bring(path: str, module: str, text: str, wanted: str) -> str:
    """Return the edited text with the classes, functions, variables and imports that it lacks of the wanted one.

    Args:
        path: For messages.
        module: The dotted name of the module.
        text: What is on the disk, with the changed members merged already.
        wanted: What would be generated.
    """
    package = path.endswith("__init__.py")
    try:
        file = read(path, module, text.encode(), package=package)
        there, ours = scan(file), scan(read(path, module, wanted.encode(), package=package))
    except UnreadableError:
        return text
    defined = {*there.defined(), *_functions(text)}
    lines = wanted.split("\n")
    new = []
    for node in ast.parse(wanted).body:
        name = _name(node)
        if name and name not in defined and name != "__all__":
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(d.lineno for d in decorators)])
            new.append("\n".join(lines[first - 1 : node.end_lineno]))
    new += _calls(text, wanted)
    names = Names(there)
    used = {name for part in (*new, text) for name in _words(part)} | (set(ours.imports) if package else set())
    for local, imported in ours.imports.items():
        if local in there.defined() or local not in used:
            continue
        target = names.late if local in ours.late_imports else names.needed
        target.setdefault(imported.module, set()).add(imported.name)
    if new:
        end = len(file.text.rstrip())
        file.insert_line(end, "\n\n" + "\n\n\n".join(new))
    _say_all(file, there.values.get("__all__"), wanted, defined=set(ours.imports))
    names.flush(_WIDTH)
    if not file.edits:
        return text
    result, touched = file.result()
    return reflow(path, result, touched, _WIDTH, file.unit)


def _functions(text: str) -> set[str]:
    return {n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def _name(node: ast.stmt) -> str:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""


def _calls(text: str, wanted: str) -> list[str]:
    """Return the statements that only call something, such as ``after_create(…)``, which the edited text lacks."""
    known = {ast.dump(node) for node in ast.parse(text).body if isinstance(node, ast.Expr)}
    return [
        ast.get_source_segment(wanted, node) or ""
        for node in ast.parse(wanted).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and ast.dump(node) not in known
    ]


def _words(text: str) -> set[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return set()
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return found | {word for value in texts for word in value.replace("|", " ").split() if word.isidentifier()}


def _say_all(file: ModelFile, node: object, wanted: str, *, defined: set[str]) -> None:
    import libcst as cst

    from alembic_vibe.merge.listing import sequence_listing
    from alembic_vibe.merge.names import sorted_place
    from alembic_vibe.merge.scan import string_value

    if not isinstance(node, cst.List | cst.Tuple):
        return
    listing = sequence_listing(file, node)
    present = [string_value(item.node.value) or "" for item in listing.items]  # type: ignore[attr-defined]
    quote = file.quote
    for name in _all(wanted):
        if name not in present and name in defined:
            listing.insert(sorted_place(present, name), lambda _pad, name=name: f"{quote}{name}{quote}")  # type: ignore[misc]
    listing.flush()


def _all(wanted: str) -> list[str]:
    for node in ast.parse(wanted).body:
        if _name(node) == "__all__" and isinstance(node, ast.Assign):
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def bring_all(texts: Mapping[str, str], wanted: Mapping[str, str], modules: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of several files, each with what it lacks."""
    return {path: bring(path, modules[path], text, wanted[path]) for path, text in texts.items()}
