"""Values as a person writes them: without the casts and quotes that PostgreSQL prints and that change nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Options

_NUMBERS = frozenset({"numeric", "integer", "bigint", "smallint", "double precision", "real"})
_NUMBER = re.compile(r"'(?P<value>-?\d+(?:\.\d+)?)'")
_BARE = re.compile(r"-?\d+(?:\.\d+)?|true|false|on|off|local|cascaded|auto")

_CAST_TEXT = re.compile(r"(?P<text>'(?:[^']|'')*')::(?P<type>[^'()]+?)(?:\(\d+(?:,\s*\d+)?\))?(?P<array>\[\])?\Z")
_NEXTVAL = re.compile(r"nextval\((?P<name>'(?:[^']|'')*')::regclass\)\Z")


def default_of(column: Column) -> str:
    """Return the default of a column.

    ``'open'::character varying`` on a ``varchar(20)`` is ``'open'``: a constant without a type takes the column's, with
    or without the cast (PostgreSQL manual, 10.4). ``nextval('s'::regclass)`` is ``nextval('s')``: the function has no
    other form.
    """
    default = column.default or ""
    if found := _NEXTVAL.match(default):
        return f"nextval({found['name']})"
    found = _CAST_TEXT.match(default)
    if found is None or column.type.origin == "domain" or bool(found["array"]) != column.type.array:
        return default
    base = "bpchar" if column.type.base == "character" else column.type.base
    if found["type"].strip() not in {base, column.type.base}:
        return default
    number = _NUMBER.fullmatch(found["text"]) if base in _NUMBERS else None
    return number["value"] if number else found["text"]


def parameters(options: Options) -> Printed:
    """Return ``(name = value, …)`` for WITH; PostgreSQL keeps the values as texts, whether they were quoted or not."""
    pairs = [
        compose(
            "{name} = {value}",
            name=Printed(".".join(str(Name(part)) for part in name.split("."))),
            value=Printed(value) if _BARE.fullmatch(value) else Literal(value),
        )
        for name, value in options
    ]
    return Printed(f"({', '.join(pairs)})")
