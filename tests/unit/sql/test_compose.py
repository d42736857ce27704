"""SQL is composed from typed parts only, and quoted where it must be."""

from __future__ import annotations

import pytest

from alembic_vibe.sql.compose import Literal, Name, Printed, compose
from alembic_vibe.sql.quoting import quote_identifier, quote_literal, quote_qualified


def test_parts() -> None:
    sql = compose(
        "COMMENT ON TABLE {table} IS {text}; GRANT {privilege} ON {table} TO {roles}; SELECT '{{}}'",
        table=Name("billing", "Order"),
        text=Literal("it's {braces}"),
        privilege=Printed("SELECT"),
        roles=[Name("app"), Name("user")],
    )
    assert sql == (
        "COMMENT ON TABLE billing.\"Order\" IS 'it''s {braces}'; "
        'GRANT SELECT ON billing."Order" TO app, "user"; SELECT \'{}\''
    )


@pytest.mark.parametrize("part", ["users", ["users"], b"users", 1, None])
def test_plain_values_are_refused(part: object) -> None:
    with pytest.raises(TypeError, match="table must be a Name, Literal or Printed"):
        compose("DROP TABLE {table}", table=part)  # type: ignore[arg-type]


def test_placeholders_and_parts_must_match() -> None:
    with pytest.raises(KeyError):
        compose("DROP TABLE {table}")
    with pytest.raises(ValueError, match="no placeholder for tabel"):
        compose("DROP TABLE {table}", table=Name("a"), tabel=Name("b"))
    with pytest.raises(ValueError, match="plain named placeholder"):
        compose("DROP TABLE {table!r}", table=Name("a"))
    with pytest.raises(ValueError, match="plain named placeholder"):
        compose("DROP TABLE {}")


def test_quoting() -> None:
    assert [quote_identifier(n) for n in ("users", "Users", "user", "name", 'a"b', "1a", "größe")] == [
        "users", '"Users"', '"user"', "name", '"a""b"', '"1a"', '"größe"',
    ]  # fmt: skip
    assert quote_qualified("public", "users") == "users"
    assert quote_qualified("", "order") == '"order"'
    assert quote_qualified("my app", "users") == '"my app".users'
    assert [quote_literal(t) for t in ("a", "it's", "a\\b")] == ["'a'", "'it''s'", "E'a\\\\b'"]


def test_nul_characters_are_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        quote_identifier("a\x00")
    with pytest.raises(ValueError, match="NUL"):
        quote_literal("a\x00")
