"""Tables, columns, constraints and indexes as expressions, and what is left over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alembic_vibe.catalog.facts import Column, IndexKey, SequenceOptions
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.render.code import layout
from alembic_vibe.render.elements import (
    column_expr,
    constraint_expr,
    create_table_call,
    index_call,
    index_leftovers,
)
from tests.unit.render.shop import (
    catalog,
    check,
    column,
    foreign,
    index,
    primary,
    serial,
    table,
    type_ref,
    unique,
    uuid_id,
)

WIDE = 400


def shown(one: Column, *, key: bool = False) -> str:
    owner = table("users", one)
    expr = column_expr(one, owner, catalog(owner), [primary("users", one.name)] if key else [])
    assert expr is not None
    return layout(expr, width=WIDE)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (column("name", "character varying(50)"), 'sa.Column("name", sa.String(50), nullable=False)'),
        (column("n", "numeric(10,2)", null=True), 'sa.Column("n", sa.Numeric(10, 2))'),
        (
            column("at", "timestamp(3) with time zone", null=True),
            'sa.Column("at", postgresql.TIMESTAMP(timezone=True, precision=3))',
        ),
        (
            column("span", type_ref("interval year to month", base="interval"), null=True),
            'sa.Column("span", postgresql.INTERVAL(fields="year to month"))',
        ),
        (column("tags", "text[]", null=True), 'sa.Column("tags", postgresql.ARRAY(sa.Text()))'),
        (
            column("a", "text", null=True, collation='"C"'),
            'sa.Column("a", sa.Text(collation="C"))',
        ),
        (
            column("a", "text", default="'x:y'::text", comment="What's up"),
            'sa.Column("a", sa.Text(), server_default=sa.text("\'x:y\'::text"), nullable=False, comment="What\'s up")',
        ),
        (
            column("a", "text", default="' :y'::text", null=True),
            'sa.Column("a", sa.Text(), server_default=sa.text("\' \\\\:y\'::text"))',
        ),
        (
            column("a", "text", default="b || c", generated="stored", null=True),
            'sa.Column("a", sa.Text(), sa.Computed("b || c", persisted=True))',
        ),
        (
            column(
                "a",
                "integer",
                identity="by default",
                identity_options=SequenceOptions(type="integer", start=10, maximum=2147483647, cycle=True),
            ),
            'sa.Column("a", sa.Integer(), sa.Identity(start=10, cycle=True), nullable=False)',
        ),
    ],
)
def test_columns(one: Column, expected: str) -> None:
    assert shown(one) == expected


def test_a_lone_integer_key_is_no_serial_by_accident() -> None:
    assert shown(column("id", "integer"), key=True).endswith("autoincrement=False, nullable=False)")
    assert "autoincrement" not in shown(column("id", "uuid"), key=True)


def test_a_serial_is_said_only_where_the_sequence_is_a_usual_one() -> None:
    one = column("id", "integer", default="nextval('users_id_seq'::regclass)")
    owner, key = table("users", one), primary("users", "id")
    usual = serial("users")
    expected = 'sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)'
    assert layout(column_expr(one, owner, catalog(owner, usual), [key]) or "", width=WIDE) == expected  # type: ignore[arg-type]
    unusual = replace(usual, options=replace(usual.options, cache=10))
    for facts, keys in ((catalog(owner, unusual), [key]), (catalog(owner, usual), []), (catalog(owner), [key])):
        expr = column_expr(one, owner, facts, keys)
        assert expr is not None
        assert "nextval" in layout(expr, width=WIDE)


def test_a_foreign_key_with_every_option() -> None:
    constraint = foreign(
        "posts",
        "a b",
        "users",
        "x y",
        on_delete="SET NULL",
        on_update="CASCADE",
        match="FULL",
        deferrable=True,
        initially_deferred=True,
    )
    expr = constraint_expr(constraint)
    assert expr is not None
    assert layout(expr, width=WIDE) == (
        'sa.ForeignKeyConstraint(["a", "b"], ["users.x", "users.y"], name=op.f("posts_a_b_fkey"), ondelete="SET NULL", '
        'onupdate="CASCADE", match="FULL", deferrable=True, initially="DEFERRED")'
    )


@pytest.mark.parametrize(
    "constraint",
    [
        check("users", "c", "a > 0", validated=False),
        check("users", "c", "a > 0", enforced=False),
        check("users", "c", "a > 0", no_inherit=True),
        unique("users", "a", include=("b",)),
        foreign("users", "a", "users", on_delete="SET NULL", on_delete_columns=("a",)),
    ],
)
def test_constraints_that_sqlalchemy_would_change_are_left_to_sql(constraint: object) -> None:
    assert constraint_expr(constraint) is None  # type: ignore[arg-type]


def test_an_index_with_every_option() -> None:
    one = index(
        "users",
        "idx_users",
        IndexKey(column="name", expression="name", opclass="text_pattern_ops"),
        IndexKey(column="at", expression="at", descending=True),
        IndexKey(column=None, expression="lower(name)", collation='"C"', nulls_first=True),
        unique=True,
        include=("a",),
        predicate="a > 0",
        nulls_not_distinct=True,
        options=(("fillfactor", "70"),),
        comment="Fast",
        clustered=True,
    )
    assert layout(index_call(one), width=WIDE) == (
        'op.create_index(op.f("idx_users"), "users", ["name", sa.text("at DESC NULLS LAST"), '
        "sa.text('lower(name) COLLATE \"C\" NULLS FIRST')], unique=True, "
        'postgresql_ops={"name": "text_pattern_ops"}, postgresql_include=["a"], postgresql_nulls_not_distinct=True, '
        'postgresql_with={"fillfactor": 70}, postgresql_where=sa.text("a > 0"))'
    )
    assert layout(index_call(one, "model"), width=WIDE).startswith('sa.Index("idx_users", "name", ')
    assert [leftover.sql for leftover in index_leftovers(one)] == [
        "COMMENT ON INDEX idx_users IS 'Fast'",
        "ALTER TABLE users CLUSTER ON idx_users",
    ]


def test_what_a_table_leaves_over_keeps_its_order() -> None:
    path = type_ref("ltree", origin="extension", key=Key(Kind.EXTENSION, "", "ltree"))
    owner = table(
        "docs",
        uuid_id(),
        column("path", path, comment="Where it's at"),
        column("a", "text", null=True, storage="external"),
        options=(("fillfactor", "80"),),
    )
    constraints = [primary("docs", "id"), unique("docs", "path"), check("docs", "docs_check", "a <> ''")]
    call, leftovers = create_table_call(owner, catalog(owner), constraints)
    text = layout(call, width=WIDE)
    assert '"path"' not in text
    assert "docs_path_key" not in text
    assert [leftover.sql for leftover in leftovers] == [
        "ALTER TABLE docs ADD COLUMN path ltree NOT NULL",
        "COMMENT ON COLUMN docs.path IS 'Where it''s at'",
        "ALTER TABLE docs ADD CONSTRAINT docs_path_key UNIQUE (path)",
        "ALTER TABLE docs ADD CONSTRAINT docs_check CHECK (a <> '')",
        "ALTER TABLE docs ALTER COLUMN a SET STORAGE EXTERNAL",
        "ALTER TABLE docs SET (fillfactor = 80)",
    ]


def test_a_class_of_the_revision_carries_other_types() -> None:
    path = type_ref("ltree", origin="extension", key=Key(Kind.EXTENSION, "", "ltree"))
    owner = table("docs", column("path", path))
    call, leftovers = create_table_call(owner, catalog(owner), pg_type="PgType")
    assert 'sa.Column("path", PgType("ltree"), nullable=False)' in layout(call)
    assert leftovers == []
