"""Find the strategies: each module of ``plan/strategies`` names its kinds and how it makes them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from alembic_vibe.plan import strategies

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Kind
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.model import Step


class Strategy(Protocol):
    """What a strategy module has."""

    KINDS: tuple[Kind, ...]

    def create(self, fact: Fact, context: Context) -> Step:
        """Return the step that makes the object of a fact."""
        ...


@cache
def strategies_by_kind() -> dict[Kind, Strategy]:
    """Return the strategy for each kind of object.

    Raises:
        TypeError: Two modules claim the same kind.
    """
    found: dict[Kind, Strategy] = {}
    for entry in iter_modules(strategies.__path__, strategies.__name__ + "."):
        module = cast("Strategy", import_module(entry.name))
        for kind in module.KINDS:
            if kind in found:
                msg = f"two strategies for {kind}"
                raise TypeError(msg)
            found[kind] = module
    return found
