"""Names to make masks of: frozen lists, so that the same key gives the same masks in every version."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def pool(name: str) -> tuple[str, ...]:
    """Return ``first_names``, ``last_names``, ``cities`` or ``streets`` of ``pools.json``."""
    text = files(__package__).joinpath("pools.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)[name])


def draw(number: int, name: str) -> tuple[int, str]:
    """Take one of a pool; return what is left of the number, and it."""
    names = pool(name)
    left, index = divmod(number, len(names))
    return left, names[index]
