"""Follows a function statement by statement, where running it as a whole fails or depends on what a database holds.

Both branches of a condition that only a database decides are followed, the body of a loop over its rows once, and a
statement that fails is left out: what remains is more than nothing, and each part that is missing is named.
"""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.emit.recorder import TooMuch
from alembic_vibe.lint.emit.unknown import Unknown
from alembic_vibe.lint.model import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alembic_vibe.lint.emit.recorder import Recorder

MOST_ROUNDS = 1_000  # of one loop
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_GUESSED = "__vibe_guessed__"  # in a scope: the names whose values only a database knows
DEEPEST = 20  # helpers that call helpers


class _Returned(Exception):  # noqa: N818 - how a `return` leaves the statements around it
    pass


class Stepper:
    """Follows the functions of one module, whose globals are ``namespace``."""

    def __init__(self, tree: ast.Module, namespace: dict[str, Any], recorder: Recorder) -> None:
        self.recorder = recorder
        self.namespace = namespace
        self.functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        self.depth = 0

    def run(self, name: str) -> None:
        """Follow the function of that name, called without arguments."""
        self._enter(self.functions[name], {})

    def _enter(self, function: ast.FunctionDef, arguments: Mapping[str, Any]) -> None:
        if self.depth >= DEEPEST:
            self._gap(function, "helpers call each other without end")
            return
        self.depth += 1
        try:
            self._block(function.body, {**self.namespace, **arguments}, guessing=False)
        except _Returned:
            pass
        finally:
            self.depth -= 1

    def _block(self, statements: Sequence[ast.stmt], scope: dict[str, Any], *, guessing: bool) -> None:
        for statement in statements:
            handler = getattr(self, f"_{type(statement).__name__.lower()}", None)
            try:
                if handler is None:
                    self._execute(statement, scope)
                else:
                    handler(statement, scope, guessing)
            except (_Returned, TooMuch, KeyboardInterrupt):
                raise
            except BaseException as error:  # noqa: BLE001 - the project's code may raise anything
                self._gap(statement, describe(error))
                for name in _bound(statement):  # else each use of it would be one more gap
                    scope.setdefault(name, self.recorder.unknown())

    def _execute(self, statement: ast.stmt, scope: dict[str, Any]) -> None:
        code = compile(ast.Module([statement], []), self.recorder.filename, "exec", dont_inherit=True)
        exec(code, scope)  # noqa: S102 - a revision is Python that its project runs

    def _value(self, expression: ast.expr, scope: dict[str, Any]) -> tuple[Any, bool]:
        """Return the value of an expression, and whether it is a guess."""
        before = self.recorder.looks
        code = compile(ast.Expression(expression), self.recorder.filename, "eval", dont_inherit=True)
        value = eval(code, scope)  # noqa: S307 - the same
        guessed = not scope.get(_GUESSED, frozenset()).isdisjoint(_names(expression))
        return value, guessed or self.recorder.looks > before or isinstance(value, Unknown)

    def _assign(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: dict[str, Any], _: bool) -> None:
        """Carry an assignment out; what is made of a guess is a guess as well, be it an empty list."""
        before = self.recorder.looks
        self._execute(statement, scope)
        known: set[str] = scope.setdefault(_GUESSED, set())
        if self.recorder.looks > before or (statement.value and not known.isdisjoint(_names(statement.value))):
            known.update(_bound(statement))
        else:
            known.difference_update(_bound(statement))

    _annassign = _augassign = _assign

    def _gap(self, node: ast.AST, reason: str) -> None:
        self.recorder.gap(place_of(node, self.recorder), reason)

    # One method for each kind of statement that has others inside.

    def _expr(self, statement: ast.Expr, scope: dict[str, Any], _guessing: bool) -> None:
        call = statement.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in self.functions:
            function = scope.get(call.func.id)
            if function is self.namespace.get(call.func.id) and not _has_stars(call):
                arguments = [self._value(argument, scope)[0] for argument in call.args]
                named = {k.arg: self._value(k.value, scope)[0] for k in call.keywords if k.arg}
                bound = inspect.signature(function).bind(*arguments, **named)  # type: ignore[arg-type]
                bound.apply_defaults()
                self._enter(self.functions[call.func.id], bound.arguments)
                return
        self._execute(statement, scope)

    def _return(self, statement: ast.Return, scope: dict[str, Any], guessing: bool) -> None:
        if statement.value is not None:
            self._value(statement.value, scope)
        if not guessing:
            raise _Returned

    def _if(self, statement: ast.If, scope: dict[str, Any], guessing: bool) -> None:
        try:
            value, guess = self._value(statement.test, scope)
            truth = bool(value)
        except Exception as error:  # noqa: BLE001 - the project's code may raise anything
            self._gap(statement.test, describe(error))
            truth, guess = True, True
        if guess:
            self._gap(statement.test, "it depends on what the database holds")
            self._block(statement.body, scope, guessing=True)
            self._block(statement.orelse, scope, guessing=True)
        else:
            self._block(statement.body if truth else statement.orelse, scope, guessing=guessing)

    def _for(self, statement: ast.For, scope: dict[str, Any], guessing: bool) -> None:
        values, guess = self._value(statement.iter, scope)
        if guess:
            self._gap(statement.iter, "it depends on what the database holds")
            rounds: list[Any] = [self.recorder.unknown()]
        else:
            rounds = [value for value, _ in zip(values, range(MOST_ROUNDS), strict=False)]
        for value in rounds:
            scope["__vibe_value__"] = value
            try:
                target = ast.Assign([statement.target], ast.Name("__vibe_value__", ast.Load()))
                self._execute(ast.fix_missing_locations(ast.copy_location(target, statement)), scope)
            except Exception:  # noqa: BLE001 - an unknown row cannot be taken apart
                for name in _names(statement.target):
                    scope[name] = self.recorder.unknown()
            if self._loop_body(statement.body, scope, guessing=guessing or guess):
                break

    def _while(self, statement: ast.While, scope: dict[str, Any], _guessing: bool) -> None:
        self._gap(statement, "a loop whose end is not known")
        self._value(statement.test, scope)
        self._loop_body(statement.body, scope, guessing=True)

    def _loop_body(self, body: Sequence[ast.stmt], scope: dict[str, Any], *, guessing: bool) -> bool:
        """Follow the body of a loop once; `break` and `continue` are found at its own level only."""
        for statement in body:
            if isinstance(statement, ast.Break) and not guessing:
                return True
            if isinstance(statement, ast.Break | ast.Continue):
                return False
            self._block([statement], scope, guessing=guessing)
        return False

    def _break(self, _statement: ast.Break, _scope: dict[str, Any], _guessing: bool) -> None:
        """Inside a condition it is not followed: the rest of the body is looked at as well."""

    _continue = _pass = _break

    def _with(self, statement: ast.With, scope: dict[str, Any], guessing: bool) -> None:
        item, *rest = statement.items
        manager, _ = self._value(item.context_expr, scope)
        value = manager.__enter__()
        if item.optional_vars is not None:
            scope["__vibe_value__"] = value
            target = ast.Assign([item.optional_vars], ast.Name("__vibe_value__", ast.Load()))
            self._execute(ast.fix_missing_locations(ast.copy_location(target, statement)), scope)
        try:
            if rest:
                inner = ast.copy_location(ast.With(rest, statement.body), statement)
                self._with(inner, scope, guessing)
            else:
                self._block(statement.body, scope, guessing=guessing)
        finally:
            manager.__exit__(None, None, None)

    def _try(self, statement: ast.Try, scope: dict[str, Any], guessing: bool) -> None:
        self._block(statement.body, scope, guessing=guessing)
        self._block(statement.orelse, scope, guessing=guessing)
        self._block(statement.finalbody, scope, guessing=guessing)


def describe(error: BaseException) -> str:
    """Return an exception in a few words, the same in every run: without the addresses of objects."""
    text = " ".join(_ADDRESS.sub("", str(error)).split())
    return f"{type(error).__name__}: {text[:160]}" if text else type(error).__name__


def place_of(node: ast.AST, recorder: Recorder) -> Place:
    """Return the place of a node; of a compound statement, its first line."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
    end, end_column = getattr(node, "end_lineno", line) or line, getattr(node, "end_col_offset", column) or column
    if isinstance(node, ast.stmt) and hasattr(node, "body"):
        end, end_column = line, len(recorder.lines[line - 1]) if line <= len(recorder.lines) else column
    return Place(line, column + 1, end, end_column + 1)


def _has_stars(call: ast.Call) -> bool:
    return any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords)


def _bound(statement: ast.stmt) -> list[str]:
    """Return the names to which a statement without others inside gives a value."""
    if isinstance(statement, ast.Assign):
        return [name for target in statement.targets for name in _names(target)]
    if isinstance(statement, ast.AnnAssign):
        return _names(statement.target)
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in statement.names]
    return []


def _names(target: ast.expr) -> list[str]:
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
