"""Where the values of a column come from when no foreign key, sequence or exclusion constraint decides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from alembic_vibe.data.engine.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from alembic_vibe.data.model import Domain, Value
    from alembic_vibe.prove.rows_facts import ColumnFact, TableFact, TypeFact


class Source(Protocol):
    """Gives values of one column."""

    @property
    def capacity(self) -> int | None:
        """How many different ones there are; ``None``: more than anybody needs."""

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return ``count`` values for the rows from number ``first`` on."""


def source(
    types: Mapping[int, TypeFact], column: ColumnFact, table: TableFact, domain: Domain, *, unique: bool
) -> Source | None:
    """Return what gives values of a column within a domain, or ``None`` if there are none but NULL."""
    from alembic_vibe.data.values import generator

    if domain.null is True:
        return None
    made = generator(types, column, table.target.name, domain, unique=unique)
    return plain(types, column, table, domain, unique=unique) if made is None else made
