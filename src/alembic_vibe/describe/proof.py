"""Whether a document says what the database has: PostgreSQL loads it, and what it reads back is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import compare
from alembic_vibe.source import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql.statement import ParsedSql


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a document: objects that differ from what they should be, statements that were refused.

    ``differing`` also has keys of kind COLUMN, for single columns of a table.
    """

    found: Catalog
    differing: frozenset[Key] = frozenset()
    refused: tuple[tuple[str, Diagnostic], ...] = ()  # the text of the statement, and what is said of it


def parse_text(text: str) -> tuple[ParsedSql | None, tuple[Diagnostic, ...]]:
    """Read and parse a document; returns its statements and all that is wrong with it."""
    from alembic_vibe.spec.reader import read_spec_text
    from alembic_vibe.sql.parser import parse_spec

    reading = read_spec_text(Source("specification", text))
    spec = reading.spec or reading.draft
    if spec is None:
        return None, reading.diagnostics
    parsed = parse_spec(spec)
    return parsed, (*reading.diagnostics, *parsed.diagnostics)


def judge(parsed: ParsedSql, wanted: Catalog, keys: Collection[Key], server: ScratchServer) -> Verdict:
    """Load a document on a scratch database, and compare what it makes with what it should.

    Args:
        parsed: The statements of the document.
        wanted: What they should make, perhaps among other things.
        keys: The objects that are meant.
        server: Where they are executed; nothing of them stays there.
    """
    from alembic_vibe.postgres.introspect import read_catalog
    from alembic_vibe.postgres.loader import load

    database = server.create_database()
    try:
        loaded = load(parsed.statements, server, database)
        with server.connect(database, autocommit=True) as connection:
            found = read_catalog(connection).catalog
    finally:
        server.drop_database(database)
        server.reset_roles()
    limited = replace(wanted, facts={key: fact for key, fact in wanted.facts.items() if key in keys})
    changes = compare(limited, found)
    differing = {change.key for change in changes if change.key.kind not in {Kind.ROLE, Kind.MEMBERSHIP}}
    for change in changes:
        if isinstance(change.before, Table) and isinstance(change.after, Table):
            differing |= _columns(change.before, change.after)
    return Verdict(found, frozenset(differing), tuple(_statements(parsed, loaded.diagnostics)))


def _columns(wanted: Table, found: Table) -> set[Key]:
    there = {column.name: column for column in found.columns}
    key = wanted.key
    return {
        Key(Kind.COLUMN, key.schema, key.name, column.name)
        for column in wanted.columns
        if there.get(column.name) != column
    }


def _statements(parsed: ParsedSql, diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, Diagnostic]]:
    """Return the statements that errors are about, with the errors."""
    from alembic_vibe.diagnostics import Severity

    found = []
    for diagnostic in diagnostics:
        if diagnostic.severity is not Severity.ERROR or diagnostic.span is None:
            continue
        for statement in parsed.statements:
            if statement.span.start <= diagnostic.span.start < statement.span.end:
                found.append((statement.text, diagnostic))
                break
    return found


def blamed(refused: tuple[tuple[str, Diagnostic], ...], keys: Mapping[str, Key]) -> dict[Key, str]:
    """Return the objects whose statements were refused, with the reason."""
    return {keys[text]: diagnostic.message for text, diagnostic in refused if text in keys}
