"""How messages name what they are about: tables, columns and types as people write them in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.lint.actions import Type
    from alembic_vibe.sql.tree import QualifiedName

# PostgreSQL's own short names, where the usual word is another one (manual, Data Types).
_USUAL = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float4": "real",
    "float8": "double precision",
    "bpchar": "char",
}


def table_name(table: QualifiedName) -> str:
    """Return a table as it is written in SQL; ``public`` is left out. That of an unknown index has no name."""
    return quote_qualified(*table) if table.name else "a table that the chain does not know"


def column_name(table: QualifiedName, column: str) -> str:
    """Return ``table.column``."""
    return f"{table_name(table)}.{quote_identifier(column)}"


def type_name(type_: Type) -> str:
    """Return a type as it is written in SQL, with its modifiers."""
    schema, name = type_.name
    plain = _USUAL.get(name, name) if not schema else quote_qualified(schema, name)
    modifiers = ", ".join([*type_.words, *map(str, type_.modifiers)])
    return f"{plain}{f'({modifiers})' if modifiers else ''}{'[]' if type_.is_array else ''}"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them: ``a``, ``a and b``, ``a, b and c``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
