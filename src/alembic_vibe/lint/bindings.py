"""What the names of a script are bound to, as far as one reading tells."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)


@dataclass(frozen=True)
class Change:
    """``name[key] = value`` or ``name.update(…)``, and whether it stands under a condition or in a loop."""

    node: ast.Assign | ast.Call
    conditional: bool


@dataclass
class _Scope:
    """The module or a function: what binds names in it, and what changes the dictionaries that they hold."""

    outer: _Scope | None = None
    values: dict[str, list[ast.expr | None]] = field(default_factory=dict)
    changes: dict[str, list[Change]] = field(default_factory=dict)

    def that_binds(self, name: str) -> _Scope | None:
        if name in self.values or self.outer is None:
            return self if name in self.values else None
        return self.outer.that_binds(name)


class Bindings:
    """The names of a file, each in its own function: a name counts only where it is bound once."""

    def __init__(self, tree: ast.Module) -> None:
        """Take a parsed file."""
        self._scope_of: dict[ast.AST, _Scope] = {}
        self._visit(tree, _Scope(), conditional=False)

    def value(self, name: ast.Name) -> ast.expr | None:
        """Return the expression that a name is bound to; ``None`` where there is none, or more than one."""
        scope = self._binding(name)
        values = scope.values[name.id] if scope is not None else []
        return values[0] if len(values) == 1 else None

    def changes(self, name: ast.Name) -> list[Change]:
        """Return what changes the dictionary that a name holds, in the function that binds it."""
        scope = self._binding(name)
        return scope.changes.get(name.id, []) if scope is not None else []

    def follow(self, node: ast.expr) -> ast.expr:
        """Return what an expression stands for, through names that are bound once."""
        seen = set()
        while isinstance(node, ast.Name) and node not in seen:
            seen.add(node)
            value = self.value(node)
            if value is None:
                return node
            node = value
        return node

    def _binding(self, name: ast.Name) -> _Scope | None:
        scope = self._scope_of.get(name)
        return scope.that_binds(name.id) if scope is not None else None

    def _visit(self, node: ast.AST, scope: _Scope, *, conditional: bool) -> None:
        self._scope_of[node] = scope
        self._note(node, scope, conditional)
        inner = _Scope(scope) if isinstance(node, _FUNCTIONS) else scope
        conditional = (conditional and inner is scope) or isinstance(node, _BRANCHES)
        for child in ast.iter_child_nodes(node):
            self._visit(child, inner, conditional=conditional)

    def _note(self, node: ast.AST, scope: _Scope, conditional: bool) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value, scope)
                    if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                        scope.changes.setdefault(target.value.id, []).append(Change(node, conditional))
            case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                if value is not None:
                    self._bind(target, value, scope)
            case ast.AugAssign(target=target) | ast.For(target=target) | ast.comprehension(target=target):
                self._bind(target, None, scope)
            case ast.arg(arg=name) | ast.alias(asname=str(name)):
                scope.values.setdefault(name, []).append(None)
            case ast.alias(name=name):
                scope.values.setdefault(name.split(".")[0], []).append(None)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="update" | "setdefault" | "pop")):
                scope.changes.setdefault(name, []).append(Change(node, conditional))

    def _bind(self, target: ast.expr, value: ast.expr | None, scope: _Scope) -> None:
        if isinstance(target, ast.Name):
            scope.values.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._bind(element, None, scope)
