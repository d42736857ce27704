"""The modules of a project as syntax trees: what a name in one of them stands for, also across imports.

Nothing is imported or executed. What is not in the project (SQLAlchemy, another package) is known by its name only.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from alembic_vibe.adopt.files import Files

_TYPING = {"typing", "typing_extensions"}  # a name is bound to these for type checkers: if TYPE_CHECKING: Base = Any
_DEEPEST = 30  # imports and assignments that one name may lead through


@dataclass(eq=False)
class Module:
    """A file: its dotted name (empty where it is not imported by one), and what its names are bound to."""

    path: Path
    name: str
    tree: ast.Module
    bound: dict[str, list[ast.AST]] = field(default_factory=dict)
    stars: list[ast.ImportFrom] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What an expression stands for: a module, or a class, a function or a value in one; ``name``: how it is bound."""

    module: Module
    node: ast.AST
    name: str = ""


@dataclass(frozen=True)
class Outside:
    """Something of another package, by its dotted name, such as ``sqlmodel.SQLModel``."""

    name: str


class Modules:
    """Finds and reads the modules of a project; each file is read once."""

    def __init__(self, folders: Sequence[Path], files: Files) -> None:
        """Take the folders that modules are imported from, in order."""
        self.files = files
        self._folders = tuple(dict.fromkeys(folder.resolve() for folder in folders))
        self._read: dict[Path, Module | None] = {}
        self._followed: set[ast.AST] = set()  # properties that are being followed, one may return itself

    def at(self, path: Path) -> Module | None:
        """Return the module in a file; ``None`` where it cannot be read or parsed."""
        path = path.resolve()
        if path not in self._read:
            tree = self.files.tree(path)
            module = Module(path, self.name_of(path), tree) if tree is not None else None
            try:
                if module is not None:
                    _bind(module, module.tree.body)
            except RecursionError:  # a thousand branches of one condition
                module = None
            self._read[path] = module
        return self._read[path]

    def named(self, name: str) -> Module | None:
        """Return the module with a dotted name; ``None`` if it is not in the project."""
        parts = name.split(".")
        for folder in self._folders:
            base = folder.joinpath(*parts)
            for path in (base / "__init__.py", base.with_name(base.name + ".py")):
                if path.is_file():
                    return self.at(path)
        return None

    def name_of(self, path: Path) -> str:
        """Return the dotted name that a file is imported by: from the innermost folder that is no package itself."""
        inside = [folder for folder in self._folders if path.is_relative_to(folder)]
        inside = [folder for folder in inside if not (folder / "__init__.py").is_file()] or inside
        if not inside:
            return path.stem
        parts = list(path.relative_to(max(inside, key=lambda folder: len(folder.parts))).parts)
        parts[-1] = parts[-1].removesuffix(".py")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def mentioning(self, *words: bytes) -> Iterator[Path]:
        """Yield the files of the project's own folders that have one of these words."""
        for folder in self._folders:
            yield from self.files.mentioning(folder, words)

    # -- what names stand for ---------------------------------------------------------------------------------------

    def lookup(self, module: Module, name: str, depth: int = 0) -> Iterator[Found | Outside]:
        """Yield what a name of a module may stand for: one for each of its bindings."""
        if depth > _DEEPEST:
            return
        for node in module.bound.get(name, []):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from self._imported(module, node, name, depth)
            elif isinstance(node, ast.Name):
                yield from self.lookup(module, node.id, depth + 1) if node.id != name else ()
            else:
                yield Found(module, node, name)
        if name not in module.bound:
            for star in module.stars:
                target = self._source(module, star)
                source = self.named(target)
                if source is not None:
                    yield from self.lookup(source, name, depth + 1)
                elif target:
                    yield Outside(f"{target}.{name}")

    def _imported(
        self, module: Module, node: ast.Import | ast.ImportFrom, name: str, depth: int
    ) -> Iterator[Found | Outside]:
        for alias in node.names:
            if (alias.asname or alias.name.split(".")[0]) != name:
                continue
            if isinstance(node, ast.Import):
                dotted = alias.name if alias.asname else alias.name.split(".")[0]
                found = self.named(dotted)
                yield Found(found, found.tree, dotted) if found is not None else Outside(dotted)
                continue
            if node.level > len(module.name.split(".")) and node.level > 1:
                continue  # it leads out of the package
            dotted = self._source(module, node)
            source = self.named(dotted)
            inside = self.named(f"{dotted}.{alias.name}" if dotted else alias.name)
            known = list(self.lookup(source, alias.name, depth + 1)) if source is not None else []
            if known:
                yield from known
            elif inside is not None:
                yield Found(inside, inside.tree, alias.name)
            elif source is None and dotted not in _TYPING:
                yield Outside(f"{dotted}.{alias.name}")

    def attribute(self, found: Found | Outside, name: str) -> Iterator[Found | Outside]:
        """Yield what an attribute of a module stands for, or a property of an object whose class is known."""
        if isinstance(found, Outside):
            yield Outside(f"{found.name}.{name}")
        elif isinstance(found.node, ast.Module):
            known = list(self.lookup(found.module, name))
            inside = self.named(f"{found.module.name}.{name}")
            if known or inside is None:
                yield from known
            else:
                yield Found(inside, inside.tree, name)
        elif isinstance(found.node, ast.Call):
            for owner in self.classes_of(found.module, found.node):
                yield from self._property(owner, name)

    def classes_of(self, module: Module, call: ast.Call) -> Iterator[Found]:
        """Yield the classes of what a call gives: the class that it calls, or what the function says it returns."""
        for found in self.resolve(module, call.func):
            if not isinstance(found, Found):
                continue
            if isinstance(found.node, ast.ClassDef):
                yield found
            elif isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and found.node.returns is not None:
                inner = inner_module(found.module, found.node)
                for returned in self.resolve(inner, annotation(found.node.returns)):
                    if isinstance(returned, Found) and isinstance(returned.node, ast.ClassDef):
                        yield returned

    def _property(self, owner: Found, name: str) -> Iterator[Found | Outside]:
        """Yield what a property of a class returns, as far as it names something of a module."""
        assert isinstance(owner.node, ast.ClassDef)
        for item in owner.node.body:
            if not isinstance(item, ast.FunctionDef) or item.name != name or item in self._followed:
                continue
            self._followed.add(item)
            inner = inner_module(owner.module, item)
            for node in ast.walk(item) if item.decorator_list else ():
                if isinstance(node, ast.Return) and isinstance(node.value, (ast.Name, ast.Attribute)):
                    yield from list(self.resolve(inner, node.value))
            self._followed.discard(item)

    def resolve(self, module: Module, node: ast.AST) -> Iterator[Found | Outside]:
        """Yield what an expression may stand for, as far as names and attributes of modules lead; else itself."""
        match node:
            case ast.Name(id=name):
                yield from self.lookup(module, name)
            case ast.Attribute(value=value, attr=attr):
                itself = False
                for base in list(self.resolve(module, value)):
                    through = list(self.attribute(base, attr))
                    yield from through
                    itself = itself or (
                        not through and isinstance(base, Found) and not isinstance(base.node, ast.Module)
                    )
                if itself:
                    yield Found(module, node, attr)
            case _:
                yield Found(module, node)

    def _source(self, module: Module, node: ast.ImportFrom) -> str:
        """Return the dotted name that an import takes from."""
        if not node.level:
            return node.module or ""
        parts = module.name.split(".") if module.name else []
        if module.path.name != "__init__.py":
            parts = parts[:-1]
        parts = parts[: len(parts) - (node.level - 1)]
        return ".".join([*parts, *([node.module] if node.module else [])])


def _bind(module: Module, body: Sequence[ast.stmt]) -> None:
    """Note what statements bind, those of conditions and attempts as well; not those of classes and functions."""
    for node in body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                module.bound.setdefault(name, []).append(node)
            case ast.Import() | ast.ImportFrom():
                _bind_import(module, node)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        module.bound.setdefault(target.id, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                module.bound.setdefault(name, []).append(value)
            case ast.If() | ast.For() | ast.While() | ast.With() | ast.Try():
                for part in ("body", "orelse", "finalbody"):
                    _bind(module, getattr(node, part, []))
                for handler in getattr(node, "handlers", []):
                    _bind(module, handler.body)


def _bind_import(module: Module, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom) and alias.name == "*":
            module.stars.append(node)
        else:
            name = alias.name if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
            module.bound.setdefault(alias.asname or name, []).append(node)


def inner_module(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Module:
    """Return a module as a function sees it: with what its own statements bind."""
    inner = Module(module.path, module.name, module.tree, {name: [*nodes] for name, nodes in module.bound.items()})
    inner.stars = module.stars
    own = Module(module.path, module.name, module.tree)
    _bind(own, function.body)
    inner.bound.update(own.bound)
    return inner


def annotation(node: ast.expr) -> ast.expr:
    """Return an annotation as an expression, also one that is written as a string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return node
    return node
