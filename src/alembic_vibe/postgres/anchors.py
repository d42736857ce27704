"""Where in the document a diagnostic points: the server seldom says, the text and the tree of the statement do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.source import Span
from alembic_vibe.sql import grammar, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.sql.statement import Statement

_WORD = re.compile(r'"(?:[^"]|"")+"|[^\W\d][\w$]*|::|\S')


def statement_span(statement: Statement) -> Span:
    """The first line of a statement: enough to show which one is meant."""
    line = statement.text.partition("\n")[0].rstrip()
    return text_span(statement, 0, len(line))


def text_span(statement: Statement, start: int, end: int) -> Span:
    """Turn character offsets in a statement's text into a span of the document."""
    to_source = statement.map.to_source
    return Span(to_source(start), to_source(max(start, end - 1)) + 1)


def word_at(statement: Statement, offset: int) -> Span:
    """The span of the word, quoted name or sign at a character offset of the statement's text."""
    match = _WORD.match(statement.text, offset)
    return text_span(statement, offset, match.end() if match else offset + 1)


def find_name(statement: Statement, name: str) -> Span | None:
    """Find an identifier or operator in a statement's code (not in its comments and strings)."""
    masked = grammar.mask(statement.text, ("comment", "string"))
    quoted = '"' + re.escape(name.replace('"', '""')) + '"'
    plain = rf"(?<![\w$]){re.escape(name)}(?![\w$])" if re.match(r"\w", name) else re.escape(name)
    match = re.search(f"{quoted}|{plain}", masked, re.IGNORECASE)
    return text_span(statement, match.start(), match.end()) if match else None


def find_in_bodies(statement: Statement, name: str) -> Span | None:
    """Find an identifier anywhere in a statement, the bodies of functions included."""
    masked = grammar.mask(statement.text, ("comment",))
    match = re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", masked, re.IGNORECASE)
    return text_span(statement, match.start(), match.end()) if match else None


def located(statement: Statement, nodes: object, kinds: frozenset[str]) -> Iterator[tuple[str, Span]]:
    """Yield the nodes of some kinds below ``nodes`` that have a place, in the order of the text, as (kind, span)."""
    found = []
    for kind, body in tree.walk(nodes):
        location = body.get("location", 0)
        if kind in kinds and isinstance(location, int) and location > 0:
            found.append((location, kind))
    for location, kind in sorted(found):
        offset = len(statement.text.encode()[:location].decode(errors="ignore"))
        yield kind, word_at(statement, offset)
