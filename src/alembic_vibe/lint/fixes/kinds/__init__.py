"""The kinds of repair, one module each; a new module needs no list.

A module has ``SLUGS`` (the rules whose findings it repairs), ``STAGE`` (a number: kinds with lower ones come first,
since they may solve what later ones would repair) and ``plan(page, findings) -> Plan``. What is not certain is left
alone, with a reason: ``Refusal``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@cache
def modules() -> tuple[Any, ...]:
    """Every module of this package, in the order in which they are to be asked."""
    found = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return tuple(sorted((module for module in found if hasattr(module, "SLUGS")), key=lambda module: module.STAGE))
