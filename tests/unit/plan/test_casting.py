"""What becomes of values of one type in another."""

from __future__ import annotations

import pytest

from alembic_vibe.catalog.facts import TypeRef
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.casting import Fit, comparable, compared_as_text, fit, same_binds


def _type(text: str) -> TypeRef:
    array = text.endswith("[]")
    base, _, rest = text.removesuffix("[]").partition("(")
    modifiers, _, tail = rest.partition(")")
    origin = "enum" if base == "status" else "base"
    key = Key(Kind.ENUM, "public", "status") if origin == "enum" else None
    return TypeRef(text=text, base=f"{base}{tail}", modifiers=modifiers, array=array, origin=origin, key=key)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("character varying(10)", "character varying(20)", Fit.CATALOG),
        ("character varying(10)", "text", Fit.CATALOG),
        ("text", "character varying", Fit.CATALOG),
        ("text", "character varying(5)", Fit.NARROWER),
        ("numeric(10,2)", "numeric(12,2)", Fit.CATALOG),
        ("numeric(10,2)", "numeric", Fit.CATALOG),
        ("numeric(10,2)", "numeric(12,4)", Fit.WIDER),
        ("numeric(10,2)", "numeric(11,4)", Fit.NARROWER),
        ("timestamp(0) without time zone", "timestamp(3) without time zone", Fit.CATALOG),
        ("timestamp without time zone", "timestamp(3) without time zone", Fit.NARROWER),
        ("timestamp without time zone", "timestamp with time zone", Fit.UNKNOWN),
        ("cidr", "inet", Fit.CATALOG),
        ("inet", "cidr", Fit.NARROWER),
        ("integer", "bigint", Fit.WIDER),
        ("bigint", "integer", Fit.NARROWER),
        ("bigint", "numeric(19,0)", Fit.WIDER),
        ("bigint", "numeric(10,2)", Fit.NARROWER),
        ("character(5)", "character(6)", Fit.WIDER),
        ("uuid", "text", Fit.TEXT),
        ("text", "uuid", Fit.UNKNOWN),
        ("status", "text", Fit.TEXT),
        ("text", "status", Fit.UNKNOWN),
        ("integer[]", "bigint[]", Fit.WIDER),
        ("integer[]", "integer", Fit.UNKNOWN),
    ],
)
def test_fit(old: str, new: str, expected: Fit) -> None:
    assert fit(_type(old), _type(new)) is expected


def test_binds_are_the_same_within_a_family() -> None:
    assert same_binds(_type("integer"), _type("numeric"))
    assert not same_binds(_type("text"), _type("uuid"))
    assert not same_binds(_type("text"), _type("status"))


def test_types_without_equality_are_compared_as_text() -> None:
    assert compared_as_text(_type("json"))
    assert not compared_as_text(_type("bigint"))
    assert not comparable(_type("json"), _type("jsonb"))
    assert comparable(_type("integer"), _type("bigint"))
