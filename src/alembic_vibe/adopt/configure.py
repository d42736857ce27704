"""The calls of ``context.configure()`` that an env.py makes, itself or through a function of the project."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.adopt.modules import Found, inner_module
from alembic_vibe.lint.bindings import Bindings
from alembic_vibe.lint.environment import configure_calls, keywords_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.adopt.modules import Module, Modules

    # Where a call stands, what the parameters of the function around it are, and the call.
    _Call = tuple[Module, dict[str, ast.expr], ast.Call]


@dataclass(frozen=True)
class Value:
    """An expression, with the module (and the function of it) whose names it uses."""

    module: Module
    node: ast.expr


@dataclass(frozen=True)
class Configured:
    """What ``context.configure()`` is given: for each option the values of all calls.

    ``modules``: where the calls stand; ``complete``: whether all that is given could be read.
    """

    given: dict[str, list[Value]]
    modules: tuple[Module, ...]
    complete: bool


def read_calls(module: Module, modules: Modules) -> Configured:
    """Read the calls of an env.py; where it has none, those of the functions that it hands its ``context`` to."""
    given: dict[str, list[Value]] = {}
    used: dict[Module, None] = {}
    complete = True
    own: list[_Call] = [(module, {}, call) for call in configure_calls(module.tree)]
    found = own or list(_handed(module, modules))
    bindings: dict[Module, Bindings] = {}
    for owner, arguments, call in found:
        used[owner] = None
        if owner not in bindings:
            bindings[owner] = Bindings(owner.tree)
        options, known = keywords_of(call, bindings[owner])
        complete = complete and known
        for name, node in options.items():
            if isinstance(node, ast.Name) and node.id in arguments:
                value = Value(module, arguments[node.id])
            else:
                value = Value(_around(owner, node), bindings[owner].follow(node))
            given.setdefault(name, []).append(value)
    return Configured(given, tuple(used), complete)


def _handed(module: Module, modules: Modules) -> Iterator[_Call]:
    """Yield the calls in functions of other modules that env.py calls, with what their parameters are."""
    for call in ast.walk(module.tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, (ast.Name, ast.Attribute)):
            continue
        for found in modules.resolve(module, call.func):
            if not isinstance(found, Found) or not isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            names = [parameter.arg for parameter in found.node.args.args]
            arguments = dict(zip(names, call.args, strict=False))
            arguments.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
            inner = ast.Module(body=[found.node], type_ignores=[])
            yield from ((found.module, arguments, configure) for configure in configure_calls(inner))


def _around(module: Module, node: ast.AST) -> Module:
    """Return a module as the innermost function around an expression sees it."""
    inner = module
    for function in ast.walk(module.tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and any(
            child is node for child in ast.walk(function)
        ):
            inner = inner_module(inner, function)
    return inner
