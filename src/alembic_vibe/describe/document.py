"""A catalog → a specification: Markdown with a Section 5 that compiles to that catalog."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Extension, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.describe.grouping import group_tables
from alembic_vibe.describe.layout import lay_out
from alembic_vibe.describe.model import Described, Wishes
from alembic_vibe.describe.notes import different, left_out
from alembic_vibe.describe.proof import blamed, judge, parse_text
from alembic_vibe.describe.prose import as_title
from alembic_vibe.describe.readable import Freedom, Wording
from alembic_vibe.describe.reasons import indexing
from alembic_vibe.describe.sections import access, feature_sections, row_security
from alembic_vibe.describe.selection import select, shown
from alembic_vibe.describe.statements import Writer
from alembic_vibe.describe.tables import TableWriter
from alembic_vibe.describe.template import render
from alembic_vibe.describe.worded import worded
from alembic_vibe.diagnostics import Severity
from alembic_vibe.plan.graph import CycleError
from alembic_vibe.postgres.refusals import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql.statement import ParsedSql

_MAJOR = 10_000
_OLDEST = 15  # the first version that a specification may name


def write_spec(
    catalog: Catalog,
    title: str,
    *,
    version_table: str = "alembic_version",
    version_schema: str = "",
    ignored_schemas: Collection[str] = (),
    owner: str = "",
    server: ScratchServer | None = None,
) -> str:
    """Return a specification whose Section 5 describes a database.

    The same catalog gives the same text.

    Args:
        catalog: What the database has, as ``read_catalog`` returns it.
        title: The name of the product, for the document's heading.
        version_table: Alembic's own table, which is not described.
        version_schema: Its schema; empty for ``public``.
        ignored_schemas: Schemas that belong to somebody else.
        owner: The role that runs the migrations; see ``Wishes``.
        server: Where the document is proven; see ``describe``.

    Returns:
        The Markdown; ``describe`` also tells what is not in it.
    """
    return describe(catalog, title, Wishes(version_table, version_schema, ignored_schemas, owner), server).text


def describe(
    catalog: Catalog, title: str, wishes: Wishes | None = None, server: ScratchServer | None = None
) -> Described:
    """Return a specification that describes a database, and what it leaves out.

    With a server the document is proven: PostgreSQL loads it, and what it reads back is what the database has. That
    allows more readable words: where one is not printed again as it was, PostgreSQL's own are taken instead.

    Args:
        catalog: What the database has.
        title: The name of the product.
        wishes: What is left out by wish.
        server: Where the document is tried. Of another major version than the database's it prints other words: then
            PostgreSQL's own are loaded there first, and the document is compared with what they make. Without an
            extension of the database it cannot try anything, and is not used.
    """
    if server is not None and not _extensions(catalog) <= server.available_extensions:
        server = None
    free = server is not None and not _other_major(server, catalog)
    draft = Draft(catalog, title, wishes or Wishes(), Freedom.READABLE if free else Freedom.EXACT)
    return draft.settled(server)


class Draft:
    """A document on its way: what was refused, and which objects must have PostgreSQL's own words."""

    def __init__(self, catalog: Catalog, title: str, wishes: Wishes, usual: Freedom) -> None:
        """Begin with nothing refused."""
        self._given = catalog
        self._title = title
        self._wishes = wishes
        self._refused: dict[Key, str] = {}
        self._usual = usual
        self._freedom: dict[Key, Freedom] = {}
        self._wanted: Catalog | None = None  # what another major version prints of PostgreSQL's own words

    def settled(self, server: ScratchServer | None) -> Described:
        """Return the document when nothing more is wrong with it, or nothing more can be done about it."""
        while True:
            try:
                draft = self.write()
            except CycleError as error:
                circle = [key for key in error.nodes if isinstance(key, Key)]
                self._refused |= dict.fromkeys(circle, "it and others cannot be made one after the other")
                continue
            parsed, found = parse_text(draft.text)
            refused = _told(parsed, found, draft.keys) if parsed is not None else {}
            if not refused and server is not None and parsed is not None:
                verdict = judge(parsed, self._wanted or draft.catalog, draft.catalog.facts, server)
                failed = blamed(verdict.refused, draft.keys)
                if not failed and self._wanted is None and _other_major(server, draft.catalog):
                    self._wanted, self._usual = verdict.found, Freedom.READABLE
                    continue
                if self._lower(member for key in failed for member in self._members(key)):
                    continue
                if not failed and self._lower(verdict.differing):
                    continue
                if not failed and verdict.differing:
                    return replace(draft, diagnostics=(*draft.diagnostics, *different(verdict.differing)))
                refused = failed
            if not refused.keys() - self._refused.keys():
                return draft
            self._refused |= refused

    def _lower(self, keys: Iterable[Key]) -> bool:
        """Let some objects be written less freely; whether that was possible."""
        lowered = False
        for key in keys:
            now = self._freedom.get(key, self._usual)
            if now is not Freedom.PRINTED:
                self._freedom[key] = Freedom(now + 1)
                lowered = True
        return lowered

    def _members(self, key: Key) -> Iterator[Key]:
        """Yield what stands in the statement of an object."""
        yield key
        fact = self._given.facts.get(key)
        if isinstance(fact, Table):
            yield from (Key(Kind.COLUMN, key.schema, key.name, column.name) for column in fact.columns)
            yield from (found.key for found in self._given.constraints().get(key, ()))

    def write(self) -> Described:
        """Return the document as far as it is known."""
        selection = select(self._given, self._wishes, self._refused)
        chosen = selection.catalog
        words = worded(chosen, Wording(chosen, self._usual, self._freedom))
        groups = group_tables(chosen)
        layout = lay_out(chosen, groups)
        writer = Writer(words, TableWriter(chosen))
        text = render(
            "spec.md.mako",
            heading=as_title(self._title),
            version=max(_OLDEST, chosen.server_version // _MAJOR),
            sections=feature_sections(words, groups, layout, writer),
            indexes=indexing(words),
            access=access(words, writer),
            policies=row_security(words, writer),
            omissions=selection.omissions,
            shown=shown,
        )
        return Described(text, chosen, tuple(map(left_out, selection.omissions)), writer.keys)


def _extensions(catalog: Catalog) -> set[str]:
    return {extension.key.name for extension in catalog.of_type(Extension)}


def _other_major(server: ScratchServer, catalog: Catalog) -> bool:
    """Whether the server may print expressions in another way than the one that the database is on."""
    return server.version_num // _MAJOR != catalog.server_version // _MAJOR


def _told(parsed: ParsedSql, found: Iterable[Diagnostic], keys: Mapping[str, Key]) -> dict[Key, str]:
    """Return the objects whose statements no document can have, with the reason."""
    told = {}
    errors = [d for d in found if d.severity is Severity.ERROR and d.span is not None]
    for statement in parsed.statements:
        key = keys.get(statement.text)
        own = [d for d in errors if d.span and statement.span.start <= d.span.start < statement.span.end]
        if own_refusal := refuse(statement):
            own.append(own_refusal)
        if key is not None and (stopping := [d for d in own if d.severity is Severity.ERROR]):
            told[key] = stopping[0].message
    return told
