"""Where the values of a column come from when no foreign key, sequence or exclusion constraint decides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

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


class Uuids:
    """Random UUIDs; the seed decides them."""

    capacity: int | None = None

    def batch(self, random: Random, first: int, count: int) -> list[Value]:
        """Return as many."""
        _ = first
        return uuids(random, count)


def uuids(random: Random, count: int) -> list[Any]:
    """Return random UUIDs of version 4 (RFC 9562, section 5.4) as texts."""
    data = f"{random.getrandbits(128 * count):0{32 * count}x}" if count else ""
    return [
        f"{data[at : at + 8]}-{data[at + 8 : at + 12]}-4{data[at + 13 : at + 16]}-"
        f"{'89ab'[int(data[at + 16], 16) & 3]}{data[at + 17 : at + 20]}-{data[at + 20 : at + 32]}"
        for at in range(0, 32 * count, 32)
    ]


def source(
    types: Mapping[int, TypeFact], column: ColumnFact, table: TableFact, domain: Domain, *, unique: bool
) -> Source | None:
    """Return what gives values of a column within a domain, or ``None`` if there are none but NULL."""
    from alembic_vibe.data.values import generator

    if domain.null is True:
        return None
    fact = types.get(column.type)
    if fact is not None and fact.name == "uuid" and domain.choices is None and not domain.patterns:
        return Uuids()
    made = generator(types, column, table.target.name, domain, unique=unique)
    return plain(types, column, table, domain, unique=unique) if made is None else made
