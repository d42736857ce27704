"""From one column type to another: what PostgreSQL does without touching rows, what fits, what only the author knows.

The pairs are those of recipe 9 (measured on 15 and 18: no rewrite, plain indexes reused) and of the manual's tables of
numeric, character and date/time types (8.1, 8.3, 8.5).
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.columns import Column, TypeRef


class Fit(Enum):
    """What becomes of the values of one type in another."""

    CATALOG = auto()  # the same bytes: only the catalog changes
    WIDER = auto()  # every value fits, and comes back as it was
    TEXT = auto()  # every value can be written as text, and read back
    NARROWER = auto()  # some values may not fit
    UNKNOWN = auto()  # only the author can say


_INTEGERS = ("smallint", "integer", "bigint")
_FLOATS = ("real", "double precision")
_WIDTHS = {"smallint": 5, "integer": 10, "bigint": 19}
_TEXTS = ("text", "character varying")
_FAMILIES = {
    **dict.fromkeys((*_INTEGERS, *_FLOATS, "numeric"), "number"),
    **dict.fromkeys((*_TEXTS, "character", "citext"), "text"),
    **dict.fromkeys(("json", "jsonb"), "json"),
    **dict.fromkeys(("inet", "cidr"), "network"),
    **dict.fromkeys(("bit", "bit varying"), "bits"),
    **dict.fromkeys(("date", "timestamp without time zone", "timestamp with time zone"), "date"),
    **dict.fromkeys(("time without time zone", "time with time zone"), "time"),
    "interval": "interval",
}
_PRECISE = ("time without", "time with", "timestamp without", "timestamp with", "interval")
_WIDER = {
    ("smallint", "integer"), ("smallint", "bigint"), ("integer", "bigint"), ("smallint", "real"),
    ("smallint", "double precision"), ("integer", "double precision"), ("real", "double precision"),
    ("json", "jsonb"), ("jsonb", "json"), ("inet", "cidr"), ("date", "timestamp without time zone"),
    ("macaddr", "macaddr8"), ("text", "citext"), ("character varying", "citext"), ("citext", "text"),
}  # fmt: skip
_WITHOUT_EQUALITY = frozenset({"json", "xml", "point", "box", "circle", "line", "lseg", "path", "polygon"})


def fit(old: TypeRef, new: TypeRef) -> Fit:
    """Return what becomes of the values of ``old`` in a column of type ``new``."""
    if old.text == new.text:
        return Fit.CATALOG
    if old.array != new.array or _is_made(old) or _is_made(new):
        return Fit.TEXT if _is_text(new) and not old.array and old.origin != "composite" else Fit.UNKNOWN
    found = _built_in(_base(old), old.modifiers, _base(new), new.modifiers)
    # An array's elements are converted one by one even where their bytes stay the same (measured on 15 and 18).
    if old.array and found is Fit.CATALOG and _base(old) == _base(new) and new.modifiers:
        return Fit.WIDER
    return found if found is not Fit.TEXT or not old.array else Fit.UNKNOWN


def _built_in(old: str, had: str, new: str, has: str) -> Fit:
    if old == new or {old, new} <= set(_TEXTS) or (old == "cidr" and new == "inet"):
        return _modifiers(old, had, new, has)
    if (old, new) in _WIDER:
        return Fit.NARROWER if (old, new) == ("inet", "cidr") else Fit.WIDER
    if new == "numeric" and old in _INTEGERS:
        return Fit.WIDER if not has or _digits(has)[0] - _digits(has)[1] >= _WIDTHS[old] else Fit.NARROWER
    if new in _TEXTS:
        return Fit.TEXT if not has else Fit.NARROWER if _FAMILIES.get(old) == "text" else Fit.UNKNOWN
    family = _FAMILIES.get(old)
    if family == _FAMILIES.get(new) and family in {"number", "text", "network", "bits"}:
        return Fit.NARROWER
    return Fit.UNKNOWN


def _modifiers(old: str, had: str, new: str, has: str) -> Fit:
    """Return how two types of the same bytes differ in their limits."""
    if not has:
        return Fit.CATALOG if old not in {"character", "bit"} else Fit.NARROWER
    if old == new == "numeric" and had:
        (digits, scale), (more, same) = _digits(had), _digits(has)
        if scale == same:
            return Fit.CATALOG if more >= digits else Fit.NARROWER
        return Fit.WIDER if same >= scale and more - same >= digits - scale else Fit.NARROWER
    if old.startswith(_PRECISE) and not had:
        return Fit.CATALOG if has == "6" else Fit.NARROWER
    if had and had.isdigit() and has.isdigit() and int(has) >= int(had):
        return Fit.WIDER if old in {"character", "bit"} else Fit.CATALOG
    return Fit.NARROWER


def _digits(modifiers: str) -> tuple[int, int]:
    digits, _, scale = modifiers.partition(",")
    return int(digits), int(scale or 0)


def _base(found: TypeRef) -> str:
    return {"varchar": "character varying", "bpchar": "character"}.get(found.base, found.base)


def _is_made(found: TypeRef) -> bool:
    return found.origin not in {"base", ""} and _base(found) != "citext"


def _is_text(found: TypeRef) -> bool:
    return _base(found) in _TEXTS and not found.modifiers and not found.array


def same_binds(old: TypeRef, new: TypeRef) -> bool:
    """Whether statements that bind values of one type work with the other: implicit casts connect them."""
    family = _FAMILIES.get(_base(old))
    made = _is_made(old) or _is_made(new)
    return not made and old.array == new.array and family is not None and family == _FAMILIES.get(_base(new))


def comparable(old: TypeRef, new: TypeRef) -> bool:
    """Whether ``=`` takes a value of each type."""
    families = {"number", "text", "network", "date", "bits"}
    return old.text == new.text or (same_binds(old, new) and not old.array and _FAMILIES.get(_base(old)) in families)


def compared_as_text(found: TypeRef) -> bool:
    """Whether ``=`` says too little, or does not exist, for values of a type."""
    return _base(found) in _WITHOUT_EQUALITY or found.origin in {"composite", "extension", "domain"} or found.array


def type_of(column: Column) -> Printed:
    """Return a column's type with its collation, as ALTER COLUMN … TYPE wants it."""
    if column.collation:
        return Printed(
            compose("{type} COLLATE {other}", type=Printed(column.type.text), other=Printed(column.collation))
        )
    return Printed(column.type.text)


def does_not_fit(old: Column, new: Column) -> str:
    """Return the condition under which a value of the old column would be cut, rounded or refused in the new one."""
    column, type_ = Name(old.name), Printed(new.type.text)
    base = _base(new.type)
    if not new.type.array and base in _INTEGERS and _FAMILIES.get(_base(old.type)) == "number":
        low, high = {"smallint": (-32768, 32767), "integer": (-2147483648, 2147483647)}.get(
            base, (-9223372036854775808, 9223372036854775807)
        )
        limits = {"low": Printed(str(low)), "high": Printed(str(high))}
        text = "{column} NOT BETWEEN {low} AND {high}"
        if _base(old.type) not in _INTEGERS:
            text += " OR {column} <> trunc({column})"
        return compose(text, column=column, **limits)
    if not new.type.array and base == "numeric" and new.type.modifiers and _FAMILIES.get(_base(old.type)) == "number":
        digits, scale = _digits(new.type.modifiers)
        text = "abs({column}) >= {bound} OR {column}::numeric <> round({column}::numeric, {scale})"
        bound = Printed(str(10 ** (digits - scale)))
        return compose(text, column=column, bound=bound, scale=Printed(str(scale)))
    if not new.type.array and base in {"character varying", "character"} and new.type.modifiers:
        return compose("length({column}::text) > {limit}", column=column, limit=Printed(new.type.modifiers))
    return compose("{column}::text IS DISTINCT FROM {column}::{type}::text", column=column, type=type_)
