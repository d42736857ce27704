"""A fingerprint sees what was done, and no longer sees it once it was undone."""

from __future__ import annotations

import pytest

from alembic_vibe.postgres.fingerprint import changed_catalogs, fingerprint
from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

SCHEMA = """
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE DOMAIN share AS integer CHECK (VALUE > 0);
    CREATE TABLE parts (id integer PRIMARY KEY, title text DEFAULT 'new', mood mood, share share CHECK (share > 1));
    CREATE INDEX ON parts (title);
    CREATE SEQUENCE numbers;
    CREATE VIEW titles AS SELECT title FROM parts;
    CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
"""


@pytest.mark.parametrize(
    ("do", "undo", "seen"),
    [
        ("CREATE TABLE more (id integer)", "DROP TABLE more", {"relations", "columns", "types"}),
        ("ALTER TABLE parts RENAME title TO name", "ALTER TABLE parts RENAME name TO title", {"columns"}),
        ("ALTER TABLE parts SET (fillfactor = 50)", "ALTER TABLE parts RESET (fillfactor)", {"relations"}),
        ("GRANT SELECT ON parts TO pg_monitor", "REVOKE ALL ON parts FROM pg_monitor", {"relations"}),
        ("GRANT SELECT ON titles TO pg_monitor", "REVOKE ALL ON titles FROM pg_monitor", {"relations"}),
        ("GRANT USAGE ON SEQUENCE numbers TO pg_monitor", "REVOKE ALL ON numbers FROM pg_monitor", {"relations"}),
        ("GRANT SELECT (title) ON parts TO PUBLIC", "REVOKE ALL (title) ON parts FROM PUBLIC", {"columns"}),
        ("REVOKE USAGE ON TYPE mood FROM PUBLIC", "GRANT USAGE ON TYPE mood TO PUBLIC", {"types"}),
        ("GRANT USAGE ON TYPE share TO pg_monitor", "REVOKE ALL ON TYPE share FROM pg_monitor", {"types"}),
        ("REVOKE ALL ON FUNCTION one FROM PUBLIC", "GRANT EXECUTE ON FUNCTION one TO PUBLIC", {"functions"}),
        ("ALTER DOMAIN share SET DEFAULT 3", "ALTER DOMAIN share DROP DEFAULT", {"types"}),
        ("CREATE INDEX extra ON parts (share)", "DROP INDEX extra", {"relations", "columns", "indexes"}),
        ("ALTER TABLE parts ADD CHECK (id > 0)", "ALTER TABLE parts DROP CONSTRAINT parts_id_check", {"constraints"}),
        ("COMMENT ON TABLE parts IS 'all'", "COMMENT ON TABLE parts IS NULL", {"comments"}),
    ],
)
def test_what_is_done_and_undone(server: ScratchServer, database: str, do: str, undo: str, seen: set[str]) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        before = fingerprint(connection)
        connection.execute(do.encode())
        assert set(changed_catalogs(before, fingerprint(connection))) == seen
        connection.execute(undo.encode())
        assert changed_catalogs(before, fingerprint(connection)) == []


def test_objects_that_were_made_again_differ(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        before = fingerprint(connection)
        connection.execute(b"DROP INDEX parts_title_idx; CREATE INDEX ON parts (title)")
        assert "indexes" in changed_catalogs(before, fingerprint(connection))


def test_rows_are_no_part_of_it(server: ScratchServer, database: str) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
        before = fingerprint(connection)
        connection.execute(b"INSERT INTO parts VALUES (1); ANALYZE parts")
        assert changed_catalogs(before, fingerprint(connection)) == []
