"""What the loader puts right by itself, and how it says so (AV41x)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.postgres import names
from alembic_vibe.postgres.anchors import statement_span
from alembic_vibe.postgres.known_extensions import provider_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import psycopg

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.postgres.execution import Failure
    from alembic_vibe.postgres.names import Name
    from alembic_vibe.postgres.server import ScratchServer
    from alembic_vibe.sql.statement import MissingExtension, Statement

REORDERED = Rule(
    code="AV410",
    slug="statement-reordered",
    severity=Severity.INFO,
    summary="A statement was moved behind another one that it needs.",
    why="The order of the statements in a specification carries no meaning, but PostgreSQL makes one after the other.",
    fix="Nothing has to be done; to silence this, write the statement below the one that it needs.",
    bad="CREATE INDEX users_email_idx ON users (email);\nCREATE TABLE users (id bigint PRIMARY KEY, email text);",
    good="CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE INDEX users_email_idx ON users (email);",
)
SPLIT = Rule(
    code="AV411",
    slug="foreign-key-split",
    severity=Severity.INFO,
    summary="Foreign keys to tables that are made later are added after those.",
    why="Neither of two tables that refer to each other can be made first with its foreign key; so "
    "one is made without it, and gets it when the other is there.",
    fix="Nothing has to be done; to silence this, write one of the foreign keys as ALTER TABLE … ADD CONSTRAINT.",
    bad="CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint REFERENCES b);\n"
    "CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);",
    good="CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);\n"
    "CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);\n"
    "ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;",
)
EXTENSION_ADDED = Rule(
    code="AV412",
    slug="extension-added",
    severity=Severity.INFO,
    summary="An extension that the specification uses and does not create was added.",
    why="Types, functions and operator classes of an extension are there only after CREATE EXTENSION.",
    fix="Nothing has to be done; to silence this, add the CREATE EXTENSION statement to the specification.",
    bad="CREATE TABLE users (id bigint PRIMARY KEY, email citext NOT NULL);",
    good="CREATE EXTENSION IF NOT EXISTS citext;\nCREATE TABLE users (id bigint PRIMARY KEY, email citext NOT NULL);",
)
STUB_USED = Rule(
    code="AV413",
    slug="stand-in-extension",
    severity=Severity.INFO,
    summary="The schema was proved with a stand-in for an extension that the scratch server lacks.",
    why="The stand-in has the signatures of the extension, in SQL; it does not encrypt, and makes random UUIDs only.",
    fix="Use --scratch-url with a server that has the extension to prove with the real one.",
    bad="CREATE EXTENSION pgcrypto;\nCREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());",
    good="CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid());",
)

RULES = (REORDERED, SPLIT, EXTENSION_ADDED, STUB_USED)

_NO_OPCLASS = re.compile(r'^data type (?P<type>.+) has no default operator class for access method "(?P<method>\w+)"')
_TEXTS = frozenset({"text", "character varying", "character", "citext"})


def extension_wanted(failure: Failure) -> str | None:
    """Return the extension whose absence explains a failure."""
    match = _NO_OPCLASS.search(failure.message)
    if match:
        if match["method"] == "gist":
            return "btree_gist"
        # A GIN index of a text is nearly always meant for trigrams, which must be said: gin_trgm_ops.
        return "btree_gin" if match["method"] == "gin" and match["type"] not in _TEXTS else None
    missing = failure.missing
    return provider_of(*missing) if missing is not None else None


def extension_for(failure: Failure, server: ScratchServer, definitions: Sequence[Statement]) -> str | None:
    """Return the extension to create for a statement: the server has it, and no statement creates it."""
    extension = extension_wanted(failure)
    if extension is None or extension not in server.available_extensions:
        return None
    missing = failure.missing
    wanted = {names.Name("extension", extension)} | ({missing} if missing else set())
    return None if any(wanted & names.makes(statement) for statement in definitions) else extension


def announced(
    missing: Iterable[MissingExtension], server: ScratchServer, definitions: Sequence[Statement]
) -> dict[str, Statement]:
    """Return the extensions to create before anything else, each with the first statement that needs it."""
    found: dict[str, Statement] = {}
    for extension in missing:
        if extension.name not in server.available_extensions:
            continue
        for statement in definitions:
            if statement.span.start <= extension.span.start < statement.span.end:
                found.setdefault(extension.name, statement)
    return found


class Note(NamedTuple):
    """A repair, by the numbers of the statements that it is about: true wherever they stand in the document.

    ``rule`` is the code of one of the rules above, ``statement`` the index of the statement (-1: none), ``subject``
    what was missing or added, ``maker`` the index of the statement that makes it, ``texts`` what is run instead.
    """

    rule: str
    statement: int
    subject: str
    kind: str = ""
    maker: int = -1
    texts: tuple[str, ...] = ()


def say(note: Note, statements: Mapping[int, Statement]) -> Diagnostic:
    """Tell the user of a repair."""
    statement = statements.get(note.statement)
    place: Any = {"source": statement.source, "span": statement_span(statement)} if statement else {}
    if note.rule == EXTENSION_ADDED.code:
        return EXTENSION_ADDED.diagnostic(
            f"Extension {note.subject} is used here and created nowhere; it was added.",
            help=f'Nothing has to be done; to silence this, add: CREATE EXTENSION IF NOT EXISTS "{note.subject}";',
            **place,
        )
    if note.rule == STUB_USED.code:
        return STUB_USED.diagnostic(
            f"Proved with a stand-in for {note.subject}: this scratch server does not have the extension itself.",
            **place,
        )
    if note.rule == REORDERED.code:
        maker = statements[note.maker]
        line = maker.source.position(maker.span.start).line
        kind = "table or view" if note.kind == "relation" else note.kind
        return REORDERED.diagnostic(f"Moved behind line {line}, which makes the {kind} {note.subject}.", **place)
    count = len(note.texts)
    keys = "Its foreign key was" if count == 1 else f"Its {count} foreign keys were"
    return SPLIT.diagnostic(
        f"This table refers to a table that can only be made after it. {keys} added afterwards.",
        notes=note.texts,
        **place,
    )


def extension_notes(added: Mapping[str, Statement]) -> Iterator[Note]:
    """Say which extensions were added, each at the first statement that needs it."""
    for extension, statement in added.items():
        yield Note(EXTENSION_ADDED.code, statement.index, extension)


def stubs_in_use(connection: psycopg.Connection[Any], server: ScratchServer) -> frozenset[str]:
    """Return the extensions of the database that are stand-ins."""
    if not server.stubbed_extensions:
        return frozenset()
    rows = connection.execute("SELECT extname FROM pg_catalog.pg_extension").fetchall()
    return frozenset(row[0] for row in rows) & server.stubbed_extensions


def stub_notes(
    stubs: Iterable[str], definitions: Sequence[Statement], added: Mapping[str, Statement]
) -> Iterator[Note]:
    """Say which stand-ins the schema was proved with."""
    for name in sorted(stubs):
        creator = next((s for s in definitions if names.Name("extension", name) in names.makes(s)), added.get(name))
        yield Note(STUB_USED.code, creator.index if creator else -1, name)


def reordered(statement: Statement, name: Name, maker: Statement) -> Note:
    """Say that a statement was moved behind the one that makes ``name``."""
    return Note(REORDERED.code, statement.index, name.name, name.kind, maker.index)


def split_note(statement: Statement, alters: Sequence[str]) -> Note:
    """Say that foreign keys of a table were added after it."""
    return Note(SPLIT.code, statement.index, "", texts=tuple(alters))
