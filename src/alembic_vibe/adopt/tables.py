"""The modules of a project that define tables: classes of its declarative bases, and ``Table(…)`` calls."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from alembic_vibe.adopt.model import Models
from alembic_vibe.adopt.modules import Found
from alembic_vibe.adopt.origins import Origins, assigned, called

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from alembic_vibe.adopt.modules import Module, Modules
    from alembic_vibe.adopt.origins import Origin


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
    files, doubtful, classes, tables = [], [], 0, 0
    for module in _modules(roots, modules, skipped):
        contents = modules.files.contents(module.tree)
        try:
            mapped = sum(1 for node in contents.classes if is_mapped(module, node, modules, finder, wanted))
            plain = sum(1 for call in contents.calls if _is_table_of(module, call, finder, wanted))
            unclear = any(_is_doubtful(module, node, finder, wanted) for node in contents.classes)
        except RecursionError:  # hundreds of classes that derive from each other
            mapped, plain, unclear = 0, 0, True
        if mapped or plain:
            files.append(module.path)
        if unclear:
            doubtful.append(module.path)
        classes, tables = classes + mapped, tables + plain
    return Models(tuple(files), classes, tables, tuple(doubtful))


def find_base(roots: Sequence[Path], modules: Modules, skipped: Collection[Path] = ()) -> Origin | None:
    """Return the one metadata of the project that its classes with tables have; ``None`` if they have several."""
    finder = Origins(modules)
    found: dict[object, Origin] = {}
    for module in _modules(roots, modules, skipped):
        try:
            for node in modules.files.contents(module.tree).classes:
                for origin in finder.of_class(module, node):
                    if origin.made.path is not None and _has_table(module, node, modules, set()):
                        found[origin.key] = origin
        except RecursionError:
            return None
    return next(iter(found.values())) if len(found) == 1 else None


def _modules(roots: Sequence[Path], modules: Modules, skipped: Collection[Path]) -> Iterator[Module]:
    """Yield the modules that could define tables, each once, by path."""
    passed = [folder.resolve() for folder in skipped]
    for path in dict.fromkeys(path.resolve() for root in roots for path in modules.files.hopeful(root)):
        module = None if any(path.is_relative_to(folder) for folder in passed) else modules.at(path)
        if module is not None:
            yield module


def is_mapped(
    module: Module, node: ast.ClassDef, modules: Modules, finder: Origins, wanted: Collection[object]
) -> bool:
    """Whether a class is mapped to a table of one of the metadata that are meant."""
    abstract = assigned(node, "__abstract__")
    if isinstance(abstract, ast.Constant) and abstract.value:
        return False
    origins = finder.of_class(module, node)
    if any((origin.base.path, origin.base.line) == (module.path, node.lineno) for origin in origins):
        return False  # the base itself
    meant = [origin for origin in origins if origin.key in wanted]
    if any(origin.base.path is None and origin.base.name != "SQLModel" for origin in meant) and _has_columns(node):
        return True  # a base of another package that names the tables itself
    return bool(meant) and _has_table(module, node, modules, set())


def _has_columns(node: ast.ClassDef) -> bool:
    """Whether the body of a class sets a column."""
    values = (item.value for item in node.body if isinstance(item, (ast.Assign, ast.AnnAssign)))
    return any(isinstance(value, ast.Call) and called(value) in {"Column", "mapped_column"} for value in values)


def _is_doubtful(module: Module, node: ast.ClassDef, finder: Origins, wanted: Collection[object]) -> bool:
    """Whether a class has a table, and its base is of another package: that can have any metadata."""
    name = assigned(node, "__tablename__")
    origins = finder.of_class(module, node)
    return (
        isinstance(name, ast.Constant)
        and isinstance(name.value, str)
        and bool(origins)
        and all(origin.made.path is None and origin.key not in wanted for origin in origins)
    )


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


def _is_table_of(module: Module, call: ast.Call, finder: Origins, wanted: Collection[object]) -> bool:
    """Whether a call is ``Table(name, metadata, …)`` with one of the metadata that are meant.

    ``db.Table(name, …)`` of Flask-SQLAlchemy has the metadata of ``db`` without saying so.
    """
    if called(call) != "Table" or len(call.args) < 2:
        return False
    origins = list(finder.of_metadata(module, call.args[1]))
    if not origins and isinstance(call.func, ast.Attribute):
        origins = list(finder.of_base(module, call.func.value))
    return any(origin.key in wanted for origin in origins)
