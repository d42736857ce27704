"""What ALTER COLUMN … TYPE does to the rows: nothing, new indexes, or a rewrite of the table.

Measured on PostgreSQL 15 and 18 for all pairs of the built-in types. The manual says it in general (ALTER TABLE,
Notes): no rewrite where the old type is binary coercible to the new one, or an unconstrained domain over it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import Type


class TypeChange(StrEnum):
    """What a change of type costs. The ``REINDEX`` of a column without an index is as cheap as ``METADATA``."""

    NONE = "none"  # the same type
    METADATA = "metadata"  # the catalogue alone
    REINDEX = "reindex"  # the rows stay as they are, and every index over the column is built anew
    REWRITE = "rewrite"  # the table and all of its indexes
    UNKNOWN = "unknown"  # one of the types is not known

    @property
    def keeps_rows(self) -> bool:
        """Whether the rows stay as they are."""
        return self in {TypeChange.NONE, TypeChange.METADATA, TypeChange.REINDEX}


# The casts of pg_cast without a function (castmethod 'b'). To a type with modifiers a function follows all the same.
_OIDS = frozenset(
    {"oid", "regproc", "regprocedure", "regoper", "regoperator", "regclass", "regcollation", "regtype", "regconfig"}
    | {"regdictionary", "regrole", "regnamespace"}
)
_SAME_BYTES = {
    ("varchar", "text"): TypeChange.METADATA,
    ("text", "varchar"): TypeChange.METADATA,
    ("text", "bpchar"): TypeChange.REINDEX,
    ("varchar", "bpchar"): TypeChange.REINDEX,
    ("xml", "text"): TypeChange.METADATA,
    ("xml", "varchar"): TypeChange.METADATA,
    ("xml", "bpchar"): TypeChange.METADATA,
    ("cidr", "inet"): TypeChange.METADATA,
    ("bit", "varbit"): TypeChange.REINDEX,
}
_CLOCKS = frozenset({("timestamp", "timestamptz"), ("timestamptz", "timestamp")})
_FULL_PRECISION = 6  # of times: microseconds


def type_change(old: Type, new: Type, *, using: bool, time_zone_utc: bool = False) -> TypeChange:
    """Say what it costs to give a column another type.

    Types that are not PostgreSQL's own are told apart by their names alone: what a domain or an enum is, the caller
    knows.

    Args:
        old: The type until now.
        new: The type from now on.
        using: Whether there is a USING that does more than name the column or cast it (``plain_using`` tells).
        time_zone_utc: Whether the session's time zone is sure to be UTC: only then ``timestamp`` and ``timestamptz``
            have the same bytes. It is part of no revision, so that by default they do not.
    """
    if not (old.is_known and new.is_known):
        return TypeChange.UNKNOWN
    if using:
        return TypeChange.REWRITE
    if old == new:
        return TypeChange.NONE
    if old.is_array or new.is_array:  # only to the same element without modifiers: the others pass an array cast
        same = old.is_array == new.is_array and old.name == new.name
        return TypeChange.METADATA if same and not (new.modifiers or new.words) else TypeChange.REWRITE
    if old.name == new.name:
        wider = not (new.modifiers or new.words) or _is_wider(old, new)
        return TypeChange.METADATA if wider else TypeChange.REWRITE
    if old.name.schema or new.name.schema:
        return TypeChange.REWRITE
    return _between(old, new, time_zone_utc=time_zone_utc)


def _between(old: Type, new: Type, *, time_zone_utc: bool) -> TypeChange:
    pair = (old.name.name, new.name.name)
    if pair in _CLOCKS:
        cut = new.modifiers and new.modifiers[-1] < _FULL_PRECISION
        return TypeChange.REINDEX if time_zone_utc and not cut else TypeChange.REWRITE
    if new.modifiers or new.words:
        return TypeChange.REWRITE
    if pair in _SAME_BYTES:
        return _SAME_BYTES[pair]
    if _OIDS.issuperset(pair):
        return TypeChange.METADATA
    if "int4" in pair and _OIDS.intersection(pair):
        return TypeChange.REINDEX
    return TypeChange.REWRITE


def _longer(old: Type, new: Type) -> bool:
    return bool(old.modifiers) and new.modifiers[0] >= old.modifiers[0]


def _more_digits(old: Type, new: Type) -> bool:
    return bool(old.modifiers) and _scale(old) == _scale(new) and new.modifiers[0] >= old.modifiers[0]


def _scale(type_: Type) -> int:
    return type_.modifiers[1] if len(type_.modifiers) > 1 else 0


def _finer(old: Type, new: Type) -> bool:
    return not new.modifiers or new.modifiers[-1] >= (old.modifiers[-1] if old.modifiers else _FULL_PRECISION)


def _finer_interval(old: Type, new: Type) -> bool:
    """Only the smallest field counts: ``day to second`` cuts nothing that ``interval`` keeps."""
    had, has = _smallest_field(old), _smallest_field(new)
    return has <= had and (had > 0 or _finer(old, new))


def _smallest_field(type_: Type) -> int:
    mask = int(type_.words[0]) if type_.words and type_.words[0].isdigit() else _FIELDS[0]
    return next((place for place, field in enumerate(_FIELDS) if mask & field), 0)


_FIELDS = (1 << 12, 1 << 11, 1 << 10, 1 << 3, 1 << 1, 1 << 2)  # second, minute, hour, day, month, year (datetime.h)
_WIDER = {
    "varchar": _longer,
    "varbit": _longer,
    "numeric": _more_digits,
    "timestamp": _finer,
    "timestamptz": _finer,
    "time": _finer,
    "timetz": _finer,
    "interval": _finer_interval,
}


def _is_wider(old: Type, new: Type) -> bool:
    judge = None if old.name.schema else _WIDER.get(old.name.name)
    return judge is not None and judge(old, new)
