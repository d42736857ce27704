"""What statements make, what they refer to, and where names stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.created import columns_added, creates, references
from alembic_vibe.sql.locate import column_span, constraint_span, locate

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.source import Span
    from alembic_vibe.sql.statement import ParsedSql, Statement

    Parse = Callable[..., ParsedSql]


def one(parse: Parse, sql: str) -> Statement:
    (statement,) = parse(sql).statements
    return statement


@pytest.mark.parametrize(
    ("sql", "keys"),
    [
        (
            "CREATE TABLE b.t (id int CONSTRAINT pk PRIMARY KEY, CONSTRAINT c CHECK (id > 0))",
            [
                Key(Kind.TABLE, "b", "t"),
                Key(Kind.CONSTRAINT, "b", "t", "pk"),
                Key(Kind.INDEX, "b", "pk"),
                Key(Kind.CONSTRAINT, "b", "t", "c"),
            ],
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u",
            [Key(Kind.CONSTRAINT, "public", "t", "f")],
        ),
        ("CREATE INDEX i ON b.t (a)", [Key(Kind.INDEX, "b", "i")]),
        ("CREATE INDEX ON t (a)", []),
        ("CREATE VIEW v AS SELECT 1", [Key(Kind.VIEW, "public", "v")]),
        ("CREATE MATERIALIZED VIEW s.v AS SELECT 1", [Key(Kind.MATERIALIZED_VIEW, "s", "v")]),
        ("CREATE SEQUENCE s", [Key(Kind.SEQUENCE, "public", "s")]),
        ("CREATE TYPE e AS ENUM ('a')", [Key(Kind.ENUM, "public", "e")]),
        ("CREATE TYPE c AS (a int)", [Key(Kind.COMPOSITE, "public", "c")]),
        ("CREATE TYPE r AS RANGE (subtype = float8)", [Key(Kind.RANGE, "public", "r")]),
        ("CREATE DOMAIN d AS text", [Key(Kind.DOMAIN, "public", "d")]),
        ("CREATE FUNCTION s.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'", [Key(Kind.FUNCTION, "s", "f")]),
        ("CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'", [Key(Kind.FUNCTION, "public", "p")]),
        ("CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int)", [Key(Kind.AGGREGATE, "public", "a")]),
        (
            "CREATE TRIGGER g BEFORE UPDATE ON b.t FOR EACH ROW EXECUTE FUNCTION f()",
            [Key(Kind.TRIGGER, "b", "t", "g")],
        ),
        ("CREATE POLICY p ON t USING (true)", [Key(Kind.POLICY, "public", "t", "p")]),
        ("CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", [Key(Kind.RULE, "public", "t", "r")]),
        ("CREATE STATISTICS st ON a, b FROM t", [Key(Kind.STATISTICS, "public", "st")]),
        ("CREATE SCHEMA s", [Key(Kind.SCHEMA, "", "s")]),
        ("CREATE EXTENSION citext", [Key(Kind.EXTENSION, "", "citext")]),
        ("CREATE ROLE r", [Key(Kind.ROLE, "", "r")]),
        ("COMMENT ON TABLE t IS 'x'", []),
    ],
)
def test_creates(parse: Parse, sql: str, keys: list[Key]) -> None:
    assert list(creates(one(parse, sql))) == keys


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "CREATE TABLE t (a int REFERENCES b.u, s state DEFAULT f(), n int DEFAULT nextval('q.seq'::regclass), p t)",
            {"relation b.u", "schema b", "type state", "function f", "function nextval", "relation q.seq",
             "type regclass"},
        ),
        ("CREATE TABLE p PARTITION OF q DEFAULT", {"relation q"}),
        ("CREATE INDEX i ON t USING gin (a gin_trgm_ops, f(b))", {"relation t", "opclass gin_trgm_ops", "function f"}),
        ("CREATE VIEW v AS WITH c AS (SELECT * FROM a) SELECT * FROM c JOIN b USING (x)", {"relation a", "relation b"}),
        (
            "CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION s.f()",
            {"relation t", "function s.f"},
        ),
        (
            "CREATE POLICY p ON t TO r USING (owner_id = s.me())",
            {"relation t", "role r", "function s.me", "schema s"},
        ),
        (
            "CREATE FUNCTION f(a mood) RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t WHERE g(a) $$",
            {"type mood", "type t", "relation t", "function g"},
        ),
        ("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SELECT * FROM t; END $$", {"type void"}),
        ("COMMENT ON COLUMN b.t.c IS 'x'", {"relation b.t"}),
        ("COMMENT ON FUNCTION f(int) IS 'x'", {"function f"}),
        ("COMMENT ON TABLE t IS 'x'", {"relation t"}),
        ("GRANT SELECT ON t TO r", {"relation t", "role r"}),
        ("GRANT USAGE ON SCHEMA s TO r", {"schema s", "role r"}),
        ("CREATE SEQUENCE s OWNED BY b.t.id", {"relation b.t"}),
        ("ALTER TYPE e ADD VALUE 'x'", {"type e"}),
    ],
)  # fmt: skip
def test_references(parse: Parse, sql: str, expected: set[str]) -> None:
    assert {f"{r.kind} {r}" for r in references(one(parse, sql))} == expected


def test_columns_added(parse: Parse) -> None:
    statement = one(parse, "ALTER TABLE b.t ADD COLUMN a int, ADD CONSTRAINT c CHECK (a > 0), ADD d text")
    assert columns_added(statement) == (("b", "t", "a"), ("b", "t", "d"))


TABLE = """CREATE TABLE billing.invoices (
    id bigint PRIMARY KEY,
    "Größe" int, -- customer_id comes later
    customer_id bigint NOT NULL,
    note text DEFAULT 'customer_id',
    CONSTRAINT positive CHECK ("Größe" > 0)
);"""


def _text(statement: Statement, span: Span | None) -> tuple[int, str]:
    assert span is not None
    line = statement.source.position(span.start).line - statement.source.position(statement.span.start).line
    return line, statement.source.text[slice(*span)]


def test_places(parse: Parse) -> None:
    statement = one(parse, TABLE)
    assert _text(statement, column_span(statement, "customer_id")) == (3, "customer_id")
    assert _text(statement, column_span(statement, "Größe")) == (2, '"Größe"')
    assert column_span(statement, "absent") is None
    assert _text(statement, constraint_span(statement, "positive")) == (5, "CONSTRAINT positive")
    assert constraint_span(statement, "absent") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("customer_id", (3, "customer_id")),
        ('"Größe"', (2, '"Größe"')),
        ("billing.invoices", (0, "billing.invoices")),
        ("public.invoices", (0, "invoices")),
        ("BIGINT", (1, "bigint")),
        ("absent", (0, "CREATE TABLE billing.invoices (")),
        ("", (0, "CREATE TABLE billing.invoices (")),
    ],
)
def test_locate(parse: Parse, name: str, expected: tuple[int, str]) -> None:
    statement = one(parse, TABLE)
    assert _text(statement, locate(statement, name)) == expected


def test_locate_in_a_body(parse: Parse) -> None:
    statement = one(parse, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT id FROM missing\n$$")
    assert _text(statement, locate(statement, "missing")) == (1, "missing")
    assert _text(statement, locate(statement, "f(integer)")) == (0, "f")
