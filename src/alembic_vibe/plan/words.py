"""Names of columns in expressions, by PostgreSQL's own tokens: finding them, and writing others in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.sql import grammar
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.sql.grammar import Token


_NOT_BEFORE = {"::", "as", "collate", "nulls"}


def names_column(expression: str, column: str) -> bool:
    """Whether an expression names a column; what cannot be read names it."""
    try:
        return any(token.name == column for token in _names(expression))
    except grammar.GrammarError:
        return True


def with_columns(expression: str, columns: Mapping[str, str]) -> str:
    """Return an expression with other names for its columns: ``{"amount": "vibe_new_amount"}``.

    Types, functions and collations of the same name stay. What cannot be read is returned as it is.
    """
    try:
        found = [token for token in _names(expression) if token.name in columns]
    except grammar.GrammarError:
        return expression
    text = expression
    for token in reversed(found):
        text = f"{text[: token.start]}{Name(columns[token.name])}{text[token.end :]}"
    return text


def with_collation(keys: str, column: str, collation: str) -> str:
    """Return the keys of an index with a collation behind a column: ``(id, name COLLATE "de-x-icu" DESC)``."""
    text = keys
    for token in reversed([token for token in _names(keys) if token.name == column]):
        text = f"{text[: token.end]} COLLATE {collation}{text[token.end :]}"
    return text


def _names(expression: str) -> Iterator[Token]:
    """Yield the tokens that may be columns: neither called, nor behind ``::``, ``AS``, ``COLLATE``, nor qualified."""
    tokens = grammar.scan(expression)
    for i, token in enumerate(tokens):
        before = tokens[i - 1].text.lower() if i else ""
        after = tokens[i + 1].text if i + 1 < len(tokens) else ""
        reserved = token.keyword == grammar.RESERVED_KEYWORD
        if token.is_word and not reserved and after not in {"(", "."} and before not in _NOT_BEFORE:
            yield token
