"""Statements come back with exact texts, places, kinds, comments and annotations, whatever stands around them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from alembic_vibe.sql import grammar
from alembic_vibe.sql.statement import StatementKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic_vibe.sql.statement import ParsedSql

    Parse = Callable[..., ParsedSql]

TABLE = "CREATE TABLE {} (id bigint PRIMARY KEY)"


def test_texts_and_spans(parse: Parse) -> None:
    first = "-- Größe der Häuser\nCREATE TABLE häuser (\n  id bigint PRIMARY KEY, -- größer\n  größe int\n)"
    second = "COMMENT ON TABLE häuser IS 'Straße; nicht Weg'"
    parsed = parse(f"{first};\n\n/* x */ {second} ;\n")
    assert [s.text for s in parsed.statements] == [first.split("\n", 1)[1], second]
    for statement in parsed.statements:
        assert statement.source.text[slice(*statement.span)] == statement.text
    assert parsed.statements[0].comments == ("Größe der Häuser",)


def test_indented_fences_and_several_blocks(parse: Parse) -> None:
    parsed = parse(f"{TABLE.format('a')};\nCREATE TABLE b (\n    id bigint PRIMARY KEI\n);", "SELECT 1;", indent="   ")
    assert [(s.index, s.kind) for s in parsed.statements] == [
        (0, StatementKind.DEFINITION),
        (1, StatementKind.EXAMPLE),
    ]
    (diagnostic,) = parsed.diagnostics
    assert diagnostic.source is not None
    assert diagnostic.span is not None
    assert diagnostic.source.text[slice(*diagnostic.span)] == "KEI"
    assert diagnostic.source.line_text(diagnostic.line) == "       id bigint PRIMARY KEI"
    assert diagnostic.column == 26
    assert [b.name for b in parsed.broken] == ["b"]


def test_a_location_in_the_tree_leads_to_the_document(parse: Parse) -> None:
    parsed = parse("CREATE TABLE x (\n  ärger text,\n  id bigint PRIMARY KEY\n);", indent="  ")
    (statement,) = parsed.statements
    location = statement.node["CreateStmt"]["tableElts"][1]["ColumnDef"]["location"]
    assert statement.source.text[statement.document_offset(location) :].startswith("id bigint")


@pytest.mark.parametrize("separator", ["\r\n", "\n"])
def test_line_ends(parse: Parse, separator: str) -> None:
    parsed = parse(separator.join([TABLE.format("a") + "; -- one", "-- two", TABLE.format("b") + ";"]))
    assert [s.text for s in parsed.statements] == [TABLE.format("a"), TABLE.format("b")]
    assert parsed.statements[1].comments == ("two",)


def test_one_bad_statement_does_not_lose_the_others(parse: Parse) -> None:
    body = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$"
    parsed = parse(f"{TABLE.format('a')};\nCREATE TABEL b ();\n{body};\n{TABLE.format('c')};")
    assert [s.text for s in parsed.statements] == [TABLE.format("a"), body, TABLE.format("c")]
    assert [(d.code, d.line) for d in parsed.diagnostics] == [("AV200", 5)]


def test_sql_bodies_survive_beside_a_bad_statement(parse: Parse) -> None:
    body = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END"
    parsed = parse(f"{body};\nnonsense;\n{TABLE.format('c')};")
    assert [s.text for s in parsed.statements] == [body, TABLE.format("c")]
    assert [d.code for d in parsed.diagnostics] == ["AV200"]


def test_long_operator_chains(parse: Parse) -> None:
    for terms in (48, 300, 2_000):
        (statement,) = parse("CREATE VIEW v AS SELECT " + " || ".join(["'a'"] * terms)).statements
        assert statement.kind is StatementKind.DEFINITION


def test_an_expression_that_would_overrun_the_stack_is_refused(parse: Parse) -> None:
    parsed = parse(TABLE.format("a") + ";\nSELECT " + "1+" * 150_000 + "1;\n" + TABLE.format("b"))
    assert [s.text for s in parsed.statements] == [TABLE.format("a"), TABLE.format("b")]
    assert [(d.code, d.message) for d in parsed.diagnostics] == [("AV200", "the statement is too large")]


def test_many_rows_are_not_too_large(parse: Parse) -> None:
    rows = ",\n".join(f"({i}, 'country number {i}')" for i in range(3_000))
    (statement,) = parse(f"INSERT INTO countries VALUES {rows};").statements
    assert statement.kind is StatementKind.SEED
    assert statement.node_type == "InsertStmt"


def test_unterminated_string(parse: Parse) -> None:
    parsed = parse(TABLE.format("a"), "COMMENT ON TABLE a IS 'it''s; \nCREATE TABLE b (id int);")
    assert [s.text for s in parsed.statements] == [TABLE.format("a")]
    assert [(d.code, d.line, d.column) for d in parsed.diagnostics] == [("AV200", 8, 23)]


def test_nul_character(parse: Parse) -> None:
    parsed = parse("CREATE TABLE a (\x00 id int);", TABLE.format("b"))
    assert [s.text for s in parsed.statements] == [TABLE.format("b")]
    assert [d.message for d in parsed.diagnostics] == ["the text contains a NUL character"]


@pytest.mark.parametrize("text", ["", ";;;", "-- nothing\n", "/* a /* b */ c */", "\n\n"])
def test_blocks_without_statements(parse: Parse, text: str) -> None:
    assert parse(text).statements == ()
    assert parse(text).diagnostics == ()


def test_annotations(parse: Parse) -> None:
    parsed = parse(
        "-- People who can log in.\n"
        "-- renamed from: accounts\n"
        "CREATE TABLE users (\n"
        "    id bigint PRIMARY KEY,\n"
        "    -- renamed from: name\n"
        "    full_name text NOT NULL, -- backfill: coalesce(name, 'unknown')\n"
        "    age int, -- a number -- really\n"
        "    -- convert: nullif(size, '')::int\n"
        "    CONSTRAINT tall CHECK (age > 0)\n"
        "); -- vibe: ignore AV258 for a reason\n"
    )
    (statement,) = parsed.statements
    assert statement.comments == ("People who can log in.",)
    assert [(a.name, a.value, a.target) for a in statement.annotations] == [
        ("renamed from", "accounts", ""),
        ("renamed from", "name", "full_name"),
        ("backfill", "coalesce(name, 'unknown')", "full_name"),
        ("convert", "nullif(size, '')::int", "tall"),
        ("ignore", "AV258 for a reason", ""),
    ]
    text = statement.source.text
    assert text[slice(*statement.annotations[1].span)] == "-- renamed from: name"


def test_comments_must_stand_directly_above(parse: Parse) -> None:
    parsed = parse("-- far away\n\n-- near\n/* and\n * nearer */\n-- =======\nCREATE TABLE a (id bigint PRIMARY KEY);")
    assert parsed.statements[0].comments == ("near", "and\nnearer")


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("CREATE MATERIALIZED VIEW m AS SELECT 1", StatementKind.DEFINITION),
        ("GRANT SELECT ON t TO r", StatementKind.DEFINITION),
        ("ALTER TABLE t ENABLE ROW LEVEL SECURITY", StatementKind.DEFINITION),
        ("INSERT INTO t SELECT 1 ON CONFLICT DO NOTHING", StatementKind.SEED),
        ("WITH x AS (SELECT 1) SELECT * FROM x", StatementKind.EXAMPLE),
        ("EXPLAIN ANALYZE DELETE FROM t", StatementKind.EXAMPLE),
        ("MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE", StatementKind.EXAMPLE),
        ("CALL p()", StatementKind.EXAMPLE),
        ("SHOW work_mem", StatementKind.EXAMPLE),
        ("DROP TYPE IF EXISTS t CASCADE", StatementKind.PREAMBLE),
        ("DROP ROLE IF EXISTS r", StatementKind.PREAMBLE),
        ("DROP ROLE r", StatementKind.UNSUPPORTED),
        ("SET ROLE x", StatementKind.SESSION),
        ("ROLLBACK", StatementKind.SESSION),
        ("REFRESH MATERIALIZED VIEW m", StatementKind.UNSUPPORTED),
        ("CREATE DATABASE x", StatementKind.UNSUPPORTED),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", StatementKind.UNSUPPORTED),
        ("ALTER SYSTEM SET work_mem = '1GB'", StatementKind.UNSUPPORTED),
    ],
)
def test_kinds(parse: Parse, sql: str, kind: StatementKind) -> None:
    parsed = parse(sql)
    assert [s.kind for s in parsed.statements] == [kind]
    assert bool(parsed.diagnostics) == (kind is StatementKind.UNSUPPORTED)


def test_refused_and_repeated(parse: Parse) -> None:
    parsed = parse(
        f"{TABLE.format('a')};\n{TABLE.format('a')};\n{TABLE.format('b')};\nCREATE TABLE b (id uuid PRIMARY KEY);"
    )
    assert parsed.repeated == {1}
    assert parsed.refused == {3}


def test_a_refused_block_names_what_it_would_have_made(parse: Parse) -> None:
    parsed = parse(f"{TABLE.format('a')};\nCREATE FUNCTION f() RETURNS void AS $\nBEGIN\nEND;\n$ LANGUAGE plpgsql;")
    assert parsed.statements == ()
    assert [b.name for b in parsed.broken] == ["a", "f"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1 -- a 'b'\n, '--' , \"--\" /* ' */",
        "SELECT E'a\\'--' , 'x\\' -- y",
        "SELECT $$ -- $a$ ' $$, $a$ $$ -- $a$ -- end",
        "SELECT a$b$ -- c\n",
        "/* a /* -- b */ ' */ SELECT 1",
        "SELECT 'a''--b' --\r\n, 2",
        "SELECT U&'\\0041--', B'01' -- é\n, typE'--'",
        "SELECT 5*--x\n3",
    ],
)
def test_comments_are_those_of_the_scanner(text: str) -> None:
    postgast = import_module("postgast")  # its stubs are not valid Python, so no import statement
    data = text.encode()
    expected = [
        (len(data[: t.start].decode()), len(data[: t.end].decode()))
        for t in postgast.scan(text).tokens
        if t.token in {275, 276}
    ]
    found = [(q.start, q.end) for q in grammar.quoted_ranges(text) if q.kind == "comment"]
    assert found == expected


def test_a_forgotten_parenthesis_stays_in_its_statement(parse: Parse) -> None:
    parsed = parse(f"CREATE TABLE a (id bigint PRIMARY KEY;\n{TABLE.format('b')};\n{TABLE.format('c')};")
    assert [s.text for s in parsed.statements] == [TABLE.format("b"), TABLE.format("c")]
    assert [(d.code, d.line) for d in parsed.diagnostics] == [("AV200", 4)]


def test_rules_with_several_actions_survive_beside_a_bad_statement(parse: Parse) -> None:
    rule = "CREATE RULE r AS ON DELETE TO t DO INSTEAD (UPDATE t SET a = 1; SELECT 1)"
    assert [s.text for s in parse(f"nonsense;\n{rule};").statements] == [rule]
