"""What is wanted of a generator: the column, its type, and what its values must satisfy."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.domains import fits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alembic_vibe.data.meanings import Meaning
    from alembic_vibe.data.model import Domain, Value
    from alembic_vibe.prove.rows_facts import TypeFact


@dataclass(frozen=True, slots=True)
class Wanted:
    """One column.

    ``fact`` is its type below any domains, ``modifier`` that of it; ``domain`` includes what the type says.
    """

    types: Mapping[int, TypeFact]
    fact: TypeFact
    modifier: int
    table: str
    name: str
    meaning: Meaning
    domain: Domain
    unique: bool

    def chance(self, purpose: str = "") -> Random:
        """Return chance of the column's own, the same each time: for what is made once."""
        return Random(f"{self.table}.{self.name}/{purpose}")  # noqa: S311 - no secret

    def fitting(self, values: Sequence[Value]) -> list[Value]:
        """Return those values that are certainly in the domain."""
        return [value for value in values if fits(self.domain, value) is True]
