"""Locks of actions for schemas that know more, or less, than the probes of the table of locks."""

from __future__ import annotations

import pytest

from alembic_vibe.lint.actions import Expression, Type
from alembic_vibe.lint.forms import Work, forms
from alembic_vibe.lint.model import START, Emitted
from alembic_vibe.lint.reading import read
from alembic_vibe.lint.replay import apply
from alembic_vibe.lint.schema import Schema
from alembic_vibe.lint.taken import Taken, form_of, locks_of
from alembic_vibe.lint.types import TypeChange, type_change
from alembic_vibe.lint.volatility import is_volatile, volatile_functions
from alembic_vibe.locks import LockLevel
from alembic_vibe.sql.grammar import parse
from alembic_vibe.sql.tree import QualifiedName

AE, SUE = LockLevel.ACCESS_EXCLUSIVE, LockLevel.SHARE_UPDATE_EXCLUSIVE
T = QualifiedName("public", "t")


def taken(statement: str, *setup: str) -> dict[str, Taken]:
    schema = Schema()
    for text in setup:
        for one in read(Emitted(text, START)):
            for action in one.actions:
                apply(action, schema, "1")
    (action,) = (action for one in read(Emitted(statement, START)) for action in one.actions)
    return {lock.table.name: lock for lock in locks_of(action, schema, 15)}


def test_what_is_unknown_is_as_bad_as_it_can_be() -> None:
    assert taken("ALTER TABLE t ALTER c TYPE text")["t"] == Taken(T, AE, Work.REWRITE, "alter-type-rewrite")
    assert taken("ALTER TABLE t ALTER c SET NOT NULL")["t"].work is Work.SCAN
    assert taken("ALTER TABLE t VALIDATE CONSTRAINT c")["t"].work is Work.SCAN
    assert taken("ALTER TABLE t ADD PRIMARY KEY USING INDEX i")["t"].work is Work.SCAN
    assert taken("ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)")["p"].work is Work.SCAN
    assert taken("ALTER TABLE t ADD c int DEFAULT other()")["t"].work is Work.REWRITE
    assert taken("DROP INDEX s.i") == {"": Taken(QualifiedName("s", ""), AE, Work.NONE, "drop-index")}


def test_several_forms_are_one_lock() -> None:
    statement = "ALTER TABLE t ADD c int DEFAULT random() CHECK (c > 0) UNIQUE REFERENCES o"
    found = taken(statement)
    assert found["t"] == Taken(T, AE, Work.REWRITE, "add-column-volatile-default")
    assert found["o"].level is LockLevel.SHARE_ROW_EXCLUSIVE
    assert list(found) == ["t", "o"]


def test_tables_that_refer_to_themselves_are_told_once() -> None:
    made = "CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t)"
    assert taken(made) == {}
    assert taken("DROP TABLE t", made) == {"t": Taken(T, AE, Work.NONE, "drop-table")}


def test_a_chain_of_foreign_keys_is_truncated() -> None:
    setup = "CREATE TABLE {} (id int PRIMARY KEY, up int REFERENCES {})"
    made = ["CREATE TABLE t (id int PRIMARY KEY)", setup.format("u", "t"), setup.format("v", "u")]
    assert set(taken("TRUNCATE t CASCADE", *made)) == {"t", "u", "v"}


def test_partitions_of_any_depth_and_heirs() -> None:
    made = [
        "CREATE TABLE t (id int) PARTITION BY RANGE (id)",
        "CREATE TABLE p PARTITION OF t FOR VALUES FROM (0) TO (9) PARTITION BY RANGE (id)",
        "CREATE TABLE q PARTITION OF p DEFAULT",
    ]
    assert set(taken("ALTER TABLE t ADD c int", *made)) == {"t", "p", "q"}
    assert set(taken("CREATE INDEX ON ONLY t (id)", *made)) == {"t"}
    heirs = ["CREATE TABLE t (id int)", "CREATE TABLE h () INHERITS (t)"]
    assert set(taken("ALTER TABLE t ADD CHECK (id > 0)", *heirs)) == {"t", "h"}
    assert set(taken("CREATE INDEX ON t (id)", *heirs)) == {"t"}
    assert set(taken("ALTER TABLE t ADD UNIQUE (id)", *heirs)) == {"t"}


def test_the_mode_of_lock_table() -> None:
    assert taken("LOCK TABLE t IN SHARE MODE")["t"].level is LockLevel.SHARE
    assert taken("LOCK TABLE t IN ROW EXCLUSIVE MODE")["t"].level is LockLevel.ROW_EXCLUSIVE


def test_a_table_that_is_there_already() -> None:
    made = "CREATE TABLE t (id int)"
    assert taken("CREATE TABLE IF NOT EXISTS t (id int REFERENCES o)", made) == {}
    assert set(taken("CREATE TABLE IF NOT EXISTS t (id int REFERENCES o)")) == {"o"}


@pytest.mark.parametrize(
    ("setup", "work"),
    [
        ("ALTER TABLE t ADD CHECK (c IS NOT NULL)", Work.NONE),
        ("ALTER TABLE t ADD CHECK (c IS NOT NULL AND c > 0)", Work.NONE),
        ("ALTER TABLE t ADD CHECK (c IS NOT NULL OR d > 0)", Work.SCAN),
        ("ALTER TABLE t ADD CHECK (d IS NOT NULL)", Work.SCAN),
        ("ALTER TABLE t ADD CHECK (c IS NULL)", Work.SCAN),
        ("ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL) NOT VALID", Work.SCAN),
        (
            "ALTER TABLE t ADD CONSTRAINT k CHECK (c IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT k",
            Work.NONE,
        ),
        ("ALTER TABLE t ALTER c SET NOT NULL", Work.NONE),
        ("ALTER TABLE t ADD CONSTRAINT k NOT NULL c NOT VALID", Work.SCAN),
    ],
)
def test_set_not_null(setup: str, work: Work) -> None:
    assert taken("ALTER TABLE t ALTER c SET NOT NULL", "CREATE TABLE t (c int, d int)", setup)["t"].work is work


@pytest.mark.parametrize(
    ("setup", "work"),
    [
        ("SELECT 1", Work.NONE),
        ("CREATE INDEX ON t (c)", Work.NONE),
        ("CREATE INDEX ON t (lower(c))", Work.BUILD),
        ("CREATE INDEX ON t (d) WHERE c = ''", Work.BUILD),
        ("CREATE INDEX ON t (lower(d))", Work.NONE),
        ("ALTER TABLE t ADD CHECK (c <> '')", Work.SCAN),
        ("ALTER TABLE t ADD CHECK (c <> '') NOT VALID", Work.NONE),
        ("ALTER TABLE t ADD CHECK (d <> '')", Work.NONE),
    ],
)
def test_a_wider_type_and_what_hangs_on_the_column(setup: str, work: Work) -> None:
    table = "CREATE TABLE t (c varchar(5), d text)"
    assert taken("ALTER TABLE t ALTER c TYPE varchar(9)", table, setup)["t"].work is work


def test_a_type_that_is_not_known() -> None:
    unknown, known = Type(QualifiedName("", "vibe_unknown")), Type(QualifiedName("", "text"))
    assert type_change(unknown, known, using=False) is TypeChange.UNKNOWN
    assert type_change(known, known, using=True) is TypeChange.REWRITE
    assert type_change(known, known, using=False) is TypeChange.NONE


def test_the_time_zone_counts_only_where_it_is_sure() -> None:
    old, new = Type(QualifiedName("", "timestamp")), Type(QualifiedName("", "timestamptz"))
    assert type_change(old, new, using=False) is TypeChange.REWRITE
    assert type_change(old, new, using=False, time_zone_utc=True) is TypeChange.REINDEX


@pytest.mark.parametrize(
    ("text", "volatile"),
    [
        ("now()", ()),
        ("pg_catalog.random()", ("pg_catalog.random",)),
        ("pg_catalog.none_such()", ("pg_catalog.none_such",)),
        ("coalesce(clock_timestamp(), now())", ("clock_timestamp",)),
        ("mine()", ()),
        ("s.mine()", ()),
        ("s.other()", ("s.other",)),
        ("unknown()", ("unknown",)),
    ],
)
def test_volatile_functions(text: str, volatile: tuple[str, ...]) -> None:
    node = parse(f"SELECT {text}")[0]["SelectStmt"]["targetList"][0]["ResTarget"]["val"]
    functions = {QualifiedName("s", "mine"): "stable", QualifiedName("s", "other"): "volatile"}
    assert volatile_functions(Expression(text, node), functions) == volatile
    assert is_volatile(Expression(text, node), functions) is bool(volatile)


def test_forms_are_complete() -> None:
    assert all(form.source and form.action for form in forms().values())
    assert form_of("create-index").locks["table"].level is LockLevel.SHARE
    with pytest.raises(KeyError):
        form_of("nothing")


def test_versions_differ() -> None:
    assert forms()["add-unique"].costs(15)["partitions"].level is LockLevel.SHARE
    assert forms()["add-unique"].costs(18)["partitions"].level is AE
