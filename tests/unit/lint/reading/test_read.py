"""Statements are taken apart into actions, whatever text they come in."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.model import START, Emitted, Read
from alembic_vibe.lint.reading import read, readers
from alembic_vibe.lint.replay import apply, handlers
from alembic_vibe.lint.schema import Schema
from alembic_vibe.sql.tree import QualifiedName


def taken(sql: str, search_path: str = "public", opaque: str = "") -> tuple[Read, ...]:
    return read(Emitted(sql, START, opaque=opaque), search_path)


def actions(sql: str, search_path: str = "public") -> list[a.Action]:
    found = taken(sql, search_path)
    assert not any(one.error for one in found), found
    return [action for one in found for action in one.actions]


def name(words: str) -> QualifiedName:
    schema, _, table = words.rpartition(".")
    return QualifiedName(schema or "public", table)


def test_one_text_may_hold_several_statements() -> None:
    text = """
    -- é first;
    CREATE TABLE t (a int DEFAULT 7);
    SET search_path TO s, public; DROP TABLE "Ü" ; ALTER TABLE x.t ALTER a SET DEFAULT 'é;,' ;
    """
    found = taken(text)
    assert [one.sql for one in found] == [
        "CREATE TABLE t (a int DEFAULT 7)",
        "SET search_path TO s, public",
        'DROP TABLE "Ü"',
        "ALTER TABLE x.t ALTER a SET DEFAULT 'é;,'",
    ]
    assert found[2].actions == (a.DropTable(name("s.Ü")),)
    changed = found[3].actions[0]
    assert isinstance(changed, a.SetDefault)
    assert changed.default.text == "'é;,'"


def test_a_mistake_loses_only_its_own_statement() -> None:
    found = taken("DROP TABLE a; DROP TABEL b; DROP TABLE c")
    assert [bool(one.error) for one in found] == [False, True, False]
    assert found[1].actions == ()
    assert found[2].actions == (a.DropTable(name("c")),)


def test_an_opaque_text_is_no_mistake() -> None:
    (one,) = taken("ALTER TABLE … DROP", opaque="made of rows")
    assert (one.error, one.actions) == ("", ())


@pytest.mark.parametrize("text", ["", " ;", "-- nothing", "/* nothing */;;"])
def test_no_statement(text: str) -> None:
    assert taken(text) == ()


def test_rows_that_are_too_many_to_be_parsed() -> None:
    rows = ", ".join(f"({i}, '{'x' * 50}')" for i in range(5000))
    assert actions(f'INSERT INTO s."T" VALUES {rows}') == [a.Insert(name("s.T"))]
    assert actions(f"DROP TABLE a; INSERT INTO t VALUES {rows}") == [a.DropTable(name("a")), a.Insert(name("t"))]
    assert actions("SELECT " + " + ".join(["1"] * 9000)) == [a.Other("")]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("ALTER TABLE t ADD a int DEFAULT 1 + (2) * 3 NOT NULL", "1 + (2) * 3"),
        ("ALTER TABLE t ADD a int NOT NULL DEFAULT (1), ADD b int", "(1)"),
        ("ALTER TABLE t ADD a text DEFAULT 'it''s, (' COLLATE \"C\"", "'it''s, ('"),
        ("ALTER TABLE t ADD a text COLLATE \"C\" DEFAULT lower('É') CHECK (a > '')", "lower('É')"),
        ("ALTER TABLE t ADD é int, ADD a int DEFAULT -- why\n 7 -- because\n", "7"),
        ("ALTER TABLE t ADD a jsonb DEFAULT '{}'::jsonb UNIQUE", "'{}'::jsonb"),
        ("ALTER TABLE t ADD a date DEFAULT date '2020-01-01'", "date '2020-01-01'"),
        ("ALTER TABLE t ADD a int[] DEFAULT ARRAY[1, 2]", "ARRAY[1, 2]"),
        ("ALTER TABLE t ADD a int DEFAULT -1", "-1"),
    ],
)
def test_the_text_of_a_default(sql: str, text: str) -> None:
    added = [action for action in actions(sql) if isinstance(action, a.AddColumn) and action.column.name == "a"]
    assert added[0].column.default is not None
    assert added[0].column.default.text == text


def test_the_text_of_other_expressions() -> None:
    (check,) = actions("ALTER TABLE t ADD CONSTRAINT check_a CHECK ((a > 0) AND (b IS NOT NULL)) NOT VALID")
    assert isinstance(check, a.AddConstraint)
    assert check.constraint.expression is not None
    assert check.constraint.expression.text == "(a > 0) AND (b IS NOT NULL)"
    assert (check.constraint.columns, check.constraint.valid) == (("a", "b"), False)
    (retyped,) = actions("ALTER TABLE t ALTER a TYPE int USING (a)::int")
    assert isinstance(retyped, a.AlterType)
    assert retyped.using is not None
    assert retyped.using.text == "(a)::int"
    (index,) = actions("CREATE INDEX i ON t (a) WHERE (NOT (a > 0))")
    assert isinstance(index, a.CreateIndex)
    assert index.predicate is not None
    assert index.predicate.text == "(NOT (a > 0))"
    (update,) = actions("UPDATE t SET a = 1 WHERE b IN (SELECT x FROM u WHERE returning_is IS NULL) RETURNING a")
    assert isinstance(update, a.Update)
    assert update.where is not None
    assert update.where.text == "b IN (SELECT x FROM u WHERE returning_is IS NULL)"
    (attach,) = actions("ALTER TABLE t ATTACH PARTITION p FOR VALUES FROM (1) TO (2)")
    assert isinstance(attach, a.AttachPartition)
    assert attach.bound.text == "FOR VALUES FROM (1) TO (2)"


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("int", a.Type(QualifiedName("", "int4"))),
        ("decimal(5)", a.Type(QualifiedName("", "numeric"), (5, 0))),
        ("character varying(9)[]", a.Type(QualifiedName("", "varchar"), (9,), is_array=True)),
        ("_text", a.Type(QualifiedName("", "text"), is_array=True)),
        ("interval(3)", a.Type(QualifiedName("", "interval"), (3,))),
        ("geometry(Point, 4326)", a.Type(QualifiedName("", "geometry"), (4326,), words=("point",))),
        ("public.mood", a.Type(QualifiedName("", "mood"))),
        ("s.mood", a.Type(QualifiedName("s", "mood"))),
        ("bigserial", a.Type(QualifiedName("", "int8"))),
    ],
)
def test_types(spelled: str, expected: a.Type) -> None:
    (added,) = actions(f"ALTER TABLE t ADD a {spelled}")
    assert isinstance(added, a.AddColumn)
    assert added.column.type == expected
    assert added.column.serial == (spelled == "bigserial")


def test_what_data_statements_touch() -> None:
    sql = """
    WITH gone AS (DELETE FROM old WHERE at < now() RETURNING id), named AS (SELECT 'sad'::mood)
    INSERT INTO kept SELECT g.id, 'ok' FROM gone g JOIN s.other o ON o.id = g.id, named
    """
    deleted, inserted = actions(sql)
    assert isinstance(deleted, a.Delete)
    assert (deleted.table, deleted.bounded) == (name("old"), True)
    assert isinstance(inserted, a.Insert)
    assert (inserted.table, inserted.from_query) == (name("kept"), True)
    assert set(inserted.reads) == {name("old"), name("s.other")}
    assert set(inserted.uses) == {"ok", "sad"}
    assert actions("UPDATE t SET a = 1 WHERE true") == [a.Update(name("t"), False, ("a",), where=actions_where())]
    (merged,) = actions("MERGE INTO t USING (VALUES (1)) v(x) ON t.a = v.x WHEN MATCHED THEN UPDATE SET b = 1, c = 2")
    assert merged == a.Update(name("t"), bounded=True, columns=("b", "c"))


def actions_where() -> a.Expression:
    (update,) = actions("UPDATE t SET a = 1 WHERE true")
    assert isinstance(update, a.Update)
    assert update.where is not None
    return update.where


@pytest.mark.parametrize(
    ("sql", "commits"),
    [
        ("DO $$ BEGIN UPDATE t SET a = 1; COMMIT; END $$", True),
        ("DO $$ BEGIN LOOP ROLLBACK; END LOOP; END $$", True),
        ("DO $$ BEGIN -- COMMIT;\n RAISE NOTICE '; COMMIT;'; END $$", False),
        ("DO $$ BEGIN UPDATE t SET commit = 1; END $$", False),
    ],
)
def test_code_that_commits(sql: str, commits: bool) -> None:
    (code,) = actions(sql)
    assert isinstance(code, a.RunCode)
    assert code.commits == commits


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SET LOCAL lock_timeout = '2s'", a.SetVariable("lock_timeout", "2s", local=True)),
        ("SET Lock_Timeout = 0", a.SetVariable("lock_timeout", "0")),
        ("RESET lock_timeout", a.SetVariable("lock_timeout", None)),
        ("RESET ALL", a.SetVariable("all", None)),
        ("SET ROLE x", a.SetRole("x")),
        ("RESET SESSION AUTHORIZATION", a.SetRole("")),
        ("START TRANSACTION", a.TransactionControl("start")),
        ("ROLLBACK TO SAVEPOINT x", a.TransactionControl("rollback to")),
        ("GRANT SELECT ON t TO x", a.Other("GrantStmt")),
        ("ALTER SEQUENCE s RESTART", a.Other("AlterSeqStmt")),
        ("VACUUM", a.Vacuum(QualifiedName("", ""))),
        ("VACUUM (FULL false) t", a.Vacuum(name("t"))),
        ("VACUUM FULL t", a.RewriteTable(name("t"), "VACUUM FULL")),
        ("REINDEX (CONCURRENTLY off) INDEX i", a.Reindex("index", name("i"))),
        ("ALTER VIEW v RENAME TO w", a.RenameView(name("v"), new_name="w")),
        ("DROP FUNCTION f(int)", a.DropFunction(name("f"))),
    ],
)
def test_small_statements(sql: str, expected: a.Action) -> None:
    assert actions(sql) == [expected]


def test_set_config_is_a_set() -> None:
    assert actions("SELECT pg_catalog.set_config('lock_timeout', '2s', true)")[0] == a.SetVariable(
        "lock_timeout", "2s", local=True
    )


def test_names_go_to_the_search_path() -> None:
    assert actions("DROP TABLE t, x.u, pg_class", "app") == [
        a.DropTable(name("app.t")),
        a.DropTable(name("x.u")),
        a.DropTable(name("pg_catalog.pg_class")),
    ]
    (made,) = actions("CREATE TEMP TABLE t (a int)", "app")
    assert isinstance(made, a.CreateTable)
    assert made.table == name("pg_temp.t")


def test_readers_and_handlers_are_found() -> None:
    assert {"CreateStmt", "AlterTableStmt", "IndexStmt", "UpdateStmt", "DoStmt"} <= set(readers())
    assert all(issubclass(kind, a.Action) for kind in handlers())


def test_whatever_is_done_twice_or_to_nothing_is_left_aside() -> None:
    """Every action that the readers know, on a schema that knows nothing, and again."""
    schema = Schema()
    for sql in EVERYTHING * 2 + EVERYTHING[::-1]:
        for action in actions(sql):
            apply(action, schema, "r")
            assert is_dataclass(action)
            assert [field.name for field in fields(action)] == list(type(action).__dataclass_fields__)


EVERYTHING = [
    "CREATE TABLE t (a int PRIMARY KEY, b t, UNIQUE (a, b), CHECK (a > 0), FOREIGN KEY (b) REFERENCES t)",
    "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
    "CREATE TABLE q PARTITION OF p DEFAULT",
    "CREATE TABLE r PARTITION OF unknown DEFAULT",
    "CREATE TABLE i (LIKE unknown) INHERITS (t, p, nothing)",
    "ALTER TABLE p ATTACH PARTITION p DEFAULT",
    "ALTER TABLE p ATTACH PARTITION q DEFAULT",
    "ALTER TABLE q ATTACH PARTITION p DEFAULT",
    "ALTER TABLE p ADD UNIQUE (a)",
    "CREATE INDEX ON p (a, lower(b))",
    "CREATE INDEX x ON ONLY p (a)",
    "ALTER INDEX x ATTACH PARTITION y",
    "ALTER TABLE p DETACH PARTITION q CONCURRENTLY",
    "ALTER TABLE p RENAME a TO b, ADD c int",
    "ALTER TABLE p RENAME a TO b",
    "ALTER TABLE p RENAME TO t",
    "ALTER TABLE t DROP a CASCADE, ADD UNIQUE USING INDEX nothing, ADD PRIMARY KEY (z), VALIDATE CONSTRAINT nothing",
    "ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE, ALTER z SET NOT NULL, ALTER z DROP NOT NULL, ALTER z TYPE int",
    "ALTER TABLE t RENAME CONSTRAINT a TO b",
    "ALTER TABLE t SET SCHEMA s",
    "ALTER SCHEMA s RENAME TO u",
    "ALTER TYPE m ADD VALUE 'a' BEFORE 'b'",
    "ALTER TYPE m RENAME VALUE 'a' TO 'b'",
    "ALTER TYPE m RENAME TO n",
    "ALTER DOMAIN d DROP CONSTRAINT x",
    "CREATE VIEW v AS SELECT * FROM v",
    "DROP VIEW v CASCADE",
    "ALTER VIEW v RENAME TO v",
    "DROP TYPE m CASCADE",
    "DROP TABLE t, p, q CASCADE",
    "DROP SCHEMA u CASCADE",
    "DROP INDEX nothing",
    "DROP TRIGGER x ON nothing",
]
EVERYTHING.remove("ALTER TABLE p RENAME a TO b, ADD c int")  # RENAME stands alone in PostgreSQL's grammar


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    taken(text)
