"""What a column's type alone says about its values."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from alembic_vibe.data.model import Bound, Domain
from alembic_vibe.prove.rows_facts import unfold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.prove.rows_facts import ColumnFact, TypeFact

# Manual, "Numeric Types": the ranges of integers, and what precision and scale allow; "Object Identifier Types".
_RANGES = {
    "int2": (-(2**15), 2**15 - 1),
    "int4": (-(2**31), 2**31 - 1),
    "int8": (-(2**63), 2**63 - 1),
    "oid": (0, 2**32 - 1),
}
_HEADER = 4  # bytes that the type modifier of a text or number counts in


def base_of(types: Mapping[int, TypeFact], type_: int, modifier: int) -> tuple[TypeFact | None, int]:
    """Return the type below any domains, and the modifier that goes with it."""
    domains, fact = unfold(types, type_)
    return fact, domains[-1].modifier if domains else modifier


def type_domain(types: Mapping[int, TypeFact], column: ColumnFact) -> Domain:
    """Return what the type of a column, its length or precision, and NOT NULL say (not the CHECKs of a domain type).

    Args:
        types: Every type by oid.
        column: The column.
    """
    fact, modifier = base_of(types, column.type, column.modifier)
    null = False if column.not_null or is_never_null(types, column.type) else None
    if fact is None:
        return Domain(null=null)
    if fact.category == "A" and fact.element:
        return Domain(null=null, elements=_scalar(types.get(fact.element), modifier))
    return replace(_scalar(fact, modifier), null=null)


def is_never_null(types: Mapping[int, TypeFact], type_: int) -> bool:
    """Whether a domain on the way to the base type says NOT NULL."""
    return any(domain.not_null for domain in unfold(types, type_)[0])


def _scalar(fact: TypeFact | None, modifier: int) -> Domain:
    if fact is None:
        return Domain()
    if fact.typtype == "e":
        return Domain(choices=tuple(fact.labels))
    if fact.name == "bool":
        return Domain(choices=(True, False))
    if fact.name in _RANGES:
        low, high = _RANGES[fact.name]
        return Domain(low=Bound(low), high=Bound(high))
    if fact.name in {"varchar", "bpchar"} and modifier > _HEADER:
        return Domain(longest=modifier - _HEADER)
    if fact.name == "name":
        return Domain(longest=63)
    if fact.name == "char":
        return Domain(longest=1)
    if fact.name in {"bit", "varbit"} and modifier > 0:
        return Domain(shortest=modifier if fact.name == "bit" else None, longest=modifier)
    if fact.name == "numeric" and modifier >= _HEADER:
        return _numeric((modifier - _HEADER) >> 16 & 0xFFFF, (modifier - _HEADER) & 0x7FF)
    return Domain()


def _numeric(precision: int, scale: int) -> Domain:
    scale = scale - 0x800 if scale & 0x400 else scale  # negative since PostgreSQL 15
    step = Decimal(1).scaleb(-scale)
    most = (10**precision - 1) * step
    return Domain(low=Bound(-most), high=Bound(most), step=step)
