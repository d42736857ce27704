"""A specification written from a database makes that database again: PostgreSQL loads it, and ``pg_dump`` judges."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Extension
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.compilation import compile_spec, parse
from alembic_vibe.describe.document import describe, write_spec
from alembic_vibe.describe.model import Wishes
from alembic_vibe.diff.compare import compare
from alembic_vibe.postgres.introspect import read_catalog
from tests.acceptance.corpus.corpus import PACKAGES, CorpusUnavailableError, corpus_spec
from tests.acceptance.direct import run_directly, section_statements
from tests.acceptance.pgdump import cut, difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server
HERE = Path(__file__).parent
SAMPLE = HERE.parents[2] / "sample_project" / "docs" / "06-technical-specification.md"


def statements_of(name: str, folder: Path) -> list[str]:
    if name == "sample":
        return ["CREATE EXTENSION btree_gist", *section_statements(SAMPLE)]
    if name in {"rich", "every_kind"}:
        path = HERE / "rich.sql" if name == "rich" else HERE.parent / "every_kind.sql"
        return cut(path.read_text(encoding="utf-8"))
    package = next(package for package in PACKAGES if package.name == name)
    try:
        return cut(corpus_spec(package, folder).raw_sql.read_text(encoding="utf-8"))
    except CorpusUnavailableError as error:
        pytest.skip(str(error))


def made(server: ScratchServer, database: str, statements: Sequence[str]) -> Catalog:
    with server.connect(database, autocommit=True) as connection:
        run_directly(connection, statements)
        return read_catalog(connection).catalog


@pytest.mark.parametrize(("name", "proven"), [("rich", True), ("every_kind", False), ("sample", False)])
def test_the_document_makes_the_same_database(name: str, proven: bool, server: ScratchServer, tmp_path: Path) -> None:
    roles = server.existing_roles()
    database = server.create_database()
    catalog = made(server, database, statements_of(name, tmp_path))
    expected = schema_statements(pg_dump(server, database))
    server.forget_roles(server.existing_roles() - roles)
    server.drop_database(database)
    server.reset_roles()

    described = describe(catalog, "Shop", server=server if proven else None)
    assert described.diagnostics == ()
    document = tmp_path / "spec.md"
    document.write_text(described.text, encoding="utf-8")

    parsed = parse(document, "spec.md")
    assert not parsed.has_errors
    if proven:
        compiled = compile_spec(parsed, server, fresh=True)
        assert [change.describe() for change in compare(described.catalog, compiled.catalog)] == []
        assert [repair.message for repair in compiled.loaded.repairs] == []

    # From its first line to its last, as a person with psql would run it.
    again = server.create_database()
    with server.connect(again, autocommit=True) as connection:
        for statement in section_statements(document):
            connection.execute(statement.encode())
    actual = schema_statements(pg_dump(server, again))
    server.forget_roles(server.existing_roles() - roles)
    server.drop_database(again)
    server.reset_roles()
    assert difference(expected, actual) == ""


WORDS = """\
CREATE TABLE people (
    id serial PRIMARY KEY,
    email varchar(100) NOT NULL UNIQUE CHECK (email LIKE '%@%'),
    state varchar(9) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'old')),
    height numeric(5,2) DEFAULT -1.5 CHECK (height >= -90 AND height <= 90),
    parent integer REFERENCES people(id) ON DELETE SET NULL,
    made_at timestamptz NOT NULL DEFAULT now(),

    UNIQUE (state, height),
    CONSTRAINT tall CHECK (height > 0 OR state <> 'old')
);
COMMENT ON TABLE people IS 'Who comes: *everybody*';

CREATE INDEX people_state ON people (lower(email)) WHERE state = 'new';
"""


def test_people_find_their_words(server: ScratchServer, database: str) -> None:
    catalog = made(server, database, cut(WORDS))
    text = write_spec(catalog, "Shop", server=server)
    assert WORDS in text
    assert "\nWho comes\\: \\*everybody\\*\n\n```sql\nCREATE TABLE people" in text


OUTSIDE = "A function in language internal runs outside of PostgreSQL's protection; it is not executed."


def test_a_server_without_an_extension_proves_nothing_and_takes_nothing_away(server: ScratchServer) -> None:
    rare = Extension(key=Key(Kind.EXTENSION, "", "nowhere_to_be_had"))
    described = describe(Catalog(facts={rare.key: rare}, server_version=server.version_num), "Shop", server=server)
    assert "CREATE EXTENSION IF NOT EXISTS nowhere_to_be_had;" in described.text
    assert described.diagnostics == ()


LEFT_OUT = """\
CREATE SCHEMA theirs;
CREATE TABLE theirs.things (id integer PRIMARY KEY);
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE TABLE words (word text COLLATE plain);
CREATE VIEW short_words AS SELECT word FROM words WHERE length(word) < 4;
CREATE TABLE notes (id integer PRIMARY KEY, thing integer REFERENCES theirs.things);
CREATE FUNCTION plus(integer, integer) RETURNS integer LANGUAGE internal IMMUTABLE AS 'int4pl';
CREATE TABLE sums (a integer DEFAULT plus(1, 2));
CREATE TABLE versions (version_num varchar(32) PRIMARY KEY);
"""


def test_what_no_document_can_have_is_told(server: ScratchServer, database: str, tmp_path: Path) -> None:
    catalog = made(server, database, cut(LEFT_OUT))
    described = describe(catalog, "Shop", Wishes(version_table="versions", schemas={"theirs"}), server)
    told = sorted(
        diagnostic.message.replace(" is not in the specification", "") for diagnostic in described.diagnostics
    )
    assert told == [
        "collation public.plain: only its name is known here; its statement has to be written by hand",
        "constraint notes_thing_fkey on notes: it needs table theirs.things",
        f"function plus(integer, integer): {OUTSIDE}",
        "table sums: it needs function plus(integer, integer)",
        "table words: it needs collation public.plain",
        "view short_words: it needs collation public.plain",
    ]
    assert all(f"| {name} |" in described.text for name in ("table words", "view short_words", "table sums"))
    document = tmp_path / "spec.md"
    document.write_text(described.text, encoding="utf-8")
    compiled = compile_spec(parse(document, "spec.md"), server, fresh=True)
    assert sorted(key.name for key in compiled.catalog.facts if key.kind == "table") == ["notes"]


def test_who_runs_the_migrations_owns_nothing_by_name(server: ScratchServer, database: str) -> None:
    script = """
        CREATE ROLE described_runner NOLOGIN; CREATE ROLE described_reader NOLOGIN; CREATE ROLE described_other NOLOGIN;
        CREATE ROLE described_root SUPERUSER;
        GRANT CREATE ON SCHEMA public TO described_runner;
        GRANT pg_monitor, described_reader TO described_root, described_runner;
        SET ROLE described_runner;
        CREATE TABLE things (id integer PRIMARY KEY);
        GRANT SELECT ON things TO described_reader, described_root;
        ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO described_reader;
        RESET ROLE;
    """
    with server.connect(database, autocommit=True) as connection:
        connection.execute(script.encode())
        described = describe(read_catalog(connection).catalog, "Shop")
    assert "described_runner" not in described.text
    assert "TO described_root" not in described.text
    assert [d.message.partition(" is not")[0] for d in described.diagnostics] == [
        "privileges table::described_root on things"
    ]
    assert "described_other" not in described.text
    assert "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO described_reader;" in described.text
    assert "CREATE ROLE described_reader NOLOGIN;" in described.text


def test_a_new_table_moves_nothing(server: ScratchServer, database: str, tmp_path: Path) -> None:
    before = write_spec(made(server, database, statements_of("every_kind", tmp_path)), "Shop")
    after = write_spec(made(server, database, ["CREATE TABLE order_gifts (id integer PRIMARY KEY)"]), "Shop")
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert {line[0] for line in changes} == {"+"}
    assert len(changes) == 6  # the fence, three lines of the table, the end of the fence, an empty line
