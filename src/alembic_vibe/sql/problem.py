"""What rules look at before there is a tree: the text of a block, and a statement that does not parse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_vibe.source import Span
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from alembic_vibe.source import Source
    from alembic_vibe.spec.model import SqlBlock

_MAKES = re.compile(
    r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:UNIQUE|UNLOGGED|TEMP|TEMPORARY|MATERIALIZED|GLOBAL|LOCAL)\s+)*"
    r"(?P<kind>TABLE|VIEW|FUNCTION|PROCEDURE|TYPE|DOMAIN|SEQUENCE|SCHEMA|EXTENSION|INDEX|TRIGGER|ROLE|POLICY)\s+"
    r"(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w$.\"{}`]+)",
    re.IGNORECASE,
)


def guess_made(text: str) -> tuple[str, str]:
    """Guess what a text that does not parse was to make: ``("TABLE", "users")``, or two empty texts."""
    match = _MAKES.search(grammar.mask(text, ("comment", "string")))
    if match is None:
        return "", ""
    words = match["name"].strip(".").split(".")
    unquoted = (w.strip('"`') if w[:1] in {'"', "`"} else w.lower() for w in words)
    return match["kind"].upper(), ".".join(unquoted)


@dataclass(frozen=True)
class Excerpt:
    """A range of a SQL block, and the way from its characters to the document."""

    block: SqlBlock
    source: Source
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """The SQL."""
        return self.block.text[self.start : self.end]

    @cached_property
    def code(self) -> str:
        """The SQL with comments, strings and quoted identifiers blanked out; offsets stay."""
        return grammar.mask(self.text)

    @cached_property
    def tokens(self) -> list[grammar.Token]:
        """The tokens, up to a quotation without an end."""
        return grammar.scan_prefix(self.text)

    def span(self, start: int, end: int) -> Span:
        """Turn a range of characters of ``text`` into a span of the document."""
        first = self.block.map.to_source(self.start + start)
        return Span(first, max(first, self.block.map.to_source(self.start + max(start, end - 1)) + 1))

    def span_of(self, match: re.Match[str], group: int | str = 0) -> Span:
        """Return the place of what a pattern found in ``text`` or ``code``."""
        return self.span(match.start(group), match.end(group))

    def line(self, offset: int) -> int:
        """Return the line of the document on which a character of ``text`` stands."""
        return self.source.position(self.block.map.to_source(self.start + offset)).line


@dataclass(frozen=True)
class SyntaxProblem(Excerpt):
    """A statement that PostgreSQL's grammar rejects: its message, and the character of ``text`` where it gave up."""

    message: str
    offset: int

    @cached_property
    def token_end(self) -> int:
        """Where the token at ``offset`` ends."""
        token = next((t for t in self.tokens if t.start >= self.offset), None)
        return token.end if token and token.start == self.offset else min(len(self.text), self.offset + 1)

    @property
    def at(self) -> Span:
        """The place of the token that the grammar did not expect."""
        return self.span(self.offset, self.token_end)
