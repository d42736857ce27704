"""Each rule about what a server finds: its bad example gives the rule, its good one compiles; and real mistakes."""

from __future__ import annotations

import pytest

from alembic_vibe.diagnostics import Rule
from alembic_vibe.postgres import error_rules, execution, refusals, repairs, roles
from alembic_vibe.postgres.loader import LoadResult, load
from alembic_vibe.postgres.server import ScratchServer
from alembic_vibe.sql.statement import StatementKind
from tests.acceptance.postgres.conftest import parse_statements

pytestmark = pytest.mark.server

RULES = (*error_rules.RULES, *repairs.RULES, *refusals.RULES, roles.FOREIGN_ROLE)


def run(server: ScratchServer, database: str, text: str) -> LoadResult:
    from dataclasses import replace

    statements = parse_statements(text)
    if text.startswith("ALTER SYSTEM"):  # what the parser sets aside must be refused here as well
        statements = [replace(s, kind=StatementKind.DEFINITION) for s in statements]
    return load(statements, server, database)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_examples(server: ScratchServer, database: str, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    if rule is error_rules.TIMEOUT:
        monkeypatch.setattr(execution, "STATEMENT_TIMEOUT", "300ms")
    if rule is repairs.STUB_USED and "pgcrypto" not in server.stubbed_extensions:
        pytest.skip("this server has the extension itself")
    other = server.create_database()
    bad = run(server, database, rule.bad)
    good = run(server, other, rule.good)
    server.drop_database(other)
    found = [d for d in (*bad.diagnostics, *bad.repairs) if d.code == rule.code]
    assert found, bad
    assert all(d.severity is rule.severity and d.rule == rule.slug and d.line for d in found)
    assert len(bad.diagnostics) <= 1
    assert good.ok, good.diagnostics
    assert not [d for d in (*good.diagnostics, *good.repairs) if d.code == rule.code]


# (SQL, code, the text that the caret is under, a word of the message or the help)
MISTAKES = [
    (
        "CREATE TABLE user_sessions (session_token text, expires_at timestamptz);\n"  # noqa: ISC004
        "CREATE INDEX i ON user_sessions(session_token) WHERE expires_at > CURRENT_TIMESTAMP;",
        "AV330", "CURRENT_TIMESTAMP", "ON user_sessions (session_token, expires_at)",
    ),
    (
        "CREATE TABLE é (s text, at timestamptz);\nCREATE INDEX i ON é (s) WHERE at > now() - interval '1 day';",
        "AV330", "now", "(s, at)",
    ),
    ("CREATE TABLE e (at timestamptz); CREATE INDEX i ON e (date_trunc('day', at));", "AV331", "date_trunc", "UTC"),
    ("CREATE TABLE e (at timestamptz); CREATE INDEX i ON e ((at::date));", "AV331", "::", "UTC"),
    ("CREATE TABLE t (id bigint, INDEX idx_email (id));", "AV312", "idx_email", "CREATE INDEX"),
    ("CREATE TABLE t (s ENUM('a'));", "AV312", "ENUM", "CREATE TYPE"),
    ("CREATE TABLE usrs (id int); CREATE VIEW v AS SELECT * FROM users;", "AV310", "users", "usrs"),
    ("CREATE TABLE t (email text); CREATE INDEX i ON t (emial);", "AV311", "emial", "Did you mean email?"),
    (
        "CREATE TABLE r (id uuid PRIMARY KEY);\nCREATE TABLE p (r_id uuid REFERENCES r (r_id));",
        "AV311", "r_id", "Table r has no column r_id. Did you mean id?",
    ),
    ("CREATE TABLE t (a int, b int, a text);", "AV320", "a", "twice"),
    ("CREATE TABLE t (a int);\nCREATE TABLE u (a int);\nCREATE INDEX u ON t (a);", "AV320", "u", "line 2"),
    ("CREATE TABLE t (g geometry);", "AV317", "geometry", "postgis"),
    ("CREATE TABLE t (id int); GRANT SELECT ON t TO app_user;", "AV316", "app_user", "CREATE ROLE app_user NOLOGIN;"),
    ("CREATE TABLE s.t (id int);", "AV315", "s", "CREATE SCHEMA s;"),
    (
        "CREATE TABLE u (id uuid PRIMARY KEY);\nCREATE TABLE p (id int, owner_id integer REFERENCES u (id));",
        "AV333", "owner_id", "Give owner_id the type uuid",
    ),
    ("CREATE TABLE u (id int);\nCREATE TABLE p (u int REFERENCES u);", "AV334", "u", "primary key of u"),
    (
        "CREATE TABLE t (id int);\nCREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION set_updated();",
        "AV313", "set_updated", "RETURNS trigger",
    ),
    (
        "CREATE TABLE t (id int PRIMARY KEY, at date) PARTITION BY RANGE (at);",
        "AV335", "PRIMARY", "Add at to the key",
    ),
    ("CREATE TABLE t (id int, CHECK (id IN (SELECT 1)));", "AV337", "IN", "subquery"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "marked", "said"), MISTAKES, ids=[m[1] + " " + m[2] for m in MISTAKES])
def test_mistakes(server: ScratchServer, database: str, text: str, code: str, marked: str, said: str) -> None:
    result = run(server, database, text)
    (error,) = result.diagnostics
    assert error.code == code
    assert error.source is not None
    assert error.span is not None
    assert error.source.text[error.span.start : error.span.end] == marked
    assert said in error.message + " " + error.help
