"""Executes a revision's module, with stand-ins for what it imports and is not installed here."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy.types import UserDefinedType

from alembic_vibe.lint.actions import UNKNOWN_TYPE
from alembic_vibe.lint.model import Gap, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from alembic_vibe.lint.model import Revision


class _StandInMeta(type(UserDefinedType)):  # type: ignore[misc]
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return _stand_in(name)


class StandIn(UserDefinedType[Any], metaclass=_StandInMeta):
    """Whatever a missing module has: it can be called, and used as a column's type."""

    cache_ok = True

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def get_col_spec(self, **_: Any) -> str:
        """Return the name that stands for any type."""
        return UNKNOWN_TYPE


def _stand_in(name: str) -> type[StandIn]:
    return _StandInMeta(name, (StandIn,), {})


class _MissingModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)


@contextmanager
def search_path(folders: Sequence[Path], roots: Sequence[Path]) -> Iterator[set[str]]:
    """Let modules be found in these folders; those of the project that were imported are forgotten afterwards.

    ``folders`` come first (Alembic's ``prepend_sys_path``). Yields a set that holds, at the end, the files of the
    modules below ``roots`` that were imported: what the revisions emit depends on them. Environment variables that
    were set meanwhile, as some packages do when they are imported, are as before afterwards.
    """
    before, modules = list(sys.path), set(sys.modules)
    variables = dict(os.environ)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path[:0] = [str(folder) for folder in folders]
    files: set[str] = set()
    try:
        yield files
    finally:
        sys.path[:] = before
        sys.dont_write_bytecode = writes
        if variables != os.environ:
            os.environ.clear()
            os.environ.update(variables)
        for name in set(sys.modules) - modules:
            # Not by getattr: a module may have a ``__getattr__`` that imports more, and raises anything.
            file = getattr(sys.modules[name], "__dict__", {}).get("__file__")
            if file is None and isinstance(sys.modules[name], _MissingModule):
                del sys.modules[name]
            elif file is not None and any(str(file).startswith(f"{root}/") for root in roots):
                files.add(str(file))
                if "site-packages" not in file:
                    del sys.modules[name]


def load(revision: Revision) -> tuple[ModuleType, list[Gap]]:
    """Execute a revision's module; returns it with the imports that failed.

    Raises whatever the module raises.
    """
    gaps = _prepare_imports(revision)
    name = f"_alembic_vibe_revision_{abs(hash(str(revision.path)))}"
    module = ModuleType(name)
    module.__file__ = str(revision.path)
    code = compile(revision.source.text, str(revision.path), "exec", dont_inherit=True)
    sys.modules[name] = module  # dataclasses and typing look a class's module up
    try:
        exec(code, module.__dict__)  # noqa: S102 - a revision is Python that its project runs
    finally:
        del sys.modules[name]
    return module, gaps


def _prepare_imports(revision: Revision) -> list[Gap]:
    """Import what the revision imports; what fails gets a stand-in, and is returned with its place and the reason."""
    if all(_is_at_hand(name) or _is_there(name) for name in revision.facts.imports):
        return []
    gaps = []
    tree = ast.parse(revision.source.text)
    for node in _imports(tree):
        names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        for name in names:
            if name is not None and not _is_there(name):
                _replace(name)
                end = (node.end_lineno or node.lineno, (node.end_col_offset or 0) + 1)
                gaps.append(Gap(Place(node.lineno, node.col_offset + 1, *end), f"`{name}` cannot be imported here"))
    return gaps


def _imports(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports of a module that it cannot do without: not those that it tries."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
            yield node
        elif not isinstance(node, ast.Try | ast.expr):
            yield from _imports(node)


def _is_at_hand(name: str) -> bool:
    """Whether a module that is imported has that name; trying to import what is no module takes time."""
    module, _, own = name.rpartition(".")
    found = sys.modules.get(module)
    return found is not None and not isinstance(found, _MissingModule) and own in getattr(found, "__dict__", {})


def _is_there(name: str) -> bool:
    if name in sys.modules:
        return not isinstance(sys.modules[name], _MissingModule)
    try:
        importlib.import_module(name)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException:  # noqa: BLE001 - the application's own code may raise anything, SystemExit included
        return False
    return True


def completed(error: BaseException) -> bool:
    """Import the submodule whose absence an error tells, as env.py may have done; says whether it is there now.

    ``import shop`` and then ``shop.types.Money`` works only where something else has imported ``shop.types``.
    """
    package = error.obj if isinstance(error, AttributeError) else None
    if not isinstance(package, ModuleType) or "__path__" not in vars(package):
        return False
    name = f"{package.__name__}.{error.name}"  # type: ignore[attr-defined]
    return name not in sys.modules and _is_there(name) and error.name in vars(package)  # type: ignore[attr-defined]


def _replace(name: str) -> None:
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        dotted = ".".join(parts[:i])
        if dotted not in sys.modules:
            sys.modules[dotted] = _MissingModule(dotted)
            sys.modules[dotted].__path__ = []
        if i > 1:
            parent = sys.modules[".".join(parts[: i - 1])]
            if not hasattr(parent, parts[i - 1]) or isinstance(parent, _MissingModule):
                setattr(parent, parts[i - 1], sys.modules[dotted])
