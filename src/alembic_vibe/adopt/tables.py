"""The modules of a project that define tables: classes of its declarative bases, and ``Table(…)`` calls."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.adopt.model import Models
from alembic_vibe.adopt.modules import Found
from alembic_vibe.adopt.origins import Origins, assigned, called

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from alembic_vibe.adopt.modules import Module, Modules
    from alembic_vibe.adopt.origins import Origin

_SKIPPED = {
    "__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist", "tests", "test", "testing", "docs",
    "doc", "examples", "example", "samples",
}  # fmt: skip
# What a file has to say somewhere to be worth parsing.
_HINT = re.compile(
    rb"__tablename__|__table__|\bTable\(|table\s*=\s*True|\bMapped\[|\bmapped_column\(|\bColumn\(|db\.Model"
)
_BIGGEST = 4_000_000  # bytes of one module; larger ones are data


def find_models(
    roots: Sequence[Path], modules: Modules, origins: Sequence[Origin], skipped: Collection[Path] = ()
) -> Models:
    """Return what of the folders belongs to the metadata of some origins.

    Args:
        roots: The folders to look into; tests, documentation and environments in them are passed over.
        modules: The modules of the project.
        origins: Whose tables are meant.
        skipped: Folders that hold no models: the revisions.
    """
    wanted = {origin.key for origin in origins}
    if not wanted:
        return Models()
    finder = Origins(modules)
    files, classes, tables = [], 0, 0
    for path in _python_files(roots, {folder.resolve() for folder in skipped}):
        module = modules.at(path)
        if module is None:
            continue
        mapped = sum(1 for node in _classes(module) if is_mapped(module, node, modules, finder, wanted))
        plain = sum(1 for call in _table_calls(module) if _is_of(module, call, finder, wanted))
        if mapped or plain:
            files.append(path)
        classes, tables = classes + mapped, tables + plain
    return Models(tuple(files), classes, tables)


def find_bases(roots: Sequence[Path], modules: Modules, skipped: Collection[Path] = ()) -> tuple[Origin, Models] | None:
    """Return the one base of the project that has tables, and what belongs to it; ``None`` if there are several."""
    finder = Origins(modules)
    found: dict[object, Origin] = {}
    for path in _python_files(roots, {folder.resolve() for folder in skipped}):
        module = modules.at(path)
        for node in _classes(module) if module is not None else ():
            assert module is not None
            origins = [origin for origin in finder.of_class(module, node) if origin.path is not None]
            if origins and _has_table(module, node, modules, set()):
                found.update({origin.key: origin for origin in origins})
    if len(found) != 1:
        return None
    origin = next(iter(found.values()))
    return origin, find_models(roots, modules, [origin], skipped)


def is_mapped(
    module: Module, node: ast.ClassDef, modules: Modules, finder: Origins, wanted: Collection[object]
) -> bool:
    """Whether a class is mapped to a table of one of the metadata that are meant."""
    abstract = assigned(node, "__abstract__")
    if isinstance(abstract, ast.Constant) and abstract.value:
        return False
    if not any(origin.key in wanted for origin in finder.of_class(module, node)):
        return False
    return _has_table(module, node, modules, set())


def _has_table(module: Module, node: ast.ClassDef, modules: Modules, seen: set[ast.ClassDef]) -> bool:
    """Whether a class has a table, said by itself or by one that it derives from."""
    seen.add(node)
    if any(keyword.arg == "table" and isinstance(keyword.value, ast.Constant) and keyword.value.value
           for keyword in node.keywords):  # fmt: skip
        return True
    if any(assigned(node, name) is not None for name in ("__tablename__", "__table__")):
        return True
    if any(isinstance(item, ast.FunctionDef) and item.name in {"__tablename__", "__table__"} for item in node.body):
        return True
    for base in node.bases:
        base = base.value if isinstance(base, ast.Subscript) else base
        for found in modules.resolve(module, base):
            if not isinstance(found, Found):
                continue
            if isinstance(found.node, ast.Attribute) and found.node.attr == "Model":
                return True  # Flask-SQLAlchemy names the table itself
            if isinstance(found.node, ast.ClassDef) and found.node not in seen:
                if _has_table(found.module, found.node, modules, seen):
                    return True
            elif isinstance(found.node, ast.Call) and _template_has_table(found, modules, seen):
                return True
    return False


def _template_has_table(found: Found, modules: Modules, seen: set[ast.ClassDef]) -> bool:
    """Whether ``declarative_base(cls=…)`` has a class that names the tables."""
    assert isinstance(found.node, ast.Call)
    for keyword in found.node.keywords:
        if keyword.arg == "cls":
            for template in modules.resolve(found.module, keyword.value):
                if (
                    isinstance(template, Found)
                    and isinstance(template.node, ast.ClassDef)
                    and template.node not in seen
                ):
                    return _has_table(template.module, template.node, modules, seen)
    return False


def _classes(module: Module) -> Iterator[ast.ClassDef]:
    """Yield the classes of a module, those in functions and conditions as well."""
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))


def _table_calls(module: Module) -> Iterator[ast.Call]:
    """Yield the calls of ``Table(name, metadata, …)`` that are no part of a class."""
    waiting: list[ast.AST] = [module.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ClassDef):
            continue
        if isinstance(node, ast.Call) and called(node) == "Table" and len(node.args) > 1:
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def _is_of(module: Module, call: ast.Call, finder: Origins, wanted: Collection[object]) -> bool:
    return any(origin.key in wanted for origin in finder.of_metadata(module, call.args[1]))


def _python_files(roots: Sequence[Path], skipped: Collection[Path]) -> Iterator[Path]:
    """Yield the modules below some folders that could define tables, each once, by path."""
    seen: set[Path] = set()
    for root in roots:
        for folder, folders, names in os.walk(root):
            here = Path(folder)
            folders[:] = sorted(
                name
                for name in folders
                if name not in _SKIPPED
                and not name.startswith(".")
                and not (here / name / "pyvenv.cfg").is_file()
                and (here / name).resolve() not in skipped
            )
            for name in sorted(names):
                path = (here / name).resolve()
                if name.endswith(".py") and path not in seen and _is_hopeful(path):
                    seen.add(path)
                    yield path


def _is_hopeful(path: Path) -> bool:
    try:
        return path.stat().st_size < _BIGGEST and _HINT.search(path.read_bytes()) is not None
    except OSError:
        return False
