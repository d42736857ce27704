"""Defaults as a person writes them: without the casts that PostgreSQL prints and that change nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column

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
    if found is None:
        return default
    named = found["type"].strip() == column.type.base and bool(found["array"]) == column.type.array
    return found["text"] if named and column.type.origin != "domain" else default
