"""The schema that a chain makes: who made what, copies, and what follows a rename."""

from __future__ import annotations

import pytest

from alembic_vibe.lint.chosen_names import chosen_name, object_name
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.schema import Schema, Table
from alembic_vibe.sql.tree import QualifiedName


def run(schema: Schema, revision: str, *statements: str) -> None:
    for sql in statements:
        for one in read(Emitted(sql, START), schema.search_path):
            assert not one.error
            for action in one.actions:
                apply(action, schema, revision)


def table(schema: Schema, name: str) -> Table:
    found = schema.table(QualifiedName("public", name))
    assert found is not None
    return found


def test_who_made_what() -> None:
    schema = Schema()
    run(schema, "1", "CREATE TABLE t (a int, b int)", "CREATE TYPE m AS ENUM ('x')")
    run(schema, "2", "ALTER TABLE t ADD c int, ADD CONSTRAINT k CHECK (c IS NOT NULL) NOT VALID")
    run(schema, "3", "ALTER TABLE t VALIDATE CONSTRAINT k", "CREATE INDEX i ON t (c)")
    run(schema, "4", "ALTER TABLE t DROP COLUMN b")
    t = table(schema, "t")
    assert (t.created_by, t.columns["a"].added_by, t.columns["c"].added_by) == ("1", "1", "2")
    assert (t.constraints["k"].added_by, t.constraints["k"].validated_by, t.indexes["i"].added_by) == ("2", "3", "3")
    assert schema.dropped_columns == {(t.name, "b"): "4"}
    assert schema.made_by[QualifiedName("public", "m")] == "1"


def test_a_validated_check_follows_the_rename_of_its_column() -> None:
    schema = Schema()
    run(schema, "1", "CREATE TABLE t (a int, CONSTRAINT k CHECK (a IS NOT NULL AND t.a > 0 OR 'a' = 'a'))")
    run(schema, "2", 'ALTER TABLE t RENAME COLUMN a TO "B c"')
    spec = table(schema, "t").constraints["k"].spec
    assert spec.columns == ("B c",)
    assert spec.expression is not None
    assert spec.expression.text == "\"B c\" IS NOT NULL AND t.\"B c\" > 0 OR 'a' = 'a'"
    assert "'sval': 'B c'" in str(spec.expression.node)


def test_copies_go_their_own_ways() -> None:
    schema = Schema()
    run(schema, "1", "CREATE TABLE t (a int)", "CREATE TABLE u (a int)", "CREATE TYPE m AS ENUM ('x')")
    copy = schema.copy()
    run(schema, "2", "ALTER TABLE t ADD b int", "ALTER TYPE m ADD VALUE 'y'")
    again = schema.copy()
    run(copy, "3", "ALTER TABLE t DROP a", "DROP TABLE u", "CREATE TABLE v (a int)", "SET search_path = s")
    run(again, "4", "ALTER TABLE u RENAME a TO z")
    assert list(table(schema, "t").columns) == ["a", "b"]
    assert list(table(schema, "u").columns) == ["a"]
    assert list(copy.tables) == [QualifiedName("public", n) for n in ("t", "v")]
    assert list(table(copy, "t").columns) == []
    assert list(table(again, "u").columns) == ["z"]
    assert (schema.enums, copy.enums) == ({("public", "m"): ("x", "y")}, {("public", "m"): ("x",)})
    assert (schema.search_path, copy.search_path) == ("public", "s")


def test_what_is_unknown_is_not_there() -> None:
    schema = Schema()
    run(schema, "1", "ALTER TABLE t ADD a int", "CREATE INDEX ON t (a)", "CREATE TABLE p1 PARTITION OF p DEFAULT")
    assert list(schema.tables) == [QualifiedName("public", "p1")]
    assert not table(schema, "p1").complete


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("t", "a", "key"), "t_a_key"),
        (("t", "", "pkey"), "t_pkey"),
        (("t" * 70, "a", "key"), "t" * 57 + "_a_key"),
        (("t" * 70, "a" * 70, "key"), "t" * 29 + "_" + "a" * 29 + "_key"),
        (("é" * 40, "a", "key"), "é" * 28 + "_a_key"),
    ],
)
def test_names_are_cut_as_postgresql_cuts_them(parts: tuple[str, str, str], expected: str) -> None:
    assert object_name(*parts) == expected


def test_a_taken_name_gets_a_number() -> None:
    assert chosen_name("t", "check", ["a"], {"t_a_check", "t_a_check1"}) == "t_a_check2"
    assert chosen_name("t", "check", ["a", "b"]) == "t_check"
