"""The changes that adoption makes, a module each: ``propose(adoption)`` says what it would do, and why not."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.adopt.request import Adoption, Proposal


def propose_all(adoption: Adoption) -> tuple[Proposal, ...]:
    """Return what each module of this package proposes, in the order of their names."""
    modules = (import_module(f"{__name__}.{info.name}") for info in iter_modules(__path__) if info.name[0] != "_")
    return tuple(module.propose(adoption) for module in modules)
