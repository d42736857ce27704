"""From an expression to the metadata behind it: which declarative base or ``MetaData`` it belongs to.

Two names for one ``MetaData`` have one origin: the place where it is made. The ways to make one are those of
SQLAlchemy's documentation (Declarative Mapping Styles, ``registry``) and of Flask-SQLAlchemy.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.adopt.modules import Found, Module, Outside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alembic_vibe.adopt.configure import Value
    from alembic_vibe.adopt.modules import Modules

_ROOTS = {"DeclarativeBase", "DeclarativeBaseNoMeta"}  # a class that derives from one of these has its own metadata
_MAKES_BASE = {"declarative_base", "automap_base", "as_declarative"}
_MAKES_BASE_OF_REGISTRY = {"generate_base", "as_declarative_base"}
_DEEPEST = 20


@dataclass(frozen=True)
class Made:
    """Where something is made, and what it is called there; without a path it is of another package."""

    path: Path | None
    line: int
    name: str
    module: str


@dataclass(frozen=True)
class Origin:
    """A metadata: where it is made, and the declarative base that it was reached through, itself if there is none.

    ``convention`` is the expression of its naming convention, with the module that it stands in.
    """

    made: Made
    base: Made
    convention: tuple[Module, ast.expr] | None = None

    @property
    def key(self) -> tuple[Path | None, int, str]:
        """What makes two origins one."""
        made = self.made
        return made.path, made.line, f"{made.module}.{made.name}" if made.path is None else ""

    def through(self, base: Made) -> Origin:
        """Return the same as reached through a base; the one that is nearest to the metadata stays."""
        return replace(self, base=base) if self.base == self.made else self


def _origin(made: Made, convention: tuple[Module, ast.expr] | None = None) -> Origin:
    return Origin(made, made, convention)


class Origins:
    """Follows expressions and classes to the metadata that they use."""

    def __init__(self, modules: Modules) -> None:
        """Take the modules of the project."""
        self._modules = modules
        self._classes: dict[ast.ClassDef, list[Origin]] = {}

    def of_metadata(self, module: Module, node: ast.AST, depth: int = 0) -> Iterator[Origin]:
        """Yield the origins of an expression that stands for a ``MetaData``, or for several in a list."""
        if depth > _DEEPEST:
            return
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    yield from self.of_metadata(module, element, depth + 1)
                return
            case ast.Dict(values=values):  # one for each database, as in the multidb template
                for value in values:
                    yield from self.of_metadata(module, value, depth + 1)
                return
            case ast.Call(func=ast.Attribute(value=ast.Name() as value, attr="get")):
                yield from self.of_metadata(module, value, depth + 1)
                return
            case ast.IfExp(body=body, orelse=orelse):
                for part in (body, orelse):
                    yield from self.of_metadata(module, part, depth + 1)
                return
            case ast.Await(value=value) | ast.Starred(value=value):
                yield from self.of_metadata(module, value, depth + 1)
                return
        for found in self._modules.resolve(module, node):
            yield from self._of(found, depth)

    def _of(self, found: Found | Outside, depth: int) -> Iterator[Origin]:
        if isinstance(found, Outside):
            owner, _, attribute = found.name.rpartition(".")
            if attribute == "metadata" and owner:
                package, _, name = owner.rpartition(".")
                yield _origin(Made(None, 0, name or owner, package or owner))
            return
        match found.node:
            case ast.Attribute(value=value, attr="metadata" | "metadatas"):
                yield from self.of_base(found.module, value, depth + 1)
            case ast.Call() as call:
                yield from self._of_call(found, call, depth)
            case ast.List() | ast.Tuple() | ast.Dict() | ast.IfExp() | ast.Attribute() | ast.Name() as inner:
                if isinstance(inner, (ast.Attribute, ast.Name)) and depth > _DEEPEST // 2:
                    return
                yield from self._again(found, inner, depth)

    def _again(self, found: Found, node: ast.AST, depth: int) -> Iterator[Origin]:
        """Go on with the value that a name is bound to, unless that is all there is to it."""
        if isinstance(node, ast.Attribute):
            for value in self._class_attribute(found.module, node):
                yield from self.of_metadata(*value, depth + 1)
            return
        yield from self.of_metadata(found.module, node, depth + 1)

    def _class_attribute(self, module: Module, node: ast.Attribute) -> Iterator[tuple[Module, ast.expr]]:
        """Yield what an attribute of a class is set to in its body."""
        for owner in self._modules.resolve(module, node.value):
            if isinstance(owner, Found) and isinstance(owner.node, ast.ClassDef):
                value = assigned(owner.node, node.attr)
                if value is not None:
                    yield owner.module, value

    def _of_call(self, found: Found, call: ast.Call, depth: int) -> Iterator[Origin]:
        name = called(call)
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
        if name in {"MetaData", *_MAKES_BASE, "SQLAlchemy", "registry", *_MAKES_BASE_OF_REGISTRY}:
            yield from self._made_by(found, call, given, depth)
            return
        for made in self._modules.resolve(found.module, call.func):
            if not isinstance(made, Found):
                continue
            if isinstance(made.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from self._returned(made.module, made.node, depth + 1)
            elif isinstance(made.node, ast.ClassDef) and any(
                self._name(made.module, base) in {"SQLAlchemy", "MetaData"} for base in made.node.bases
            ):
                yield from self._made_by(found, call, given, depth)

    def _made_by(self, found: Found, call: ast.Call, given: dict[str, ast.expr], depth: int) -> Iterator[Origin]:
        """Yield the origin of what SQLAlchemy's or Flask-SQLAlchemy's own functions make."""
        name = called(call)
        here = Made(found.module.path, call.lineno, found.name, found.module.name)
        for key in ("metadata", "model_class"):
            if key in given and name != "MetaData":
                inner = self.of_base if key == "model_class" else self.of_metadata
                known = list(inner(found.module, given[key], depth + 1))
                if known:
                    yield from (origin.through(here) if name in _MAKES_BASE else origin for origin in known)
                    return
        if name in _MAKES_BASE_OF_REGISTRY and isinstance(call.func, ast.Attribute):
            known = [
                origin
                for registry in self._modules.resolve(found.module, call.func.value)
                if isinstance(registry, Found) and isinstance(registry.node, ast.Call)
                for origin in self._of_call(registry, registry.node, depth + 1)
            ]
            if known:
                yield from (origin.through(here) for origin in known)
                return
        convention = given.get("naming_convention")
        yield _origin(here, (found.module, convention) if convention is not None else None)

    def _returned(
        self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, depth: int
    ) -> Iterator[Origin]:
        """Yield the origins of what a function returns; names that it binds itself count as well."""
        from alembic_vibe.adopt.modules import inner_module

        inner = inner_module(module, function)
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self.of_metadata(inner, node.value, depth)

    def without(self, given: Value) -> Iterator[tuple[int, str]]:
        """Yield the elements of a list of metadata that nothing could be found for: the line and the expression."""
        for found in self._modules.resolve(given.module, given.node):
            if isinstance(found, Found) and isinstance(found.node, (ast.List, ast.Tuple)):
                for element in found.node.elts:
                    if not any(True for _ in self.of_metadata(found.module, element)):
                        yield element.lineno, ast.unparse(element)

    # -- classes ----------------------------------------------------------------------------------------------------

    def of_base(self, module: Module, node: ast.AST, depth: int = 0) -> Iterator[Origin]:
        """Yield the origins of an expression that stands for a class, or for an object with ``metadata``."""
        if depth > _DEEPEST:
            return
        for found in self._modules.resolve(module, node):
            if isinstance(found, Outside):
                package, _, name = found.name.rpartition(".")
                if package:
                    yield _origin(Made(None, 0, name, package))
            elif isinstance(found.node, ast.ClassDef):
                yield from self.of_class(found.module, found.node, depth + 1)
            elif isinstance(found.node, ast.Call):
                yield from self._of_call(found, found.node, depth + 1)
            elif isinstance(found.node, ast.Attribute) and found.node.attr == "Model":  # of Flask-SQLAlchemy
                yield from self.of_base(found.module, found.node.value, depth + 1)

    def of_class(self, module: Module, node: ast.ClassDef, depth: int = 0) -> list[Origin]:
        """Return the origins of the metadata that a class uses; empty for one that is not mapped."""
        if node in self._classes or depth > _DEEPEST:
            return self._classes.get(node, [])
        self._classes[node] = []  # a class that derives from itself, in a file that is being edited
        found = {origin.key: origin for origin in self._of_class(module, node, depth)}
        inside = [origin for origin in found.values() if origin.made.path is not None]
        # A base of another package is meant only where there is none of the project: the others are mixins.
        self._classes[node] = inside or list(found.values())
        return self._classes[node]

    def _of_class(self, module: Module, node: ast.ClassDef, depth: int) -> Iterator[Origin]:
        here = Made(module.path, node.lineno, node.name, module.name)
        own = assigned(node, "metadata")
        if own is not None:
            known = list(self.of_metadata(module, own, depth + 1))
            if known:
                yield from (origin.through(here) for origin in known)
                return
        registry = assigned(node, "registry")
        bases = [self._name(module, base) for base in node.bases]
        decorated = [called(d) if isinstance(d, ast.Call) else _last(d) for d in node.decorator_list]
        if any(name in _ROOTS for name in bases) or any(
            name in {"as_declarative", "as_declarative_base"} for name in decorated
        ):
            if isinstance(registry, ast.Call):
                given = {keyword.arg: keyword.value for keyword in registry.keywords if keyword.arg}
                if "metadata" in given:
                    yield from (o.through(here) for o in self.of_metadata(module, given["metadata"], depth + 1))
                    return
            elif registry is not None:
                known = list(self.of_metadata(module, registry, depth + 1))
                if known:
                    yield from (origin.through(here) for origin in known)
                    return
            yield _origin(here)
            return
        for base in node.bases:
            yield from self.of_base(module, base.value if isinstance(base, ast.Subscript) else base, depth + 1)

    def _name(self, module: Module, node: ast.expr) -> str:
        """Return the last name of a base class, as its own package calls it."""
        for found in self._modules.resolve(module, node):
            if isinstance(found, Outside):
                return found.name.rpartition(".")[2]
        return _last(node)


def called(call: ast.Call) -> str:
    """Return the last name of what is called."""
    return _last(call.func)


def assigned(node: ast.ClassDef, name: str) -> ast.expr | None:
    """Return what the body of a class sets an attribute to; ``None`` where it does not."""
    for item in node.body:
        match item:
            case ast.Assign(targets=targets, value=value):
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    return value
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                return value
    return None


def _last(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=attr):
            return attr
        case ast.Name(id=name):
            return name
        case ast.Subscript(value=value):
            return _last(value)
    return ""
