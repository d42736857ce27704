"""Whether an expression gives another value at each call, as PostgreSQL tells it by ``pg_proc.provolatile``.

A default that is not volatile is evaluated once when a column is added, and no row is touched (manual, ALTER TABLE,
Notes); for a volatile one the table is rewritten. The functions of ``pg_catalog`` stand in ``functions.toml``, measured
on 15 and 18. No operator of PostgreSQL is volatile (measured), nor are casts between its types.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_vibe.sql.tree import name_of, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.lint.actions import Expression
    from alembic_vibe.sql.tree import QualifiedName

BUILT_IN = "pg_catalog"


@cache
def known_functions() -> dict[str, bool]:
    """Return the functions of ``pg_catalog`` that are called by name, and whether they are volatile."""
    texts = tomllib.loads(Path(__file__).with_name("functions.toml").read_text(encoding="utf-8"))
    known = dict.fromkeys(texts["stable_or_immutable"].split(), False)
    return known | dict.fromkeys(texts["volatile"].split(), True)


def is_volatile(expression: Expression, functions: Mapping[QualifiedName, str]) -> bool:
    """Whether an expression is volatile, or calls a function of which nobody knows that it is not.

    Args:
        expression: What a column's default or generation expression says.
        functions: The functions that the chain has made, with their volatility (``volatile``, ``stable`` …).
    """
    return bool(volatile_functions(expression, functions))


def volatile_functions(expression: Expression, functions: Mapping[QualifiedName, str]) -> tuple[str, ...]:
    """Return the functions that make an expression volatile, as written, each once and sorted."""
    called = {name_of(body.get("funcname")) for kind, body in walk(expression.node) if kind == "FuncCall"}
    return tuple(sorted(str(name) for name in called if _is_volatile(name, functions)))


def _is_volatile(name: QualifiedName, functions: Mapping[QualifiedName, str]) -> bool:
    if name.schema in {"", BUILT_IN}:
        known = known_functions().get(name.name)
        if known is not None or name.schema:
            return known is not False
    made = [how for made, how in functions.items() if made.name == name.name and name.schema in {"", made.schema}]
    return not made or "volatile" in made
