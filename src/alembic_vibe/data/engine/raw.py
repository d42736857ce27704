"""Texts that the server gave back, as the values that CHECKs are evaluated with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alembic_vibe.data.model import Value
    from alembic_vibe.prove.rows_facts import ColumnFact, TypeFact

_READ: dict[str, Callable[[str], Value]] = {
    "int2": int,
    "int4": int,
    "int8": int,
    "oid": int,
    "numeric": Decimal,
    "float4": float,
    "float8": float,
    "bool": lambda text: text in {"t", "true"},
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}


def raw_values(types: Mapping[int, TypeFact], column: ColumnFact, values: list[Value]) -> list[Value]:
    """Return the values that texts of a column's type stand for; of other types the text is the value."""
    fact = types.get(column.type)
    while fact is not None and fact.typtype == "d":
        fact = types.get(fact.base)
    read = _READ.get(fact.name) if fact is not None else None
    if read is None:
        return values
    return [read(value) if isinstance(value, str) else value for value in values]
