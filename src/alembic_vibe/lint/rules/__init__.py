"""The rules of the linter, one module each; a new module needs no list.

A module has ``RULE`` and ``RULES = (RULE,)`` (what ``alembic-vibe explain`` says; ``bad`` and ``good`` are the Python
of a revision), ``EXAMPLES`` (see ``lint.examples``; the first one's code is that of the rule), and one or more of:

- ``check(action, at)`` with ``ACTIONS``, the classes of ``lint.actions`` that it wants: called before the action takes
  effect, with all that is known at that moment (``lint.moment.Moment``).
- ``check_statement(at)``: called once for each statement, before its actions.
- ``check_revision(walk)``: called after a revision was walked through, with ``lint.moment.Walk``.
- ``check_chain(chain)``: yields pairs ``(revision, Finding)`` from ``lint.chain.Chain``.
- ``check_environment(environment)``: findings about env.py, placed there.

``OPT_IN = True`` keeps a rule silent unless the settings name its severity: matters of taste.

``HAZARDS`` names the hazards (``alembic_vibe.hazards``) whose acceptance, in the head of a revision, accepts what the
rule would report.

All yield ``Finding``s. ``DIRECTIONS = (Direction.UPGRADE,)`` keeps ``check`` and ``check_statement`` to one function
of a revision; both otherwise. A module leaves out what is done to tables that the same revision has made
(``at.is_own(table)``). Messages name the object, in one line, lower case, no full stop.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from alembic_vibe.lint.model import Direction

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Rule

BOTH = tuple(Direction)


@cache
def modules() -> tuple[Any, ...]:
    """Every module of this package, by the code of its rule."""
    found = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(sorted((module for module in found if hasattr(module, "RULE")), key=lambda module: module.RULE.code))


@cache
def hazards(slug: str) -> frozenset[str]:
    """Return the hazards that speak for a rule's findings."""
    return frozenset(
        name for module in modules() if module.RULE.slug == slug for name in getattr(module, "HAZARDS", ())
    )


@cache
def opt_in() -> frozenset[str]:
    """Return the rules that are silent unless the settings name them."""
    return frozenset(module.RULE.slug for module in modules() if getattr(module, "OPT_IN", False))


@cache
def with_hook(name: str, direction: Direction | None = None) -> tuple[tuple[Rule, Any], ...]:
    """Return the rules that have a function of that name, for that direction if one is given, with the function."""
    return tuple(
        (module.RULE, getattr(module, name))
        for module in modules()
        if hasattr(module, name) and (direction is None or direction in getattr(module, "DIRECTIONS", BOTH))
    )


@cache
def for_action(kind: Any, direction: Direction) -> tuple[tuple[Rule, Any], ...]:
    """Return the rules that look at one class of ``lint.actions``, with their ``check``."""
    return tuple(
        (module.RULE, module.check)
        for module in modules()
        if hasattr(module, "check")
        and issubclass(kind, tuple(module.ACTIONS))
        and direction in getattr(module, "DIRECTIONS", BOTH)
    )
