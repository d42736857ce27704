"""SQL texts that a revision puts together at run time: where, and what is inserted.

Names are followed as far as reading alone goes: constants of the module, local names that are bound to constants, and
loops over literal collections are as good as literal.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from alembic_vibe.lint.comments import STRING
from alembic_vibe.lint.model import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from alembic_vibe.lint.places import Places

_TAKES_SQL = frozenset({"execute", "exec_driver_sql", "text", "DDL"})
_WRAPS_SQL = frozenset({"text", "DDL"})  # their argument is looked at where they are called
_CALL = re.compile(r"\b(?:execute|exec_driver_sql|text|DDL)\s*\(")
_LITERAL = re.compile(
    rf"\s*+(?:(?:\w++\.)*+(?:dedent|text|DDL|cleandoc)\s*+\(\s*+)*+(?:[rRuU]?{STRING}\s*+)++[,)]", re.DOTALL
)
_PASSES_TEXT_ON = frozenset({"dedent", "cleandoc", "str", "f", "indent"})
_MAKES_TEXT = frozenset({"format", "format_map", "join", "replace", "strip", "lower", "upper", "decode", "lstrip"})
_RESHAPES = _MAKES_TEXT | {"items", "keys", "values", "split", "splitlines"}
_READS_TEXT = frozenset({"read_text", "read", "getvalue"})
_COLLECTS = frozenset(
    {"sorted", "enumerate", "zip", "range", "list", "tuple", "dict", "set", "reversed", "len", "repr"}
)
_KEYWORDS = ("sqltext", "statement", "text", "sql")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MOST = 40  # characters of an inserted expression that are shown


class _Scope:
    """What the names of a function, or of the module, are bound to. ``None``: to something that reading cannot tell."""

    def __init__(self, outer: _Scope | None) -> None:
        self.outer = outer
        self.names: dict[str, list[ast.expr | None]] = {}

    def bind(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.names.setdefault(target.id, []).append(value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for element in target.elts:
                self.bind(element, value)  # a part of something literal is literal
        elif isinstance(target, ast.Starred):
            self.bind(target.value, value)

    def values(self, name: str) -> list[ast.expr | None]:
        if name in self.names:
            return self.names[name]
        return self.outer.values(name) if self.outer is not None else []


def dynamic(text: str, tree: ast.Module, places: Places) -> tuple[Gap, ...]:
    """Return the places of SQL texts given to ``execute()`` and ``text()`` that are not literal, in order."""
    if all(_LITERAL.match(text, call.end()) for call in _CALL.finditer(text)):
        return ()  # so it is in most files, and this is ten times as fast as looking at the tree
    found: list[Gap] = []
    _look(tree.body, _Scope(None), places, found)
    return tuple(sorted(found))


def _look(body: Sequence[ast.stmt], scope: _Scope, places: Places, found: list[Gap]) -> None:
    """Look at the statements of one scope, then at the functions and classes within."""
    inner: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = []
    calls: list[ast.Call] = []
    for node in _nodes(body):
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            inner.append(node)
            scope.names.setdefault(node.name, []).append(None)
        elif isinstance(node, ast.Call):
            calls.append(node)
        else:
            _bind(node, scope)
    for call in calls:
        argument = _sql_argument(call)
        if argument is None or not _is_textual(argument, scope, frozenset()):
            continue
        inserted = list(dict.fromkeys(_inserted(argument, scope, frozenset())))
        if inserted:
            found.append(Gap(places.of(argument), "inserts " + ", ".join(f"`{part}`" for part in inserted)))
    for definition in inner:
        nested = _Scope(scope)
        if not isinstance(definition, ast.ClassDef):
            arguments = definition.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
            nested.names.update({argument.arg: [None] for argument in every if argument is not None})
        _look(definition.body, nested, places, found)


def _nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield all nodes of one scope; functions and classes are yielded and not entered, in order of the source."""
    stack = list(body)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            continue
        children: list[ast.AST] = []
        for value in node.__dict__.values():
            if isinstance(value, ast.AST):
                children.append(value)
            elif isinstance(value, list):
                children += [element for element in value if isinstance(element, ast.AST)]
        stack += reversed(children)


def _bind(node: ast.AST, scope: _Scope) -> None:
    """Remember what a statement binds."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            scope.bind(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            scope.bind(node.target, node.value)
    elif isinstance(node, ast.AugAssign):
        scope.bind(node.target, node.value)  # what was there before is among the values already
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        scope.bind(node.target, node.iter)
    elif isinstance(node, ast.withitem):
        if node.optional_vars is not None:
            scope.bind(node.optional_vars, None)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        library = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("sqlalchemy", "alembic")
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            # The library's own names are functions and modules, never SQL texts: they stay unbound.
            if isinstance(node, ast.ImportFrom) and not library:
                scope.names.setdefault(name, []).append(None)


def _sql_argument(call: ast.Call) -> ast.expr | None:
    """Return the argument that holds SQL, of a call that takes some."""
    if _called(call) not in _TAKES_SQL:
        return None
    if call.args:
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg in _KEYWORDS), None)


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _is_textual(node: ast.expr, scope: _Scope, seen: frozenset[str]) -> bool:
    """Whether an expression is a text, as far as reading can tell; SQLAlchemy's constructs are none."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()) | ast.Attribute():
            return True
        case ast.BinOp(left=left, right=right):
            return _is_textual(left, scope, seen) or _is_textual(right, scope, seen)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_textual(body, scope, seen) or _is_textual(orelse, scope, seen)
        case ast.Name(id=name):
            values = scope.values(name)
            if name in seen:
                return False
            return any(value is None or _is_textual(value, scope, seen | {name}) for value in values)
        case ast.Subscript(value=value):
            return _is_textual(value, scope, seen)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):  # a loop goes over it
            return any(_is_textual(element, scope, seen) for element in elements)
        case ast.Dict(values=values_):
            return any(_is_textual(value, scope, seen) for value in values_)
        case ast.Call():
            return _returns_text(node, scope, seen)
    return False


def _returns_text(call: ast.Call, scope: _Scope, seen: frozenset[str]) -> bool:
    name = _called(call)
    if isinstance(call.func, ast.Attribute):
        if name in _READS_TEXT or name in _PASSES_TEXT_ON:
            return True
        return name in _MAKES_TEXT and _is_textual(call.func.value, scope, seen)
    return name not in _WRAPS_SQL and (name in _PASSES_TEXT_ON or None in scope.values(name))


def _inserted(node: ast.expr | None, scope: _Scope, seen: frozenset[str]) -> Iterator[str]:
    """Yield the parts of an expression that are not literal, as they are written."""
    match node:
        case None | ast.Constant():
            return
        case ast.Name(id=name):
            values = scope.values(name)
            if name in seen:
                return
            if not values or None in values:
                yield name
                return
            for value in values:
                yield from _inserted(value, scope, seen | {name})
        case ast.Call():
            yield from _inserted_by_call(node, scope, seen)
        case ast.Attribute() | ast.Await() | ast.Lambda():
            yield _written(node)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _inserted(body, scope, seen)
            yield from _inserted(orelse, scope, seen)
        case _:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    yield from _inserted(child, scope, seen)
                elif isinstance(child, ast.comprehension):
                    yield from _inserted(child.iter, scope, seen)


def _inserted_by_call(call: ast.Call, scope: _Scope, seen: frozenset[str]) -> Iterator[str]:
    """Look through calls that only pass on or reshape what they are given."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    match call.func:
        case ast.Attribute(value=base, attr=attribute):
            if attribute in _PASSES_TEXT_ON:
                parts = arguments
            elif attribute in _RESHAPES:
                parts = [base, *arguments]
            else:
                yield _written(call)
                return
        case ast.Name(id=name) if name in _PASSES_TEXT_ON | _COLLECTS | _WRAPS_SQL:
            parts = arguments
        case _:
            yield _written(call)
            return
    for part in parts:
        yield from _inserted(part, scope, seen)


def _written(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
