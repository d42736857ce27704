"""Generated code shows the author's expressions, and what they make is what the specification says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.compilation import compile_spec, parse
from alembic_vibe.plan.expressions import Authored
from tests.acceptance.journey import expected_schema, new_project
from tests.acceptance.pgdump import difference, pg_dump, schema_statements

if TYPE_CHECKING:
    from pathlib import Path

    from alembic_vibe.catalog.facts import Table
    from alembic_vibe.compilation import Compiled
    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

DDL = r"""
CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
CREATE TYPE pair AS (a integer, b text);
CREATE DOMAIN code AS varchar(10);
CREATE SEQUENCE ticket_numbers;

CREATE TABLE rooms (
    id serial PRIMARY KEY,
    code varchar(20) DEFAULT 'room' NOT NULL CHECK (code ~ '^[a-z(]+''?$') CHECK (char_length(code) > 2),
    mood mood NOT NULL DEFAULT 'ok',
    tags text[] NOT NULL DEFAULT ARRAY['a','b(']::text[],
    price numeric(10,2) DEFAULT -1 CHECK (price > -2),
    until timestamptz DEFAULT (now() + interval '1 day'), -- (not, this)
    since timestamptz DEFAULT '2024-01-01',
    born date DEFAULT '1999-12-31' CHECK (born > '1900-01-01'),
    paid boolean DEFAULT (1 IN (1, 2)),
    pair pair DEFAULT '(1,x)',
    spot point DEFAULT '(0,0)',
    raw json DEFAULT '[]',
    "Größe" text DEFAULT 'naïve' || 'é' COLLATE "C",
    note text CONSTRAINT given DEFAULT $q$it's, (here)$q$,
    short code DEFAULT 'none',
    ticket text DEFAULT 'T-' || nextval('ticket_numbers'),
    token text DEFAULT md5('a' || random()),
    label text GENERATED ALWAYS AS (code || ' / ' ||
        coalesce(note, 'none')) STORED,
    half integer GENERATED ALWAYS AS (id / 2) STORED,
    CHECK (price < 100 OR paid),
    CHECK (code <> note),
    CONSTRAINT "check" CHECK (CASE mood WHEN 'glad' THEN paid IS NULL ELSE true END) NO INHERIT,
    CONSTRAINT ranges EXCLUDE USING gist (tstzrange(since, until) WITH &&) WHERE (mood <> 'glad' AND (paid))
);
CREATE INDEX rooms_find ON rooms (lower(code) text_pattern_ops, (tags[1] || note) DESC) WHERE mood IN ('ok', 'glad');
CREATE INDEX rooms_plain ON rooms (lower(code), coalesce(note, 'none')) WHERE (note IS NOT NULL);

-- what comes later wins
CREATE TABLE changes (
    a varchar(10) DEFAULT 'first',
    b varchar(10) DEFAULT 'first',
    c varchar(10) DEFAULT 'first',
    CHECK (a <> 'x')
);
ALTER TABLE changes ADD d varchar(10) DEFAULT 'late', ADD CHECK (a <> 'y'), ADD CONSTRAINT b_given CHECK (b <> 'z');
ALTER TABLE changes ALTER a SET DEFAULT 'second', ALTER COLUMN b DROP DEFAULT;

-- names and types that change
CREATE TABLE reshaped (a varchar(10) DEFAULT 'x', CHECK (a <> 'y'));
ALTER TABLE reshaped ALTER a TYPE text;
CREATE TABLE renamed (a varchar(10) DEFAULT 'x', old varchar(10), CHECK (old <> 'y'));
ALTER TABLE renamed RENAME old TO new;
CREATE TABLE moods (id integer PRIMARY KEY, mood mood DEFAULT 'sad', second mood DEFAULT 'glad');
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';

-- names that PostgreSQL has given to another table of the schema
CREATE TABLE spots_a (b varchar(10) CHECK (b <> 'x'));
CREATE TABLE spots (a_b varchar(10) CHECK (a_b <> 'x') CHECK (a_b <> 'y'));
"""


@pytest.fixture
def markdown(tmp_path: Path) -> Path:
    path = tmp_path / "spec.md"
    path.write_text(f"# 5. Database\n\n## 5.3 Rooms\n\n```sql\n{DDL}```\n", encoding="utf-8")
    return path


@pytest.fixture
def compiled(markdown: Path, server: ScratchServer) -> Compiled:
    return compile_spec(parse(markdown, "spec.md"), server)


def key(table: str, member: str = "") -> Key:
    return Key(Kind.CONSTRAINT if member else Kind.TABLE, "public", table, member)


def test_each_text_belongs_to_its_object(compiled: Compiled) -> None:
    found = compiled.origins.expressions
    assert found[key("rooms")].columns == {
        "code": "'room'",
        "mood": "'ok'",
        "tags": "ARRAY['a','b(']::text[]",
        "price": "-1",
        "until": "now() + interval '1 day'",
        "since": "'2024-01-01'",
        "born": "'1999-12-31'",
        "paid": "(1 IN (1, 2))",
        "pair": "'(1,x)'",
        "spot": "'(0,0)'",
        "raw": "'[]'",
        "Größe": "'naïve' || 'é'",
        "note": "$q$it's, (here)$q$",
        "short": "'none'",
        "ticket": "'T-' || nextval('ticket_numbers')",
        "token": "md5('a' || random())",
        "label": "code || ' / ' || coalesce(note, 'none')",
        "half": "id / 2",
    }
    checks = {at.member: words.check for at, words in found.items() if at.name == "rooms" and words.check}
    assert checks == {
        "rooms_code_check": "code ~ '^[a-z(]+''?$'",
        "rooms_code_check1": "char_length(code) > 2",
        "rooms_price_check": "price > -2",
        "rooms_born_check": "born > '1900-01-01'",
        "rooms_check": "price < 100 OR paid",
        "rooms_check1": "code <> note",
        "check": "CASE mood WHEN 'glad' THEN paid IS NULL ELSE true END",
    }
    assert found[Key(Kind.INDEX, "public", "rooms_find")] == Authored(
        keys=("lower(code)", "(tags[1] || note)"), predicate="mood IN ('ok', 'glad')"
    )
    assert found[key("rooms", "ranges")] == Authored(
        keys=("tstzrange(since, until)",), predicate="mood <> 'glad' AND (paid)"
    )


def test_the_last_statement_wins(compiled: Compiled) -> None:
    found = compiled.origins.expressions
    assert found[key("changes")].columns == {"a": "'second'", "c": "'first'", "d": "'late'"}
    assert found[key("changes", "changes_a_check")].check == "a <> 'x'"
    assert found[key("changes", "changes_a_check1")].check == "a <> 'y'"
    assert found[key("changes", "b_given")].check == "b <> 'z'"


def test_where_in_doubt_there_is_none(compiled: Compiled) -> None:
    found = compiled.origins.expressions
    assert not [at for at in found if at.name in {"reshaped", "renamed", "spots"}]
    assert found[key("moods")].columns == {"second": "'glad'"}
    assert found[key("spots_a", "spots_a_b_check")].check == "b <> 'x'"


def test_postgresql_prints_what_would_not_always_mean_the_same(compiled: Compiled) -> None:
    rooms: Table = compiled.authored.table(key("rooms"))
    printed: Table = compiled.catalog.table(key("rooms"))
    for name in ("id", "since"):  # the zone of whoever reads it would decide what the author's '2024-01-01' means
        assert rooms.column(name).default == printed.column(name).default
    assert rooms.column("born").default == "'1999-12-31'"


COMPARE = """
import json, os, warnings
warnings.filterwarnings("error", message="Computed")
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from product.models import Base
engine = sa.create_engine(os.environ["URL"])
with engine.connect() as connection:
    context = MigrationContext.configure(connection, opts={"compare_server_default": True, "compare_type": True})
    found = [
        [str(part) for part in (item[0] if isinstance(item, list) else item)[2:4]]
        for item in compare_metadata(context, Base.metadata)
        if "alembic_version" not in str(item)
    ]
if os.environ.get("COPY"):
    copy = sa.create_engine(os.environ["COPY"])
    Base.metadata.create_all(copy)
print(json.dumps(found))
"""


def test_what_is_generated_makes_what_the_specification_says(
    markdown: Path, server: ScratchServer, database: str, tmp_path: Path
) -> None:
    expected = expected_schema(server, markdown)
    project = new_project(tmp_path / "project", markdown, server)
    project.run("alembic-vibe", "generate")
    project.run("alembic", "upgrade", "head", database=database)
    assert difference(expected, schema_statements(pg_dump(server, database))) == ""
    project.run("alembic", "check", database=database)

    text = next((project.folder / "migrations" / "versions").glob("*.py")).read_text(encoding="utf-8")
    for shown in ("sa.text(\"'ok'\")", "mood IN ('ok', 'glad')", "code || ' / ' || coalesce(note, 'none')"):
        assert shown in text
    assert "'ok'::mood" not in text

    copy = server.create_database()
    environment = {"URL": server.sqlalchemy_url(database), "COPY": server.sqlalchemy_url(copy), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", COMPARE],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Alembic asks the database whether two defaults are equal: one that is new each time never is.
    assert json.loads(done.stdout) == [["rooms", "ticket"], ["rooms", "token"]]
    made = schema_statements(pg_dump(server, copy))
    server.drop_database(copy)
    assert difference(made, schema_statements(pg_dump(server, database))) == ""
