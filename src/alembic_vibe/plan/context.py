"""What a strategy may look at while it turns a fact into a step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True)
class Context:
    """The catalog that is wanted, the author's own words for its objects, and what each table gets at once.

    ``source`` holds the spec's CREATE statement of an object where it says all there is to say about it; ``inline``
    holds the constraints that are made together with a table.
    """

    target: Catalog
    source: Mapping[Key, str] = field(default_factory=dict)
    inline: Mapping[Key, tuple[Constraint, ...]] = field(default_factory=dict)
