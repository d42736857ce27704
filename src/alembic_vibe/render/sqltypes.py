"""A column's type as SQLAlchemy spells it, and as Python sees its values.

The names are those of SQLAlchemy 2.0.30, so that what is generated runs on every later release as well.
``postgresql`` in the expressions is ``sqlalchemy.dialects.postgresql``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from alembic_vibe.catalog.facts import Domain, Enum
from alembic_vibe.render.code import Call, Expr, Raw, Str

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import TypeRef
    from alembic_vibe.catalog.keys import Key

_TRUE = Raw("True")
_FALSE = Raw("False")


class Known(NamedTuple):
    """A built-in type: SQLAlchemy's class, and the annotation of the values that the driver gives."""

    function: str
    python: str


_BUILT_IN = {
    "smallint": Known("sa.SmallInteger", "int"),
    "integer": Known("sa.Integer", "int"),
    "bigint": Known("sa.BigInteger", "int"),
    "numeric": Known("sa.Numeric", "Decimal"),
    "real": Known("sa.REAL", "float"),
    "double precision": Known("sa.Double", "float"),
    "text": Known("sa.Text", "str"),
    "character varying": Known("sa.String", "str"),
    "character": Known("sa.CHAR", "str"),
    "boolean": Known("sa.Boolean", "bool"),
    "date": Known("sa.Date", "dt.date"),
    "time without time zone": Known("sa.Time", "dt.time"),
    "time with time zone": Known("sa.Time", "dt.time"),
    "timestamp without time zone": Known("sa.DateTime", "dt.datetime"),
    "timestamp with time zone": Known("sa.DateTime", "dt.datetime"),
    "interval": Known("sa.Interval", "dt.timedelta"),
    "bytea": Known("sa.LargeBinary", "bytes"),
    "uuid": Known("sa.Uuid", "UUID"),
    "json": Known("postgresql.JSON", "dict[str, Any]"),
    "jsonb": Known("postgresql.JSONB", "dict[str, Any]"),
    "inet": Known("postgresql.INET", "Any"),
    "cidr": Known("postgresql.CIDR", "Any"),
    "macaddr": Known("postgresql.MACADDR", "str"),
    "macaddr8": Known("postgresql.MACADDR8", "str"),
    "money": Known("postgresql.MONEY", "str"),
    "oid": Known("postgresql.OID", "int"),
    "regclass": Known("postgresql.REGCLASS", "str"),
    "regconfig": Known("postgresql.REGCONFIG", "str"),
    "tsvector": Known("postgresql.TSVECTOR", "str"),
    "tsquery": Known("postgresql.TSQUERY", "str"),
    "bit": Known("postgresql.BIT", "str"),
    "bit varying": Known("postgresql.BIT", "str"),
    "int4range": Known("postgresql.INT4RANGE", "postgresql.Range[int]"),
    "int8range": Known("postgresql.INT8RANGE", "postgresql.Range[int]"),
    "numrange": Known("postgresql.NUMRANGE", "postgresql.Range[Decimal]"),
    "daterange": Known("postgresql.DATERANGE", "postgresql.Range[dt.date]"),
    "tsrange": Known("postgresql.TSRANGE", "postgresql.Range[dt.datetime]"),
    "tstzrange": Known("postgresql.TSTZRANGE", "postgresql.Range[dt.datetime]"),
    "int4multirange": Known("postgresql.INT4MULTIRANGE", "list[postgresql.Range[int]]"),
    "int8multirange": Known("postgresql.INT8MULTIRANGE", "list[postgresql.Range[int]]"),
    "nummultirange": Known("postgresql.NUMMULTIRANGE", "list[postgresql.Range[Decimal]]"),
    "datemultirange": Known("postgresql.DATEMULTIRANGE", "list[postgresql.Range[dt.date]]"),
    "tsmultirange": Known("postgresql.TSMULTIRANGE", "list[postgresql.Range[dt.datetime]]"),
    "tstzmultirange": Known("postgresql.TSTZMULTIRANGE", "list[postgresql.Range[dt.datetime]]"),
}
_EXTENSION = {
    "citext": Known("postgresql.CITEXT", "str"),
    "hstore": Known("postgresql.HSTORE", "dict[str, str | None]"),
}
_STRINGS = frozenset({"text", "character varying", "character"})
_INTERVAL = re.compile(r"interval(?: (?P<fields>[a-z ]+?))?(?:\((?P<precision>\d+)\))?(?:\[\])*\Z")


def known_type(type_ref: TypeRef) -> Known | None:
    """Return what SQLAlchemy knows about the element type, or ``None`` for a type that it does not have."""
    if type_ref.origin == "extension":
        return _EXTENSION.get(type_ref.base)
    if type_ref.origin in {"base", "range", "multirange"}:
        return _BUILT_IN.get(type_ref.base)
    return None


def takes_collation(type_ref: TypeRef) -> bool:
    """Whether SQLAlchemy's type takes ``collation=``."""
    return type_ref.base in _STRINGS and type_ref.origin == "base"


def type_expr(
    type_ref: TypeRef,
    catalog: Catalog,
    *,
    create_type: bool = False,
    collation: str | None = None,
    pg_type: str | None = None,
) -> Expr | None:
    """Return the SQLAlchemy expression of a type.

    Args:
        type_ref: The type as the catalog has it.
        catalog: Where enums and domains are looked up.
        create_type: Whether creating a table with such a column also creates the enum or domain.
        collation: The column's own collation, as the server prints it; only for string types.
        pg_type: The name of a class, of the module that is written, which takes the spelling of any other type.

    Returns:
        The expression, or ``None`` where SQLAlchemy has no such type and ``pg_type`` names no class for it.
    """
    element = _element(type_ref, catalog, create_type, collation)
    if element is None and pg_type is not None:
        return Call(pg_type, (Str(type_ref.text),))
    if element is not None and type_ref.array:
        return Call("postgresql.ARRAY", (element,))
    return element


def _element(type_ref: TypeRef, catalog: Catalog, create_type: bool, collation: str | None) -> Call | None:
    if type_ref.origin == "enum":
        return _enum(type_ref, catalog, create_type)
    if type_ref.origin == "domain":
        return _domain(type_ref, catalog, create_type)
    known = known_type(type_ref)
    if known is None:
        return None
    arguments, keywords, function = _modifiers(type_ref, known)
    if collation is not None:
        if not takes_collation(type_ref) or "." in collation:
            return None
        keywords = (*keywords, ("collation", Str(collation.strip('"'))))
    return Call(function, arguments, keywords)


def _modifiers(type_ref: TypeRef, known: Known) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...], str]:
    """Return positional arguments, keywords, and the class, which precision may change."""
    base, modifiers = type_ref.base, type_ref.modifiers
    if base == "interval":
        match = _INTERVAL.match(type_ref.text)
        parts = match.groupdict() if match else {}
        keywords: tuple[tuple[str, Expr], ...] = ()
        if parts.get("fields"):
            keywords += (("fields", Str(parts["fields"])),)
        if parts.get("precision"):
            keywords += (("precision", Raw(parts["precision"])),)
        return (), keywords, "postgresql.INTERVAL" if keywords else known.function
    if base.startswith("time"):
        zone: tuple[tuple[str, Expr], ...] = (("timezone", _TRUE),) if base.endswith("with time zone") else ()
        if modifiers:
            name = "TIMESTAMP" if base.startswith("timestamp") else "TIME"
            return (), (*zone, ("precision", Raw(modifiers))), f"postgresql.{name}"
        return (), zone, known.function
    arguments: tuple[Expr, ...] = tuple(Raw(part.strip()) for part in modifiers.split(",") if part.strip())
    if base == "bit varying":
        return arguments, (("varying", _TRUE),), known.function
    if base == "character" and not arguments:
        arguments = (Raw("1"),)
    return arguments, (), known.function


def _enum(type_ref: TypeRef, catalog: Catalog, create_type: bool) -> Call | None:
    fact = catalog.facts.get(type_ref.key) if type_ref.key is not None else None
    if not isinstance(fact, Enum):
        return None
    return Call("postgresql.ENUM", tuple(Str(label) for label in fact.labels), _named(fact, create_type))


def _domain(type_ref: TypeRef, catalog: Catalog, create_type: bool) -> Call | None:
    fact = catalog.facts.get(type_ref.key) if type_ref.key is not None else None
    if not isinstance(fact, Domain):
        return None
    under = type_expr(fact.type, catalog, create_type=create_type)
    if under is None:
        return None
    named = _named(fact, create_type)
    return Call("postgresql.DOMAIN", (named[0][1], under), named[1:])


def _named(fact: Enum | Domain, create_type: bool) -> tuple[tuple[str, Expr], ...]:
    """Return the keywords that both kinds of named type take."""
    keywords: tuple[tuple[str, Expr], ...] = (("name", Str(fact.key.name)),)
    if fact.key.schema != "public":
        keywords += (("schema", Str(fact.key.schema)),)
    if not create_type:
        keywords += (("create_type", _FALSE),)
    return keywords


def python_type(type_ref: TypeRef, catalog: Catalog, enum_class: Mapping[Key, str], default: str | None = None) -> str:
    """Return the annotation of a column's values.

    Args:
        type_ref: The column's type.
        catalog: Where domains are looked up.
        enum_class: The name of the Python class of each enum, by its key.
        default: The column's default: an empty JSON list tells what the column holds.
    """
    if type_ref.origin == "enum":
        element = enum_class.get(type_ref.key, "str") if type_ref.key is not None else "str"
    elif type_ref.origin == "domain":
        fact = catalog.facts.get(type_ref.key) if type_ref.key is not None else None
        element = python_type(fact.type, catalog, enum_class) if isinstance(fact, Domain) else "Any"
    else:
        known = known_type(type_ref)
        element = known.python if known is not None else "Any"
    if type_ref.base in {"json", "jsonb"} and (default or "").startswith("'["):
        element = "list[Any]"
    return f"list[{element}]" if type_ref.array else element


def is_integer(type_ref: TypeRef) -> bool:
    """Whether SQLAlchemy would make a lone primary-key column of this type a SERIAL."""
    return type_ref.base in {"smallint", "integer", "bigint"} and not type_ref.array and type_ref.origin == "base"
