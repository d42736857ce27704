from __future__ import annotations

from alembic_vibe.prove.rows_harvest import harvest


def test_constants_of_checks_as_the_server_prints_them() -> None:
    found = harvest(
        [
            "(((status)::text = ANY ((ARRAY['a'::character varying, 'it''s'::character varying])::text[])))",
            "((email)::text ~* '^[a-z]+@'::text)",
            "((code !~ '-'::text) AND (name ~~ 'room %'::text))",
            "((price >= (0)::numeric) AND (price < 9.5) AND ((n % 7) = 3))",
        ]
    )
    assert found.strings == ["a", "it's"]
    assert found.patterns == [("^[a-z]+@", True)]
    assert found.likes == ["room %"]
    assert found.numbers == ["0", "9.5", "7", "3"]
    assert found.bounds == [(">=", 0.0), ("<", 9.5)]
    assert found.divides
    assert found.allows(9)
    assert not found.allows(10)
    assert not found.allows(-1)


def test_digits_in_names_are_no_numbers() -> None:
    assert harvest(["(address2 IS NOT NULL)"]).numbers == []


def test_similar_to_becomes_a_regular_expression() -> None:
    assert harvest(["(x ~ similar_to_escape('[a-c]{3}_%'::text))"]).patterns == [("^(?:[a-c]{3}..*)$", False)]
