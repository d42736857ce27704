"""What actions make of the schema: a small part of PostgreSQL's catalog, replayed in memory.

One module a family of actions, each with ``HANDLERS``: by class of action, a function that takes the action, the schema
and the revision. A new module needs no list; an action without a handler changes nothing that the schema knows.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.schema import Schema

    Handler = Callable[[Any, Schema, str], None]


def apply(action: Action, schema: Schema, revision: str) -> None:
    """Change ``schema`` as the action does, in the name of ``revision``.

    It never fails: what contradicts the schema (the drop of something unknown) is left aside, and what is made a second
    time takes the place of the first.
    """
    handler = handlers().get(type(action))
    if handler is not None:
        handler(action, schema, revision)


@cache
def handlers() -> dict[type[Action], Handler]:
    """Every handler of this package, by the class of its action."""
    found: dict[type[Action], Handler] = {}
    for module in iter_modules(__path__):
        found.update(getattr(import_module(f"{__name__}.{module.name}"), "HANDLERS", {}))
    return found
