"""Identifiers and literals, quoted the way PostgreSQL's own ``quote_ident`` and ``quote_literal`` do.

Quotes appear only where they are needed, so that generated SQL reads as a person writes it.
"""

from __future__ import annotations

import re
from functools import cache

from alembic_vibe.sql.grammar import NO_KEYWORD, UNRESERVED_KEYWORD, keyword_kind

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")


@cache
def quote_identifier(name: str) -> str:
    """Return ``name`` as an identifier: plain where that is safe, else in double quotes.

    Follows ``quote_identifier()`` in PostgreSQL's ruleutils.c: plain are lower-case letters, digits and underscores,
    unless the word is a keyword of any class but the unreserved one. The keyword classes are those of PostgreSQL 18;
    a word that became a keyword later is quoted by nobody's older server, and quotes never harm.
    """
    if "\x00" in name:
        raise ValueError("an identifier cannot contain a NUL character")
    if _PLAIN.match(name) and keyword_kind(name) in {NO_KEYWORD, UNRESERVED_KEYWORD}:
        return name
    return '"' + name.replace('"', '""') + '"'


def quote_qualified(schema: str, name: str) -> str:
    """Return ``schema.name``, each part quoted where needed; ``public`` and an empty schema are left out."""
    if schema in {"", "public"}:
        return quote_identifier(name)
    return f"{quote_identifier(schema)}.{quote_identifier(name)}"


def quote_literal(text: str) -> str:
    """Return ``text`` as a string literal that means the same whatever ``standard_conforming_strings`` says.

    As ``quote_literal()`` does: quotes are doubled, and a text with backslashes becomes an ``E'…'`` string.
    """
    if "\x00" in text:
        raise ValueError("a literal cannot contain a NUL character")
    body = text.replace("'", "''")
    if "\\" in body:
        return "E'" + body.replace("\\", "\\\\") + "'"
    return f"'{body}'"
