"""Texts that the server gave back, as the values that CHECKs are evaluated with."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.prove.rows_facts import unfold

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
    "bytea": lambda text: bytes.fromhex(text[2:]),
    "time": time.fromisoformat,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "timestamptz": datetime.fromisoformat,
}


_AS_IT_IS = {"text", "varchar", "bpchar", "citext", "name", "uuid"}


def is_readable(types: Mapping[int, TypeFact], column: ColumnFact) -> bool:
    """Whether the value that a text stands for is known."""
    fact = unfold(types, column.type)[1]
    return fact is not None and (fact.name in _READ or fact.name in _AS_IT_IS or fact.typtype == "e")


def type_name(types: Mapping[int, TypeFact], column: ColumnFact) -> str:
    """Return the name of a column's type below its domains, as ``pg_type`` has it."""
    fact = unfold(types, column.type)[1]
    return fact.name if fact is not None else ""


def raw_values(types: Mapping[int, TypeFact], column: ColumnFact, values: list[Value]) -> list[Value]:
    """Return the values that texts of a column's type stand for; of other types the text is the value."""
    fact = unfold(types, column.type)[1]
    read = _READ.get(fact.name) if fact is not None else None
    if read is None:
        return values
    return [read(value) if isinstance(value, str) else value for value in values]
