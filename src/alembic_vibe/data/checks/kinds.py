"""The type of an expression, as far as the compiler of CHECKs must know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.data.checks.types import base_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from alembic_vibe.prove.rows_facts import TypeFact
    from alembic_vibe.sql.tree import QualifiedName

INTEGERS = frozenset({"int2", "int4", "int8"})
FLOATS = frozenset({"float4", "float8"})
NUMBERS = INTEGERS | FLOATS | {"numeric"}
TEXTS = frozenset({"text", "varchar", "bpchar", "citext", "name"})
MOMENTS = frozenset({"date", "timestamp", "timestamptz"})
JSON = frozenset({"json", "jsonb"})
# Of these a value is the text that PostgreSQL reads, and that is all that is known of it.
OPAQUE = frozenset({"inet", "cidr", "macaddr", "macaddr8", "xml", "tsvector", "other", "timetz"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A type. ``name`` is that of ``pg_type``, or "enum", "array", "range", "null" or "other".

    ``by_code_points``: the collation orders texts like Python does. ``loose``: texts that differ may be equal to it.
    """

    name: str
    modifier: int = -1
    element: Kind | None = None
    labels: tuple[str, ...] = ()
    by_code_points: bool = False
    loose: bool = False

    def is_text(self) -> bool:
        """Whether its values are texts for operators like ``~``."""
        return self.name in TEXTS


BOOL = Kind("bool")
INT4 = Kind("int4")
INT8 = Kind("int8")
NUMERIC = Kind("numeric")
FLOAT8 = Kind("float8")
TEXT = Kind("text")
DATE = Kind("date")
TIMESTAMP = Kind("timestamp")
TIMESTAMPTZ = Kind("timestamptz")
TIME = Kind("time")
INTERVAL = Kind("interval")
JSONB = Kind("jsonb")
NULL = Kind("null")
OTHER = Kind("other")

_PLAIN = (
    NUMBERS | TEXTS | MOMENTS | JSON | OPAQUE
    | {"bool", "time", "interval", "bytea", "uuid", "bit", "varbit", "oid", "char"}
)  # fmt: skip


class Kinds:
    """Finds the kind of a type by its oid or its printed name."""

    def __init__(self, types: Mapping[int, TypeFact], similar: Callable[..., str]) -> None:
        """Take every type by oid, and what gives the regular expression for a pattern of SIMILAR TO."""
        self._types = types
        self.similar = similar
        self._by_name: dict[str, list[int]] = {}
        for oid, fact in types.items():
            self._by_name.setdefault(fact.name, []).append(oid)

    def of(self, type_: int, modifier: int = -1) -> Kind:
        """Return the kind of a type, below any domains."""
        fact, modifier = base_of(self._types, type_, modifier)
        if fact is None:
            return OTHER
        if fact.typtype == "e":
            return Kind("enum", element=Kind(f"{fact.schema}.{fact.name}"), labels=tuple(fact.labels))
        if fact.typtype == "r":
            return Kind("range", element=self.of(fact.subtype), labels=(fact.name,))
        if fact.category == "A" and fact.element:
            return Kind("array", element=self.of(fact.element, modifier))
        return Kind(fact.name, modifier) if fact.name in _PLAIN else OTHER

    def named(self, name: QualifiedName, modifier: int = -1, *, array: bool = False) -> Kind:
        """Return the kind of a type by the name that PostgreSQL prints, "other" where that is not clear."""
        found = self._by_name.get(name.name, [])
        if name.schema:
            found = [oid for oid in found if self._types[oid].schema == name.schema]
        builtin = [oid for oid in found if self._types[oid].schema == "pg_catalog"]
        found = builtin or found
        if len(found) != 1:
            return OTHER
        kind = self.of(found[0], modifier)
        return Kind("array", element=kind) if array else kind


def collated(kind: Kind, *, by_code_points: bool, loose: bool) -> Kind:
    """Return the kind with what its collation means for comparisons."""
    if kind.name in TEXTS:
        return replace(kind, by_code_points=by_code_points, loose=loose)
    return kind


def integer_limits(name: str) -> tuple[int, int]:
    """Return the least and the greatest value of an integer type."""
    bits = {"int2": 15, "int4": 31, "int8": 63}[name]
    return -(2**bits), 2**bits - 1
