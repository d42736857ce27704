"""Mistakes that can be told from the SQL alone. One module a mistake (or family); a new module needs no list.

A module has ``RULES`` (what ``alembic-vibe explain`` says) and one or more of these functions:

- ``check_block(excerpt)``: finds mistakes in the text of a block, before it is parsed. With ``REFUSES_BLOCK = True``
  in the module, a finding means that the statements of the block cannot be told apart, so none of them is used.
- ``explain(problem)``: tells why a statement does not parse. ``None`` where the module has nothing to say; an empty
  iterable where it was said already, for the whole block.
- ``check(statement, outline)``: finds mistakes in one statement; of the types in ``NODE_TYPES``, if the module has it.
- ``check_all(outline)``: finds mistakes that show only in all statements together.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.problem import Excerpt, SyntaxProblem

GENERAL = "AV200"  # the grammar's own words, where no rule knows better


@cache
def modules() -> tuple[Any, ...]:
    """Every module of this package, those with the lowest codes first."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return tuple(
        sorted((m for m in modules if hasattr(m, "RULES")), key=lambda m: (m.RULES[0].code == GENERAL, m.RULES[0].code))
    )


def check_block(excerpt: Excerpt) -> tuple[list[Diagnostic], bool]:
    """Return what is wrong with the text of a block, and whether its statements can't be told apart at all."""
    found: list[Diagnostic] = []
    refused = False
    for module in modules():
        if not hasattr(module, "check_block"):
            continue
        findings = list(module.check_block(excerpt))
        found += findings
        refused = refused or (bool(findings) and getattr(module, "REFUSES_BLOCK", False))
    return found, refused


def explain(problem: SyntaxProblem) -> Iterable[Diagnostic]:
    """Return why a statement does not parse: the first explanation wins, the grammar's own words are the last."""
    for module in modules():
        if hasattr(module, "explain"):
            found: Iterable[Diagnostic] | None = module.explain(problem)
            if found is not None:
                return found
    raise AssertionError("the module syntax_error explains everything")


def check(outline: Outline) -> Iterator[Diagnostic]:
    """Yield what is wrong with statements that parse, one by one and together."""
    checks = [(module.check, getattr(module, "NODE_TYPES", None)) for module in modules() if hasattr(module, "check")]
    for statement in outline.definitions:
        for one, node_types in checks:
            if node_types is None or statement.node_type in node_types:
                yield from one(statement, outline)
    for module in modules():
        if hasattr(module, "check_all"):
            yield from module.check_all(outline)
