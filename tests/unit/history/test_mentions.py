"""What statements name: too much rather than too little."""

from __future__ import annotations

import pytest

from alembic_vibe.history.mentions import Mentions, kind_of, runs_code
from alembic_vibe.history.partial import _common
from alembic_vibe.source import Source, SourceMap, Span
from alembic_vibe.sql import grammar
from alembic_vibe.sql.statement import Statement, StatementKind
from alembic_vibe.sql.tree import unwrap


def statement(text: str) -> Statement:
    """Parse one statement."""
    (node,) = grammar.parse(text)
    span, source, text_map = Span(0, len(text)), Source("spec.md", text), SourceMap((0,), (0,))
    return Statement(0, text, span, source, text_map, StatementKind.DEFINITION, unwrap(node)[0], node, "5.3", "")


LONG = "a" * 70


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("CREATE TABLE t (id int REFERENCES users)", "users", True),
        ("CREATE TABLE t (id int REFERENCES USERS)", "users", True),
        ('CREATE TABLE t (id int REFERENCES "Users")', "Users", True),
        ("CREATE TABLE t (users_id int)", "users", False),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT 1 FROM users); END'",
            "users",
            True,
        ),
        ("CREATE TABLE t (id int DEFAULT nextval('users_seq'))", "users_seq", True),
        ('CREATE TABLE t (id int REFERENCES "odd ""name""")', 'odd "name"', True),
        ("CREATE TABLE t (id int REFERENCES größen)", "größen", True),
        (f"CREATE TABLE t (id int REFERENCES {LONG})", LONG[:63], True),
        ("CREATE TABLE t (id int) -- not of users", "users", True),
    ],
)
def test_what_a_statement_names(text: str, name: str, named: bool) -> None:
    mentions = Mentions([statement(text)])
    assert mentions.names(0, name) is named
    for others in (0, 50):  # few names are looked for one by one
        names = {name, *(f"other_{number}" for number in range(others))}
        assert list(mentions.naming(names)) == ([(0, name)] if named else [])


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("CREATE TABLE t (id int REFERENCES users, other int REFERENCES users (id))", True),
        ("ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES users", True),
        ("CREATE TABLE t (LIKE users)", False),
        ("CREATE TABLE t (id int REFERENCES users, owner users)", False),
        ("CREATE TABLE t (id int REFERENCES users CHECK (f('users')))", False),
        ("CREATE TABLE users (id int PRIMARY KEY, boss int REFERENCES users)", False),
        ("CREATE VIEW v AS SELECT * FROM users", False),
    ],
)
def test_foreign_keys_alone(text: str, only: bool) -> None:
    assert Mentions([statement(text)]).only_refers(0, "users") is only


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CREATE TABLE t (id int)", "CreateStmt"),
        ("GRANT SELECT ON t TO r", "GrantStmt"),
        ("GRANT SELECT ON ALL TABLES IN SCHEMA s TO r", "AlterDefaultPrivilegesStmt"),
        ("COMMENT ON ROLE r IS 'x'", "AlterRoleStmt"),
        ("CREATE SCHEMA s", "CreateSchemaStmt"),
        ("CREATE SCHEMA s CREATE TABLE t (id int)", ""),
        ("ALTER TABLE t DROP COLUMN c CASCADE", ""),
        ("ALTER TABLE t RENAME TO u", ""),
        ('CREATE TABLE t (U&"d\\0061t" int)', ""),
        ("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", ""),
    ],
)
def test_how_far_a_statement_reaches(text: str, kind: str) -> None:
    assert kind_of(statement(text)) == kind


def test_what_runs_code() -> None:
    assert runs_code(statement("CREATE MATERIALIZED VIEW v AS SELECT f()"))
    assert runs_code(statement("CREATE TABLE t PARTITION OF p FOR VALUES IN (1)"))
    assert not runs_code(statement("CREATE TABLE t (id int DEFAULT f())"))
    assert not runs_code(statement("CREATE VIEW v AS SELECT f()"))


@pytest.mark.parametrize(
    ("old", "new", "common"),
    [
        ("abc", "abc", {0: 0, 1: 1, 2: 2}),
        ("abc", "xabyc", {0: 1, 1: 2, 2: 4}),
        ("abc", "cab", {0: 1, 1: 2}),
        ("abc", "xyz", {}),
        ("", "a", {}),
    ],
)
def test_what_keeps_its_order(old: str, new: str, common: dict[int, int]) -> None:
    assert _common(list(old), list(new)) == common
