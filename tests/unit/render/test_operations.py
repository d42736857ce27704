"""Each operation of a plan as a statement of a revision, and when SQL has to say it."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from alembic_vibe.catalog.catalog import Catalog
from alembic_vibe.catalog.facts import Constraint, IndexKey
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.operations import (
    AddConstraint,
    CreateIndex,
    CreateTable,
    DropConstraint,
    DropIndex,
    DropTable,
    Execute,
)
from alembic_vibe.render.code import layout
from alembic_vibe.render.operations import execute, operation_exprs
from tests.unit.render.shop import catalog, check, column, foreign, index, primary, table, type_ref, unique

WIDE = 400
SQL = ("what SQL would say",)


def shown(operation: object, facts: Catalog | None = None) -> list[str]:
    return [layout(expr, width=WIDE) for expr in operation_exprs(operation, facts or Catalog())]


def elsewhere(constraint: Constraint) -> Constraint:
    return replace(constraint, key=constraint.key._replace(schema="billing"))


# -- SQL -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE EXTENSION citext", 'op.execute("CREATE EXTENSION citext")'),
        ("SELECT 'a:b', ' :c'", "op.execute(\"SELECT 'a:b', ' \\\\:c'\")"),
        ("SELECT 1::text", 'op.execute("SELECT 1::text")'),
        ("SELECT '100%'", "op.execute(\"SELECT '100%'\")"),
        ("SELECT ':ok: 100%'", "op.execute(sa.DDL(\"SELECT ':ok: 100%%'\"))"),
    ],
)
def test_execute(sql: str, expected: str) -> None:
    assert shown(Execute(sql)) == [expected]


def test_several_lines_are_a_block() -> None:
    assert shown(Execute("SELECT 1,\n    2")) == [
        'op.execute(\n    dedent("""\n        SELECT 1,\n            2\n    """)\n)',
    ]


def sent_to_the_server(sql: str) -> str:
    """Run the statement as Alembic does: text is bound, DDL is formatted."""
    sent: list[str] = []
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]

    class Op:
        @staticmethod
        def execute(what: Any) -> None:
            clause = sa.text(what) if isinstance(what, str) else what
            sent.append(str(clause.compile(dialect=dialect)))

    exec(layout(execute(sql), 4), {"op": Op, "sa": sa, "dedent": dedent})
    (found,) = sent
    return found


@given(st.text(alphabet=":\\'ab1 %\n", max_size=14))
def test_the_server_gets_what_the_plan_says(sql: str) -> None:
    assert sent_to_the_server(sql) in (sql, f"\n{sql}\n")


@pytest.mark.xfail(
    sa.__version__ >= "2.1", strict=True, reason="SQLAlchemy 2.1 ends the name of a parameter before a dollar sign"
)
def test_a_dollar_sign_after_an_escaped_colon() -> None:
    assert sent_to_the_server("\\:$:") == "\\:$:"


# -- tables ----------------------------------------------------------------------------------------------------------

USERS = table("users", column("id", "integer"), column("email", "text", null=True))
KEY = primary("users", "id")


def test_create_table() -> None:
    (found,) = shown(CreateTable(replace(USERS, comment="People"), (KEY,), SQL), catalog(USERS))
    assert found == (
        "op.create_table(\n"
        '    "users",\n'
        '    sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),\n'
        '    sa.Column("email", sa.Text()),\n'
        '    sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),\n'
        '    comment="People",\n'
        ")"
    )


def test_what_create_table_loses_follows_as_sql() -> None:
    owner = replace(
        USERS,
        columns=(*USERS.columns, column("area", type_ref("polygon"), null=True)),
        options=(("fillfactor", "70"),),
    )
    partly = replace(check("users", "c", "id > 0"), no_inherit=True, definition="CHECK (id > 0) NO INHERIT")
    create, *rest = shown(CreateTable(owner, (partly,), SQL), catalog(owner))
    assert "area" not in create
    assert "users" in create
    assert rest == [
        'op.execute("ALTER TABLE users ADD COLUMN area polygon")',
        'op.execute("ALTER TABLE users ADD CONSTRAINT c CHECK (id > 0) NO INHERIT")',
        'op.execute("ALTER TABLE users SET (fillfactor = 70)")',
    ]


def test_what_the_plan_has_steps_for_is_not_said_twice() -> None:
    one = column("email", "text", storage="external", statistics=50, not_null_name="named")
    owner = table("users", one)
    commented = replace(unique("users", "email"), comment="One each")
    assert len(shown(CreateTable(owner, (commented,), SQL), catalog(owner))) == 1


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("public", 'op.drop_table("users")'),
        ("billing", 'op.drop_table("users", schema="billing")'),
    ],
)
def test_drop_table(schema: str, expected: str) -> None:
    assert shown(DropTable(Key(Kind.TABLE, schema, "users"), SQL)) == [expected]


# -- constraints -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        pytest.param(
            foreign("orders", "user_id", "users", on_delete="CASCADE"),
            'op.create_foreign_key(op.f("orders_user_id_fkey"), "orders", "users", ["user_id"], ["id"], '
            'ondelete="CASCADE")',
            id="foreign key",
        ),
        pytest.param(
            elsewhere(foreign("orders", "a b", "users", "c d", deferrable=True, initially_deferred=True)),
            'op.create_foreign_key(op.f("orders_a_b_fkey"), "orders", "users", ["a", "b"], ["c", "d"], '
            'source_schema="billing", deferrable=True, initially="DEFERRED")',
            id="deferrable, from another schema",
        ),
        pytest.param(
            replace(foreign("orders", "a", "users"), references=Key(Kind.TABLE, "crm", "users")),
            'op.create_foreign_key(op.f("orders_a_fkey"), "orders", "users", ["a"], ["id"], referent_schema="crm")',
            id="to another schema",
        ),
        pytest.param(
            check("users", "c", "email ~ ':x'"),
            'op.create_check_constraint(op.f("c"), "users", "email ~ \'\\\\:x\'")',
            id="check",
        ),
        pytest.param(
            check("users", "c", "email <> ':ok:'"),
            'op.create_check_constraint(op.f("c"), "users", sa.literal_column("email <> \':ok:\'"))',
            id="check with what text would bind",
        ),
        pytest.param(
            unique("users", "email"),
            'op.create_unique_constraint(op.f("users_email_key"), "users", ["email"])',
            id="unique",
        ),
        pytest.param(
            elsewhere(unique("users", "email")),
            'op.create_unique_constraint(op.f("users_email_key"), "users", ["email"], schema="billing")',
            id="unique in another schema",
        ),
    ],
)
def test_add_constraint(constraint: Constraint, expected: str) -> None:
    assert shown(AddConstraint(constraint, SQL)) == [expected]


@pytest.mark.parametrize(
    "constraint",
    [
        pytest.param(primary("users", "id"), id="primary key"),
        pytest.param(unique("users", "email", nulls_not_distinct=True), id="nulls not distinct"),
        pytest.param(unique("users", "email", deferrable=True), id="deferrable unique"),
        pytest.param(unique("users", "email", include=("id",)), id="INCLUDE"),
        pytest.param(check("users", "c", "id > 0", validated=False), id="check NOT VALID"),
        pytest.param(check("users", "c", "id > 0", no_inherit=True), id="NO INHERIT"),
        pytest.param(foreign("orders", "a", "users", validated=False), id="foreign key NOT VALID"),
        pytest.param(foreign("orders", "a", "users", enforced=False), id="NOT ENFORCED"),
        pytest.param(foreign("orders", "a", "users", on_delete_columns=("a",)), id="ON DELETE SET NULL (a)"),
        pytest.param(foreign("orders", "a", "dot.ted"), id="a table with a dot in its name"),
        pytest.param(replace(check("users", "x", "", method="gist"), kind="x"), id="exclusion"),
    ],
)
def test_a_constraint_that_op_would_change_is_added_by_sql(constraint: Constraint) -> None:
    assert shown(AddConstraint(constraint, SQL)) == ['op.execute("what SQL would say")']


@pytest.mark.parametrize(
    ("constraint", "type_"),
    [
        (primary("users", "id", name="k"), "primary"),
        (unique("users", "email", name="k"), "unique"),
        (check("users", "k", "id > 0", validated=False), "check"),
        (foreign("users", "id", "users", name="k"), "foreignkey"),
    ],
)
def test_drop_constraint(constraint: Constraint, type_: str) -> None:
    assert shown(DropConstraint(constraint, SQL)) == [f'op.drop_constraint(op.f("k"), "users", type_="{type_}")']
    assert shown(DropConstraint(elsewhere(constraint), SQL)) == [
        f'op.drop_constraint(op.f("k"), "users", type_="{type_}", schema="billing")',
    ]


def test_an_exclusion_constraint_is_dropped_by_sql() -> None:
    assert shown(DropConstraint(replace(check("users", "x", ""), kind="x"), SQL)) == [
        'op.execute("what SQL would say")'
    ]


# -- indexes ---------------------------------------------------------------------------------------------------------


def test_create_index() -> None:
    keys = ("email", IndexKey(column=None, expression="lower(email)", descending=True, nulls_first=True))
    found = index("users", "idx", *keys, unique=True, method="btree", predicate="email <> ' :x'", include=("id",))
    (printed,) = shown(CreateIndex(found, SQL))
    assert printed == (
        'op.create_index(op.f("idx"), "users", ["email", sa.text("lower(email) DESC")], unique=True, '
        'postgresql_include=["id"], postgresql_where=sa.text("email <> \' \\\\:x\'"))'
    )


def test_drop_index_names_its_table() -> None:
    found = index("users", "idx", "email")
    assert shown(DropIndex(found, SQL)) == ['op.drop_index(op.f("idx"), table_name="users")']
    there = replace(found, table=Key(Kind.TABLE, "billing", "users"))
    assert shown(DropIndex(there, SQL)) == ['op.drop_index(op.f("idx"), table_name="users", schema="billing")']


def test_another_operation_is_an_error() -> None:
    with pytest.raises(TypeError, match="no such operation: 3"):
        operation_exprs(3, Catalog())
