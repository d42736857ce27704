"""The author's text of expressions, cut out of statements by their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alembic_vibe.sql.expressions import Check, Expressions, Keys, authored_expressions, same_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.sql.statement import ParsedSql

    Parse = Callable[..., ParsedSql]


def of(parse: Parse, sql: str) -> Expressions:
    (statement,) = parse(sql).statements
    return authored_expressions(statement)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("a int DEFAULT -1", "-1"),
        ("a int DEFAULT - 1 NOT NULL", "- 1"),
        ("a text DEFAULT 'x' NOT NULL", "'x'"),
        ("a text NOT NULL DEFAULT 'x' UNIQUE", "'x'"),
        ("a text DEFAULT 'it''s (a, b) NOT NULL, CHECK (' NOT NULL", "'it''s (a, b) NOT NULL, CHECK ('"),
        ("a text[] DEFAULT ARRAY['a','b']::text[]", "ARRAY['a','b']::text[]"),
        ("a int[] DEFAULT ARRAY[[1, 2], [3, 4]] CHECK (a[1:2] IS NOT NULL)", "ARRAY[[1, 2], [3, 4]]"),
        ("a timestamptz DEFAULT now() + interval '1 day'", "now() + interval '1 day'"),
        ("a timestamptz DEFAULT (now() + interval '1 day') NOT NULL", "now() + interval '1 day'"),
        ("a boolean DEFAULT (1 IN (1, 2))", "(1 IN (1, 2))"),
        ("a boolean DEFAULT (1 IS NULL) NOT NULL", "(1 IS NULL)"),
        ("a boolean DEFAULT (1 < 2) NOT NULL", "(1 < 2)"),
        ("a boolean DEFAULT 1 < 2 NOT NULL", "1 < 2"),
        ("a numeric DEFAULT ((1 + 2) * (3 + 4))", "(1 + 2) * (3 + 4)"),
        ("a text DEFAULT 'x' COLLATE \"C\"", "'x'"),
        ("a text COLLATE \"C\" DEFAULT lower('X')", "lower('X')"),
        ("a text DEFAULT ('x' COLLATE \"C\")", "('x' COLLATE \"C\")"),
        ("a text CONSTRAINT given DEFAULT 'x' CONSTRAINT nn NOT NULL", "'x'"),
        ("a jsonb DEFAULT '{}'::jsonb", "'{}'::jsonb"),
        ("a jsonb DEFAULT CAST('{}' AS jsonb)", "CAST('{}' AS jsonb)"),
        ("a text DEFAULT $q$it's, (here) -- not a comment$q$", "$q$it's, (here) -- not a comment$q$"),
        ("a text DEFAULT E'a\\n' || U&'\\0061'", "E'a\\n' || U&'\\0061'"),
        ("a text DEFAULT 'x  y' || /* why, (not */ 'z'", "'x  y' || 'z'"),
        ("a text DEFAULT 'a' -- one, two)\n  || 'b'", "'a' || 'b'"),
        ("a text DEFAULT concat(\n    'a',\n    'b'\n  )", "concat('a', 'b')"),
        ("a text DEFAULT 'naïve → 数' || 'é' NOT NULL", "'naïve → 数' || 'é'"),
        ("a int DEFAULT 1 REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED", "1"),
        ("a int DEFAULT CASE WHEN true THEN 1 ELSE 2 END PRIMARY KEY", "CASE WHEN true THEN 1 ELSE 2 END"),
        ("a int GENERATED ALWAYS AS (b * (c + 1)) STORED", "b * (c + 1)"),
        ("a int CONSTRAINT g GENERATED ALWAYS AS ((b + c)) STORED NOT NULL", "b + c"),
        ("a text GENERATED ALWAYS AS (\n  b -- (first\n  || ' ' ||\n  c\n) STORED", "b || ' ' || c"),
    ],
)
def test_defaults_and_generated_columns(parse: Parse, column: str, text: str) -> None:
    table = f"CREATE TABLE t (id int, \"ключ\" text DEFAULT 'ё', {column}, d int DEFAULT 4)"
    assert of(parse, table).columns == {"ключ": "'ё'", "a": text, "d": "4"}
    assert of(parse, f"ALTER TABLE t ADD COLUMN {column}, ADD d int").columns == {"a": text}


@pytest.mark.parametrize(
    ("element", "check"),
    [
        ("CHECK (a > 0)", Check("", "a > 0", frozenset("a"))),
        ("CHECK ((a > 0))", Check("", "a > 0", frozenset("a"))),
        ("CHECK ((a > 0) AND (b < 1))", Check("", "(a > 0) AND (b < 1)", frozenset("ab"))),
        ("CHECK (a > 0) NO INHERIT", Check("", "a > 0", frozenset("a"))),
        ("CONSTRAINT c CHECK (a > 0) NOT VALID", Check("c", "a > 0", frozenset("a"))),
        ('CONSTRAINT "check" CHECK (a > 0)', Check("check", "a > 0", frozenset("a"))),
        ("CONSTRAINT c CHECK (b ~ '^[(]{1}''x\\)$')", Check("c", "b ~ '^[(]{1}''x\\)$'", frozenset("b"))),
        ('CHECK ("Ä Ö" <> \'ß  (\' AND t."Ä Ö" IS NOT NULL)', None),
        ("CHECK (a BETWEEN 1 AND 5 OR b IS NULL)", Check("", "a BETWEEN 1 AND 5 OR b IS NULL", frozenset("ab"))),
        (
            "CHECK (\n  a > 0  -- it's positive (really)\n  AND /* ( */ b\n  IN (\n    'x', 'y'\n  )\n)",
            Check("", "a > 0 AND b IN ('x', 'y')", frozenset("ab")),
        ),
        ("CHECK (1 = 1)", Check("", "1 = 1", frozenset())),
    ],
)
def test_checks(parse: Parse, element: str, check: Check | None) -> None:
    check = check or Check("", '"Ä Ö" <> \'ß  (\' AND t."Ä Ö" IS NOT NULL', frozenset({"Ä Ö"}))
    assert of(parse, f"CREATE TABLE t (é text, a int, b text, {element})").checks == (check,)
    assert of(parse, f"ALTER TABLE t ADD {element}").checks == (check,)


def test_checks_keep_their_order(parse: Parse) -> None:
    sql = "CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 9), CHECK (a <> 5), b int CONSTRAINT c CHECK (b > 0))"
    assert [(check.name, check.text) for check in of(parse, sql).checks] == [
        ("", "a > 0"),
        ("", "a < 9"),
        ("", "a <> 5"),
        ("c", "b > 0"),
    ]


@pytest.mark.parametrize(
    ("sql", "keys", "predicate"),
    [
        ("(a, b)", (None, None), None),
        ("(lower(a), b DESC)", ("lower(a)", None), None),
        ("USING gin ((doc ->> 'a, (b'), lower(\"B\"))", ("(doc ->> 'a, (b')", 'lower("B")'), None),
        ("(lower(a) text_pattern_ops DESC NULLS LAST) WHERE b > 0", ("lower(a)",), "b > 0"),
        ('(a, lower(b) COLLATE "C", ((c || d)))', (None, "lower(b)", "((c || d))"), None),
        ("USING gist (x gist_trgm_ops (siglen = 32), f(x, (y)) ops (a = 1))", (None, "f(x, (y))"), None),
        (
            "(app.f(a)) INCLUDE (b) WITH (fillfactor = 70) WHERE (deleted_at IS NULL)",
            ("app.f(a)",),
            "deleted_at IS NULL",
        ),
        ("(a) WHERE (a > 0) OR (b > 0)", (None,), "(a > 0) OR (b > 0)"),
        ("(a) WHERE état = 'où' -- only these\n  AND b", (None,), "état = 'où' AND b"),
        ("(coalesce(a, ''), CAST(b AS text))", ("coalesce(a, '')", "CAST(b AS text)"), None),
    ],
)
def test_indexes(parse: Parse, sql: str, keys: tuple[str | None, ...], predicate: str | None) -> None:
    assert of(parse, f'CREATE INDEX i ON ONLY "b"."t (x" {sql}').index == Keys("i", keys, predicate)


@pytest.mark.parametrize(
    ("sql", "exclusion"),
    [
        ("EXCLUDE USING gist (room WITH =, during WITH &&)", Keys("", (None, None))),
        (
            "CONSTRAINT x EXCLUDE USING gist (room WITH =, tstzrange(a, b) WITH &&) WHERE (status <> 'off')",
            Keys("x", (None, "tstzrange(a, b)"), "status <> 'off'"),
        ),
        (
            "EXCLUDE (lower(a) WITH =, (b || c) WITH =) INCLUDE (d) WHERE ((a > '(') AND (b > ''))",
            Keys("", ("lower(a)", "(b || c)"), "(a > '(') AND (b > '')"),
        ),
    ],
)
def test_exclusions(parse: Parse, sql: str, exclusion: Keys) -> None:
    assert of(parse, f"CREATE TABLE t (a int, {sql})").exclusions == (exclusion,)
    assert of(parse, f"ALTER TABLE t ADD {sql}").exclusions == (exclusion,)


def test_a_changed_default_is_the_new_one(parse: Parse) -> None:
    sql = "ALTER TABLE t ALTER a SET DEFAULT ('x, y' || (1)::text), ALTER COLUMN b DROP DEFAULT, ALTER c SET NOT NULL"
    assert of(parse, sql).columns == {"a": "'x, y' || (1)::text", "b": None}


@pytest.mark.parametrize(
    ("sql", "column"),
    [("ALTER TABLE t DROP COLUMN a", "a"), ("ALTER TABLE t ALTER a DROP EXPRESSION", "a")],
)
def test_what_is_unsaid_again(parse: Parse, sql: str, column: str) -> None:
    assert of(parse, sql).columns == {column: None}


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t ALTER a TYPE bigint",
        "ALTER TABLE t RENAME a TO b",
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t SET SCHEMA s",
    ],
)
def test_what_gives_earlier_texts_another_meaning(parse: Parse, sql: str) -> None:
    assert of(parse, sql).reshaped


def test_other_statements_have_none(parse: Parse) -> None:
    assert of(parse, "CREATE VIEW v AS SELECT 1 AS a WHERE (1 > 0)") == Expressions()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NOW()", "now()", True),
        ("a>0", "a > 0", True),
        ("A is NULL", "a IS null", True),
        ("'A'", "'a'", False),
        ('"A" > 0', '"a" > 0', False),
        ("a::text", "a", False),
        ("'a", "'a", True),
    ],
)
def test_same_words(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same
