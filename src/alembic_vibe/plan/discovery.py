"""Find what makes objects, and what carries changes out: modules of ``plan/objects`` and ``plan/strategies``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from alembic_vibe.plan import objects, strategies

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Fact
    from alembic_vibe.catalog.keys import Kind
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.context import Context
    from alembic_vibe.plan.model import Step
    from alembic_vibe.plan.situation import Planned, Situation


class Maker(Protocol):
    """What a module of ``plan/objects`` has: it makes and unmakes objects that nobody uses yet."""

    KINDS: tuple[Kind, ...]

    def create(self, fact: Fact, context: Context) -> Step:
        """Return the step that makes the object of a fact."""
        ...


class Strategy(Protocol):
    """What a module of ``plan/strategies`` has: it carries one kind of change out, on objects that are in use."""

    RECIPES: tuple[str, ...]  # rows of the table of changes: "1", "10a"

    def applies(self, change: Change, situation: Situation) -> bool:
        """Whether this is the strategy for a change; true for one module at most."""
        ...

    def plan(self, change: Change, situation: Situation) -> Planned:
        """Return the steps of all phases."""
        ...


@cache
def makers_by_kind() -> dict[Kind, Maker]:
    """Return what makes each kind of object.

    Raises:
        TypeError: Two modules claim the same kind.
    """
    found: dict[Kind, Maker] = {}
    for entry in iter_modules(objects.__path__, objects.__name__ + "."):
        module = cast("Maker", import_module(entry.name))
        for kind in module.KINDS:
            if kind in found:
                msg = f"two modules make {kind}"
                raise TypeError(msg)
            found[kind] = module
    return found


@cache
def all_strategies() -> tuple[Strategy, ...]:
    """Return the strategies, in the order of their modules' names."""
    names = sorted(entry.name for entry in iter_modules(strategies.__path__, strategies.__name__ + "."))
    return tuple(cast("Strategy", import_module(name)) for name in names)


def strategy_for(change: Change, situation: Situation) -> Strategy | None:
    """Return the strategy for a change, or ``None``.

    Raises:
        TypeError: Two strategies claim the change, which is a defect.
    """
    found = [strategy for strategy in all_strategies() if strategy.applies(change, situation)]
    if len(found) > 1:
        msg = f"{len(found)} strategies for {change.describe()}: {', '.join(map(str, found))}"
        raise TypeError(msg)
    return found[0] if found else None
