"""``subset`` on a schema with everything that is hard: what arrives fits together, and nothing else changes."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.pgdump import _program
from tests.programs import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

HERE = Path(__file__).parent
SCHEMA = (HERE / "schema.sql").read_text(encoding="utf-8")
ROWS = (HERE / "rows.sql").read_text(encoding="utf-8")
VARIABLE = "ALEMBIC_VIBE_MASK_KEY"
KEY = {VARIABLE: "a key that only these tests have"}
READER = "subset_reader"

# Every foreign key of a database, as a query for the rows that refer to nothing.
ORPHANS = """
SELECT format('SELECT %L, count(*) FROM %s c WHERE NOT EXISTS (SELECT FROM %s p WHERE %s) AND %s', k.conname,
  k.conrelid::regclass, k.confrelid::regclass,
  (SELECT string_agg(format('c.%I = p.%I', a.attname, b.attname), ' AND ')
   FROM unnest(k.conkey, k.confkey) u(x, y) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x
   JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = y),
  (SELECT string_agg(format('c.%I IS NOT NULL', a.attname), ' AND ')
   FROM unnest(k.conkey) u(x) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = x))
FROM pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
"""

TABLES = """
SELECT c.oid::regclass::text, format('SELECT count(*) FROM ONLY %s', c.oid::regclass)
FROM pg_class c WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('public', '"Stock room"')
"""


def subset(folder: Path, *arguments: str, key: bool = True) -> tuple[int, dict[str, object], str]:
    """Run the command; return exit code, report and what it printed beside it."""
    done = run_program(["alembic-vibe", "subset", "--format", "json", *arguments], folder, KEY if key else {})
    return done.returncode, json.loads(done.stdout), done.stdout + done.stderr


def dump(server: ScratchServer, database: str, *options: str) -> str:
    """All that a database holds."""
    command = [_program(server, "pg_dump"), "--dbname", server.url(database), *options]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in text.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


@pytest.fixture(scope="module")
def source(server: ScratchServer) -> Iterator[str]:
    """The source, and an account that may read it and nothing else."""
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute(ROWS)
        connection.execute(f"CREATE ROLE {READER} LOGIN BYPASSRLS")
        connection.execute(f'GRANT USAGE ON SCHEMA "Stock room" TO {READER}')
        connection.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA public, "Stock room" TO {READER}')
        # The whole, but no partition of it by its own name.
        connection.execute(f"REVOKE ALL ON orders_early, orders_late FROM {READER}")
    yield name
    server.drop_database(name)
    with server.connect(server.maintenance_database, autocommit=True) as connection:
        connection.execute(f"DROP ROLE {READER}")


@pytest.fixture(scope="module")
def empty(server: ScratchServer) -> Iterator[str]:
    """A database at the same revision, to make others from."""
    name = server.create_database()
    with server.connect(name, autocommit=True) as connection:
        connection.execute(SCHEMA)
    yield name
    server.drop_database(name)


@pytest.fixture
def target(server: ScratchServer, empty: str) -> Iterator[str]:
    """A migrated database without rows."""
    name = server.create_database(template=empty)
    yield name
    server.drop_database(name)


def as_reader(server: ScratchServer, database: str) -> str:
    """The URL of the account that may only read."""
    return re.sub(r"//[^/@]*@", f"//{READER}@", server.url(database))


def test_what_arrives_fits_together_and_nothing_else_changes(
    server: ScratchServer, source: str, target: str, tmp_path: Path
) -> None:
    before, schema_before = dump(server, source), dump(server, target, "--schema-only")
    code, report, printed = subset(
        tmp_path, "--from", as_reader(server, source), "--to", server.url(target), "--fraction", "0.1"
    )
    assert code == 0, printed
    assert dump(server, source) == before
    assert dump(server, target, "--schema-only") == schema_before
    assert 0.85 * 960 <= report["rows"] <= 1.15 * 960  # type: ignore[operator]
    with server.connect(target) as connection:
        queries = [query for (query,) in connection.execute(ORPHANS)]
        assert len(queries) > 10
        assert {row[1] for query in queries for row in connection.execute(query)} == {0}
        counts = {}
        for name, query in connection.execute(TABLES).fetchall():
            [(counts[name],)] = connection.execute(query).fetchall()
        assert counts.pop("vibe_seed_state") == 0
        assert counts.pop("alembic_version") == 1
        assert counts["countries"] == 100  # small, so whole
        assert all(counts.values()), counts
        following = connection.execute("SELECT nextval('note_numbers') > max(number) FROM notes").fetchone()
        assert following == (True,)
        shown = connection.execute("SELECT bool_and(shown = email || '!') FROM users").fetchone()
        assert shown == (True,)


def test_a_folder_is_the_same_every_time_and_psql_loads_it(
    server: ScratchServer, source: str, target: str, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        url = re.sub(r"//([^/@]*)@", r"//\1:a-secret@", server.url(source))
        code, _, printed = subset(tmp_path, "--from", url, "--to", name, "--rows", "600")
        assert code == 0, printed
        assert "a-secret" not in printed
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert [name for name, content in one.items() if b"a-secret" in content or KEY[VARIABLE].encode() in content] == []
    assert [name for name, content in one.items() if b"@shop.example.com" in content] == []
    assert {"load.sql", "manifest.json"} < set(one)
    schema_before = dump(server, target, "--schema-only")
    psql = [_program(server, "psql"), "--no-psqlrc", "-q", "-d", server.url(target), "-f", "load.sql"]
    loaded = subprocess.run(psql, cwd=tmp_path / "one", capture_output=True, text=True, check=False)
    assert loaded.returncode == 0, loaded.stderr
    assert dump(server, target, "--schema-only") == schema_before
    manifest = json.loads(one["manifest.json"])
    with server.connect(target) as connection:
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (
            next(table["rows"] for table in manifest["tables"] if table["table"] == "items"),
        )


def test_everything_at_once_leaves_out_only_what_refers_to_nothing(
    server: ScratchServer, source: str, target: str, tmp_path: Path
) -> None:
    code, report, printed = subset(
        tmp_path, "--from", server.url(source), "--to", server.url(target), "--fraction", "1"
    )
    assert code == 0, printed
    assert [found["code"] for found in report["diagnostics"]] == ["AV658", "AV658"]  # type: ignore[attr-defined]
    with server.connect(target) as connection:
        replies = connection.execute("SELECT count(*) FROM replies").fetchone()
        likes = connection.execute("SELECT count(*) FROM likes").fetchone()
        items = connection.execute("SELECT count(*) FROM items").fetchone()
    assert (replies, likes, items) == ((270,), (540,), (3098,))


def test_refusals_leave_nothing_half_done(server: ScratchServer, source: str, target: str, tmp_path: Path) -> None:
    def refused(code: str, exit_code: int, *arguments: str) -> str:
        found, report, printed = subset(tmp_path, *arguments)
        diagnostics = report["diagnostics"]
        assert (found, diagnostics[0]["code"]) == (exit_code, code), printed  # type: ignore[index]
        return printed

    here, there = server.url(source), server.url(target)
    refused("AV650", 2, "--from", here, "--to", here)
    refused("AV659", 2, "--from", here, "--to", "mysql://localhost/shop")
    refused("AV659", 2, "--from", here, "--to", "no/such/place")
    with server.connect(source, autocommit=True) as connection:
        connection.execute(f"REVOKE SELECT ON carts FROM {READER}")
    printed = refused("AV652", 4, "--from", as_reader(server, source), "--to", there)
    assert "carts cannot be read" in printed
    with server.connect(source, autocommit=True) as connection:
        connection.execute(f"GRANT SELECT ON carts TO {READER}; ALTER ROLE {READER} NOBYPASSRLS")
    assert "row security" in refused("AV652", 4, "--from", as_reader(server, source), "--to", "folder")
    assert list(tmp_path.iterdir()) == []
    with server.connect(source, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {READER} BYPASSRLS")
    with server.connect(target, autocommit=True) as connection:
        connection.execute("ALTER TABLE likes ADD CONSTRAINT unlikely CHECK (id < 0)")
    assert "unlikely" in refused("AV654", 1, "--from", here, "--to", there)
    with server.connect(target, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
        connection.execute("INSERT INTO countries VALUES ('XX', 'Somewhere')")
    assert "hold rows already: countries" in refused("AV651", 1, "--from", here, "--to", there)


def test_an_original_in_the_output_ends_the_run(
    server: ScratchServer, source: str, target: str, tmp_path: Path
) -> None:
    command = ("--from", server.url(source), "--classification", "masks.toml")
    code, report, printed = subset(tmp_path, *command, "--check")
    assert code == 1, printed
    assert {"AV661"} == {found["code"] for found in report["diagnostics"]}  # type: ignore[attr-defined]
    assert subset(tmp_path, *command, "--write")[0] == 0
    masks = tmp_path / "masks.toml"
    suggested = masks.read_text(encoding="utf-8")
    assert subset(tmp_path, *command, "--check")[0] == 0
    kept = re.sub(r'(\[public\.logs\]\nline = )"\w+"', r'\1"keep"', suggested)
    assert kept != suggested
    masks.write_text(kept, encoding="utf-8")
    for to in (server.url(target), "folder"):
        code, report, printed = subset(tmp_path, *command, "--to", to, "--fraction", "0.3")
        codes = [(found["code"], found["message"]) for found in report["diagnostics"]]  # type: ignore[attr-defined]
        assert code == 1, printed
        assert any(found == "AV667" and "logs.line" in message for found, message in codes)
    with server.connect(target) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    assert [path.name for path in tmp_path.iterdir()] == ["masks.toml"]
    masks.write_text(suggested.replace("body = ", "text = "), encoding="utf-8")
    code, report, _ = subset(tmp_path, *command, "--check")
    assert (code, {found["code"] for found in report["diagnostics"]}) == (1, {"AV661", "AV662"})  # type: ignore[attr-defined]
