"""What the parser says about one SQL statement, before any server has seen it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from alembic_vibe.source import Source, Span

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.source import SourceMap


class StatementKind(StrEnum):
    """What a statement in a spec is there for."""

    DEFINITION = "definition"  # CREATE, ALTER, COMMENT, GRANT, REVOKE, DO-free DDL: executed on the scratch server
    SEED = "seed"  # INSERT … VALUES: rows for the seeds, not executed with the schema
    EXAMPLE = "example"  # SELECT, EXPLAIN, UPDATE, DELETE, CALL, SHOW: documentation, never executed
    PREAMBLE = "preamble"  # DROP … IF EXISTS of something the spec makes: never executed
    SESSION = "session"  # BEGIN, COMMIT, SET, RESET: has no place in a schema, never executed
    UNSUPPORTED = "unsupported"  # DO, COPY, VACUUM, DROP of what the spec made …: reported


class Place(NamedTuple):
    """Where something stands in a document."""

    source: Source
    span: Span


class TargetKind(StrEnum):
    """What an instruction in a comment stands above or beside."""

    STATEMENT = "statement"
    COLUMN = "column"
    CONSTRAINT = "constraint"
    LABEL = "label"  # of CREATE TYPE … AS ENUM
    NOTHING = "nothing"  # it stands under the last column


@dataclass(frozen=True)
class Annotation:
    """A comment that instructs the compiler: ``-- renamed from: old``, ``-- backfill: expr``, ``-- vibe: ignore …``.

    ``target`` is the column, constraint or label whose definition the comment stands above or beside; empty for the
    statement, and for a constraint without a name.
    """

    name: str  # "renamed from", "moved from", "backfill", "convert", "ignore"
    value: str
    span: Span
    target: str = ""
    target_kind: TargetKind = TargetKind.STATEMENT


@dataclass(frozen=True)
class Statement:
    """One statement of a SQL block.

    ``text`` is the exact source text without the closing semicolon; ``node`` is the libpg_query JSON tree of the
    single statement (``{"CreateStmt": {...}}``), with byte offsets relative to ``text``; it is empty where the tree
    is too deep to be read, and the server decides alone. ``span`` are document offsets.
    """

    index: int  # position among all statements of the spec, from 0
    text: str
    span: Span
    source: Source = field(repr=False)
    map: SourceMap = field(repr=False)  # offsets of ``text`` → offsets of the document
    kind: StatementKind
    node_type: str  # "CreateStmt", "IndexStmt", …; "" where unknown
    node: dict[str, Any] = field(repr=False, hash=False, compare=False)
    section: str  # number of the section, such as "5.3"
    heading: str
    comments: tuple[str, ...] = ()  # full-line comments directly above, without their markers
    annotations: tuple[Annotation, ...] = ()

    def document_offset(self, byte_offset: int) -> int:
        """Turn a byte offset of the statement's text (a ``location`` in the tree) into a document offset."""
        return self.map.to_source(self.character_offset(byte_offset))

    def character_offset(self, byte_offset: int) -> int:
        """Turn a byte offset of the statement's text into a character offset of it."""
        if self.text.isascii():
            return byte_offset
        return len(self.text.encode()[:byte_offset].decode(errors="ignore"))

    def document_span(self, start: int, end: int) -> Span:
        """Turn a range of characters of the statement's text into a span of the document."""
        first = self.map.to_source(start)
        return Span(first, max(first, self.map.to_source(max(start, end - 1)) + 1))


@dataclass(frozen=True)
class BrokenStatement:
    """A statement that does not parse: what it would probably have made, for counting what follows from it."""

    name: str  # "users" or "billing.users"; "" where it cannot be guessed
    span: Span
    source: Source = field(repr=False)
    section: str


@dataclass(frozen=True)
class MissingExtension:
    """An extension that the spec uses without creating it: ``because`` is the first name that belongs to it."""

    name: str
    because: str
    span: Span
    source: Source = field(repr=False)


@dataclass(frozen=True)
class ParsedSql:
    """All SQL of a spec, parsed.

    ``refused`` are the indexes of statements that PostgreSQL would reject, each explained by a diagnostic already: do
    not execute them, and count what fails without them as a consequence. ``repeated`` are those that define again,
    word for word, what an earlier one defines: executing the first is enough.
    """

    statements: tuple[Statement, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: tuple[BrokenStatement, ...] = ()
    refused: frozenset[int] = frozenset()
    repeated: frozenset[int] = frozenset()
    missing_extensions: tuple[MissingExtension, ...] = ()
