"""Where a name stands in a statement: the server's errors rarely carry a position, the syntax tree always does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.sql import grammar
from alembic_vibe.sql.tree import elements, unwrap

if TYPE_CHECKING:
    from alembic_vibe.source import Span
    from alembic_vibe.sql.grammar import Token
    from alembic_vibe.sql.statement import Statement


def token_span(statement: Statement, byte_offset: int) -> Span:
    """Return the place of the word that starts at a ``location`` of the statement's tree."""
    start = statement.character_offset(byte_offset)
    match = re.compile(r'"(?:[^"]|"")*"|[\w$]+|\S').match(statement.text, start)
    return statement.document_span(start, match.end() if match else start + 1)


def column_span(statement: Statement, column: str) -> Span | None:
    """Return the place of a column's name in CREATE TABLE or ALTER TABLE … ADD COLUMN, ``None`` if it is not there."""
    kind, node = unwrap(statement.node)
    for sort, element in elements(kind, node):
        if sort == "ColumnDef" and element.get("colname") == column:
            return token_span(statement, element.get("location", 0))
    return None


def constraint_span(statement: Statement, constraint: str) -> Span | None:
    """Return the place of ``CONSTRAINT name`` (of a table or a column), ``None`` if it is not there."""
    kind, node = unwrap(statement.node)
    for sort, element in elements(kind, node):
        own = [element] if sort == "Constraint" else [c.get("Constraint", {}) for c in element.get("constraints", ())]
        for item in own:
            if item.get("conname") == constraint:
                start = statement.character_offset(item.get("location", 0))
                match = re.compile(r'CONSTRAINT\s+("(?:[^"]|"")*"|[\w$]+)', re.IGNORECASE).match(statement.text, start)
                return statement.document_span(start, match.end() if match else start + 1)
    return None


def locate(statement: Statement, name: str) -> Span:
    """Return the place where an identifier stands in a statement.

    Args:
        statement: The statement to look into.
        name: A column, table, type, function …: plain or qualified, quoted or not, with or without arguments, as
            the server's message gives it.

    Returns:
        The first place where these words stand one after the other; failing that where the last of them stands, also
        inside a quoted body; failing that the statement's first line.
    """
    words = _words(name)
    if words:
        tokens = [t for t in grammar.scan_prefix(statement.text) if t.is_word or t.text == "."]
        for wanted in (words, words[-1:]):
            found = _find(tokens, wanted)
            if found:
                return statement.document_span(*found)
        match = re.search(rf"(?<![\w$]){re.escape(words[-1])}(?![\w$])", statement.text, re.IGNORECASE)
        if match:
            return statement.document_span(*match.span())
    return head_span(statement)


def head_span(statement: Statement) -> Span:
    """Return the first line of a statement."""
    first = statement.text.split("\n", 1)[0].rstrip()
    return statement.document_span(0, len(first))


def _words(name: str) -> list[str]:
    name = name.split("(", 1)[0] if not name.startswith('"') else name
    try:
        return [t.name for t in grammar.scan(name) if t.is_word]
    except grammar.GrammarError:
        return []


def _find(tokens: list[Token], words: list[str]) -> tuple[int, int] | None:
    spelled: list[str] = [words[0]]
    for word in words[1:]:
        spelled += [".", word]
    for i in range(len(tokens) - len(spelled) + 1):
        if all((tokens[i + k].text if part == "." else tokens[i + k].name) == part for k, part in enumerate(spelled)):
            return tokens[i].start, tokens[i + len(spelled) - 1].end
    return None
