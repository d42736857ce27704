"""The masks, each module a family: modules with ``MASKS`` are found here, so a new one edits no list."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.subset.masking.model import Mask


@cache
def all_masks() -> dict[str, Mask]:
    """Return every mask by its name."""
    found: dict[str, Mask] = {}
    for entry in sorted(iter_modules(__path__, __name__ + "."), key=lambda entry: entry.name):
        for mask in import_module(entry.name).MASKS:
            found[mask.name] = mask
    return found
