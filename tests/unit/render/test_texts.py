"""SQL text that goes through ``sqlalchemy.text`` must come out as it went in."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql

from alembic_vibe.render.code import Call, Sql
from alembic_vibe.render.texts import escape_text, statement_expr, survives_text, text_expr


def through_text(sql: str) -> str:
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    return str(sa.text(escape_text(sql)).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


@pytest.mark.parametrize(
    ("sql", "escaped"),
    [
        ("now()", "now()"),
        ("'{\"a\":1}'::jsonb", "'{\"a\"\\:1}'::jsonb"),
        ("'(?:x)'", "'(?\\:x)'"),
        ("a := 1", "a := 1"),
        ("'12:30'::time", "'12:30'::time"),
        ("x[1:2]", "x[1:2]"),
        ("x[:2]", "x[\\:2]"),
        ("' \\:y'", "' \\\\:y'"),
    ],
)
def test_only_what_would_be_bound_is_escaped(sql: str, escaped: str) -> None:
    assert escape_text(sql) == escaped
    assert survives_text(sql)
    assert through_text(sql) == sql


def test_what_cannot_be_escaped_is_a_literal_column() -> None:
    assert text_expr("':smile:'") == Call("sa.literal_column", (Sql("':smile:'"),))


def test_statements_are_strings_unless_only_ddl_carries_them() -> None:
    assert statement_expr("SELECT ' :a'") == Sql("SELECT ' \\:a'")
    assert statement_expr("SELECT ':ab: 1%'") == Call("sa.DDL", (Sql("SELECT ':ab: 1%%'"),))


@given(st.text(alphabet=":\\'ab1 $%[]?", max_size=12))
def test_text_survives_exactly_when_it_is_said_to(sql: str) -> None:
    if survives_text(sql):
        assert through_text(sql) == sql
