"""SQL from a constant template and typed parts: the only way in which a later stage writes SQL of its own.

    compose("DROP TRIGGER {trigger} ON {table}", trigger=Name(name="set_updated_at"), table=Name("billing", "invoices"))

A plain string is refused, so that an unquoted name or value cannot slip in by accident.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

from alembic_vibe.sql.quoting import quote_identifier, quote_literal, quote_qualified


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier, qualified by its schema unless that is empty or ``public``.

    ``Name("users")`` is a bare name; ``Name("billing", "invoices")`` a qualified one.
    """

    schema: str
    name: str = ""

    def __str__(self) -> str:
        return quote_qualified(self.schema, self.name) if self.name else quote_identifier(self.schema)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that becomes a string constant."""

    value: str

    def __str__(self) -> str:
        return quote_literal(self.value)


@dataclass(frozen=True, slots=True)
class Printed:
    """SQL that PostgreSQL itself printed (``pg_get_expr``, ``format_type`` …) or that the author of the spec wrote."""

    sql: str

    def __str__(self) -> str:
        return self.sql


Part = Name | Literal | Printed


def compose(template: str, **parts: Part | Sequence[Part]) -> str:
    """Fill the ``{placeholders}`` of a constant template.

    Args:
        template: SQL with named placeholders, as of ``str.format``; ``{{`` and ``}}`` stand for braces.
        parts: A typed part for each placeholder, or a sequence of them, which is joined by ", ".

    Returns:
        The SQL.

    Raises:
        TypeError: A part is not one of the typed ones.
        KeyError: A placeholder has no part.
        ValueError: A part has no placeholder, or the template uses conversions or format specifications.
    """
    used = set()
    pieces = []
    for text, field, specification, conversion in string.Formatter().parse(template):
        pieces.append(text)
        if field is None:
            continue
        if not field.isidentifier() or specification or conversion:
            raise ValueError(f"not a plain named placeholder: {{{field}}}")
        pieces.append(_render(field, parts[field]))
        used.add(field)
    if unused := sorted(set(parts) - used):
        raise ValueError(f"the template has no placeholder for {', '.join(unused)}")
    return "".join(pieces)


def _render(field: str, part: Part | Sequence[Part]) -> str:
    if isinstance(part, Name | Literal | Printed):
        return str(part)
    if isinstance(part, str | bytes) or not isinstance(part, Sequence):
        raise TypeError(f"{field} must be a Name, Literal or Printed, not {type(part).__name__}")
    return ", ".join(_render(field, item) for item in part)
