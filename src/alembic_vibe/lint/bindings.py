"""What the names of a script are bound to, as far as one reading tells."""

from __future__ import annotations

import ast


class Bindings:
    """The names of a whole file, of all its scopes together: a name counts only where it is bound once."""

    def __init__(self, tree: ast.Module) -> None:
        """Take a parsed file."""
        self._values: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        self._bind(target, value)
                case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                    if value is not None:
                        self._bind(target, value)
                case ast.AugAssign(target=target) | ast.For(target=target) | ast.comprehension(target=target):
                    self._bind(target, None)
                case ast.arg(arg=name) | ast.alias(asname=str(name)):
                    self._values.setdefault(name, []).append(None)
                case ast.alias(name=name):
                    self._values.setdefault(name.split(".")[0], []).append(None)

    def value(self, name: str) -> ast.expr | None:
        """Return the expression that a name is bound to; ``None`` where there is none, or more than one."""
        values = self._values.get(name, ())
        return values[0] if len(values) == 1 else None

    def follow(self, node: ast.expr) -> ast.expr:
        """Return what an expression stands for, through names that are bound once."""
        seen = set()
        while isinstance(node, ast.Name) and node.id not in seen:
            seen.add(node.id)
            value = self.value(node.id)
            if value is None:
                return node
            node = value
        return node

    def _bind(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self._bind(element, None)
