"""Seeds from the specification's INSERTs to rows, on a real server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from alembic_vibe.diagnostics import ConfigurationError
from alembic_vibe.postgres.introspect import read_catalog
from alembic_vibe.seed.extract import Extraction, extract_seeds
from alembic_vibe.seed.report import SeedRefusedError
from alembic_vibe.seed.roles import add_default_roles
from alembic_vibe.seed.runner import SeedReport, run_seeds
from alembic_vibe.seed.verify import verify_seeds
from alembic_vibe.seed.write import read_seeds, render_seeds
from alembic_vibe.source import Source
from alembic_vibe.spec.reader import read_spec_text
from alembic_vibe.sql.parser import parse_spec
from alembic_vibe.sql.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.postgres.server import ScratchServer

pytestmark = pytest.mark.server

HEAD = (
    "## 5. Database Architecture & Schema Design\n**Primary Database:** PostgreSQL 15+\n\n"
    "### 5.3 Core System Tables\n```sql\n"
)
ROLES_ASKED = (
    "\n### 5.M Database Migration & Versioning\n#### 5.M.3 Data Seeding Strategy\n"
    "**User Roles:** Default administrative and user roles with permissions\n"
)
SCHEMA = """
CREATE TYPE tier AS ENUM ('free', 'paid');
CREATE SCHEMA billing;
CREATE TABLE roles (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(50) UNIQUE NOT NULL, description text,
    permissions jsonb NOT NULL DEFAULT '[]', created_at timestamptz DEFAULT now()
);
CREATE TABLE billing.plans (
    id int PRIMARY KEY, code text UNIQUE NOT NULL, tier tier NOT NULL, price numeric(10,2) CHECK (price >= 0),
    features text[], active boolean NOT NULL DEFAULT true, label text GENERATED ALWAYS AS (upper(code)) STORED
);
CREATE TABLE grants (
    role_id uuid REFERENCES roles, plan_id int REFERENCES billing.plans, note text, PRIMARY KEY (role_id, plan_id)
);
CREATE TABLE categories (id serial PRIMARY KEY, name text UNIQUE NOT NULL, parent_id int REFERENCES categories);
"""
ROWS = """
INSERT INTO grants VALUES ((SELECT id FROM roles WHERE name = 'admin'), 1, 'a, (b) 100%');
INSERT INTO roles (name, description, permissions) VALUES
    ('admin', 'It''s "all"', '["*"]'), -- the first
    ('editor', NULL, '{"sql": "x"}'::jsonb)
ON CONFLICT (name) DO NOTHING;
INSERT INTO roles (name, created_at) VALUES ('viewer', now() - interval '1 day');
INSERT INTO billing.plans VALUES (1, 'free', 'free', 0, ARRAY['a', 'b "c"'], DEFAULT),
    (2, 'team', 'paid', 9.90, '{}', false);
INSERT INTO billing.plans (code, id, tier) SELECT c, i, 'paid' FROM (VALUES ('x', 1)) AS v (c, i) WHERE false;
INSERT INTO categories (id, name, parent_id)
SELECT * FROM (VALUES (10, 'all', NULL),
    (11, 'some', (SELECT id FROM categories WHERE name = 'all'))) AS v (id, name, parent_id);
"""


class Project:
    """A specification, its schema in a database, and a folder for seed files."""

    def __init__(self, connection: psycopg.Connection[Any], folder: Path) -> None:
        self.connection = connection
        self.folder = folder

    def compile(self, sql: str, more: str = "", *, execute: bool = True) -> Extraction:
        text = f"{HEAD}{sql}\n```\n{more}"
        spec = read_spec_text(Source("docs/spec.md", text)).spec
        assert spec is not None
        statements = parse_spec(spec).statements
        if execute:
            for statement in statements:
                if statement.kind is StatementKind.DEFINITION:
                    self.connection.execute(statement.text.encode())
        catalog = read_catalog(self.connection).catalog
        return add_default_roles(spec, extract_seeds(statements, catalog), catalog)

    def write(self, extraction: Extraction) -> None:
        for path in self.folder.glob("reference/*"):
            path.unlink()
        for name, text in render_seeds(extraction.tables).items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")

    def seed(self, *, check: bool = False) -> dict[str, tuple[int, ...]]:
        return counts(run_seeds(self.connection, self.folder, check=check))

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode()).fetchall()


def counts(report: SeedReport) -> dict[str, tuple[int, ...]]:
    """Insert, same, update, conflict, deleted."""
    return {t.key.qualified: (t.insert, t.same, t.update, t.conflict, t.deleted) for t in report.tables}


@pytest.fixture
def project(server: ScratchServer, database: str, tmp_path: Path) -> Iterator[Project]:
    with server.connect(database, autocommit=True) as connection:
        yield Project(connection, tmp_path)


def test_rows_go_in_once_in_the_order_of_foreign_keys(project: Project) -> None:
    extraction = project.compile(SCHEMA + ROWS)
    assert [d.code for d in extraction.diagnostics] == ["AV608"]
    assert verify_seeds(project.connection, extraction.tables) == []
    assert project.fetch("SELECT count(*) FROM roles") == [(0,)]
    assert project.fetch("SELECT to_regclass('vibe_seed_state')") == [(None,)]
    project.write(extraction)
    assert sorted(p.name for p in project.folder.glob("reference/*")) == [
        "01_roles.json",
        "02_billing_plans.json",
        "03_grants.json",
        "04_categories.json",
    ]
    assert [(t.key, t.conflict, [r.values for r in t.rows]) for t in read_seeds(project.folder)] == [
        (t.key, t.conflict, [r.values for r in t.rows]) for t in extraction.tables
    ]
    first = {
        "roles": (3, 0, 0, 0, 0),
        "billing.plans": (2, 0, 0, 0, 0),
        "grants": (1, 0, 0, 0, 0),
        "categories": (2, 0, 0, 0, 0),
    }
    assert project.seed(check=True) == first
    assert project.fetch("SELECT count(*) FROM roles") == [(0,)]
    assert project.seed() == first
    before = project.fetch("SELECT xmin::text, * FROM roles ORDER BY name")
    assert project.seed() == {name: (0, numbers[0], 0, 0, 0) for name, numbers in first.items()}
    assert project.fetch("SELECT xmin::text, * FROM roles ORDER BY name") == before
    assert project.fetch("SELECT name, description, permissions::text FROM roles ORDER BY name") == [
        ("admin", 'It\'s "all"', '["*"]'),
        ("editor", None, '{"sql": "x"}'),
        ("viewer", None, "[]"),
    ]
    assert project.fetch("SELECT code, price::text, features, active FROM billing.plans ORDER BY id") == [
        ("free", "0.00", ["a", 'b "c"'], True),
        ("team", "9.90", [], False),
    ]
    assert project.fetch("SELECT note FROM grants") == [("a, (b) 100%",)]
    assert project.fetch("SELECT id, parent_id FROM categories ORDER BY id") == [(10, None), (11, 10)]
    # An application's next row does not collide with the numbers that the seeds brought along.
    assert project.fetch("INSERT INTO categories (name) VALUES ('own') RETURNING id") == [(12,)]


def test_edits_stay_deletions_stay_and_changes_follow(project: Project) -> None:
    rows = "INSERT INTO roles (name, description) VALUES {};"
    project.write(project.compile(SCHEMA + rows.format("('a', '1'), ('b', '1'), ('c', '1'), ('d', '1')")))
    assert project.seed() == {"roles": (4, 0, 0, 0, 0)}
    project.connection.execute("UPDATE roles SET description = 'mine' WHERE name = 'a'")
    project.connection.execute("DELETE FROM roles WHERE name = 'b'")
    report = run_seeds(project.connection, project.folder)
    assert counts(report) == {"roles": (0, 2, 0, 0, 1)}
    assert report.tables[0].edits == ["a (description)"]
    project.write(
        project.compile(rows.format("('a', '2'), ('b', '2'), ('c', '2'), ('d', '1'), ('e', '1')"), execute=False)
    )
    report = run_seeds(project.connection, project.folder)
    assert counts(report) == {"roles": (1, 1, 1, 1, 1)}
    assert report.tables[0].conflicts == ["a (description)"]
    assert project.fetch("SELECT name, description FROM roles ORDER BY name") == [
        ("a", "mine"), ("c", "2"), ("d", "1"), ("e", "1"),
    ]  # fmt: skip
    project.connection.execute("UPDATE roles SET description = '2' WHERE name = 'a'")  # they gave in
    assert project.seed() == {"roles": (0, 4, 0, 0, 1)}


def test_rows_that_were_there_before_are_taken_over_or_left(project: Project) -> None:
    extraction = project.compile(SCHEMA + "INSERT INTO roles (name, description) VALUES ('a', '1'), ('b', '1');")
    project.write(extraction)
    project.connection.execute("INSERT INTO roles (name, description) VALUES ('a', '1'), ('b', 'theirs')")
    assert project.seed() == {"roles": (0, 1, 0, 1, 0)}


def test_a_trigger_that_changes_rows_is_no_edit(project: Project) -> None:
    project.connection.execute(
        "CREATE FUNCTION low() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.description := lower(NEW.description); RETURN NEW; END $$"
    )
    trigger = "CREATE TRIGGER low BEFORE INSERT OR UPDATE ON roles FOR EACH ROW EXECUTE FUNCTION low();"
    rows = "INSERT INTO roles (name, description) VALUES ('a', '{}');"
    project.write(project.compile(SCHEMA + trigger + rows.format("LOUD")))
    assert project.seed() == {"roles": (1, 0, 0, 0, 0)}
    assert project.seed() == {"roles": (0, 1, 0, 0, 0)}
    project.write(project.compile(rows.format("LOUDER"), execute=False))
    assert project.seed() == {"roles": (0, 0, 1, 0, 0)}
    assert project.fetch("SELECT description FROM roles") == [("louder",)]


def test_nothing_stays_when_one_row_is_refused(project: Project) -> None:
    rows = "INSERT INTO billing.plans (id, code, tier, price) VALUES (1, 'a', 'free', 1),\n  (2, 'b', 'free', -1);"
    extraction = project.compile(SCHEMA + rows)
    found = verify_seeds(project.connection, extraction.tables)
    assert [(d.code, d.line) for d in found] == [("AV605", (HEAD + SCHEMA).count("\n") + 2)]
    assert "plans_price_check" in found[0].message
    project.write(extraction)
    with pytest.raises(SeedRefusedError, match="plans_price_check"):
        project.seed()
    assert project.fetch("SELECT count(*) FROM billing.plans") == [(0,)]


@pytest.mark.parametrize(
    ("sql", "code", "excerpt"),
    [
        ("INSERT INTO role (name) VALUES ('a');", "AV601", "role"),
        ("INSERT INTO roles (name, titel) VALUES ('a', 'b');", "AV602", "titel"),
        ("INSERT INTO billing.plans (label) VALUES ('a');", "AV602", "label"),
        ("INSERT INTO roles (name, description) VALUES ('a', 'b'), ('c');", "AV603", "('c')"),
        ("INSERT INTO categories (parent_id) VALUES (NULL);", "AV604", "(NULL)"),
        ("INSERT INTO grants SELECT id, 1 FROM roles;", "AV608", "grants"),
        ("INSERT INTO roles (name, description) VALUES ('a', 'b'), ('a', 'c');", "AV609", "('a', 'c')"),
    ],
)
def test_a_mistake_is_shown_at_its_place(project: Project, sql: str, code: str, excerpt: str) -> None:
    found = project.compile(SCHEMA + sql).diagnostics
    assert [d.code for d in found] == [code]
    assert found[0].source is not None
    assert found[0].span is not None
    assert found[0].source.text[found[0].span.start : found[0].span.end] == excerpt


def test_default_roles_are_written_where_they_are_asked_for(project: Project) -> None:
    extraction = project.compile(SCHEMA, ROLES_ASKED)
    assert [d.code for d in extraction.diagnostics] == ["AV607"]
    project.write(extraction)
    text = (project.folder / "reference/01_roles.json").read_text()
    assert '    {"name": "admin", "description": "May do everything", "permissions": ["*"]},\n' in text
    assert "password" not in text
    assert json.loads(text)["source"].startswith("docs/spec.md:")
    assert project.seed() == {"roles": (2, 0, 0, 0, 0)}


def test_default_roles_through_a_junction(project: Project) -> None:
    schema = """
    CREATE TABLE roles (id serial PRIMARY KEY, name text UNIQUE NOT NULL);
    CREATE TABLE permissions (id serial PRIMARY KEY, code text UNIQUE NOT NULL);
    CREATE TABLE role_permissions (role_id int REFERENCES roles, permission_id int REFERENCES permissions,
        PRIMARY KEY (role_id, permission_id));
    """
    extraction = project.compile(schema, ROLES_ASKED)
    assert verify_seeds(project.connection, extraction.tables) == []
    project.write(extraction)
    assert project.seed() == {
        "roles": (2, 0, 0, 0, 0), "permissions": (3, 0, 0, 0, 0), "role_permissions": (3, 0, 0, 0, 0),
    }  # fmt: skip
    assert project.seed()["role_permissions"] == (0, 3, 0, 0, 0)


def test_own_roles_stop_the_default(project: Project) -> None:
    own = project.compile(SCHEMA + "INSERT INTO roles (name) VALUES ('boss');", ROLES_ASKED)
    assert [row.values for row in own.tables[0].rows] == [{"name": "boss"}]
    assert own.diagnostics == ()


def test_a_specification_without_a_table_for_roles_is_told(project: Project) -> None:
    extraction = project.compile("CREATE TABLE users (id int PRIMARY KEY);", ROLES_ASKED)
    assert [d.code for d in extraction.diagnostics] == ["AV606"]
    assert extraction.tables == ()


def test_files_that_do_not_fit_are_named(project: Project) -> None:
    project.write(project.compile(SCHEMA + "INSERT INTO roles (name) VALUES ('a');"))
    path = project.folder / "reference/01_roles.json"
    good = path.read_text()
    for bad, word in ((good.replace('"name": "a"', '"nome": "a"'), "key"), (good[:-4], "line"), ("[]", "usable")):
        path.write_text(bad)
        with pytest.raises(ConfigurationError, match=word):
            project.seed()
    path.write_text(good.replace('"roles"', '"rolls"'))
    with pytest.raises(ConfigurationError, match="table rolls"):
        project.seed()
