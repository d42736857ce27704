import pytest

from alembic_vibe.spec.placeholders import PlaceholderKind, find_placeholders


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("CREATE TABLE {feature_entity_table} (", PlaceholderKind.BRACE, "{feature_entity_table}"),
        ("5.X {Feature Name} Schema", PlaceholderKind.BRACE, "{Feature Name}"),
        ("{table}_{constraint_name}", PlaceholderKind.BRACE, "{table}"),
        (
            "[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]",
            PlaceholderKind.CHOICE,
            "[PostgreSQL 15+ / MongoDB 6+ / MySQL 8+]",
        ),
        ("use [a | b] here", PlaceholderKind.CHOICE, "[a | b]"),
        ("[From Section 3.X.7 Data Models]", PlaceholderKind.BRACKET, "[From Section 3.X.7 Data Models]"),
        ("TBD", PlaceholderKind.TBD, "TBD"),
        ("to be decided by the team", PlaceholderKind.TBD, "to be decided"),
    ],
)
def test_found(text: str, kind: PlaceholderKind, found: str) -> None:
    first = find_placeholders(text)[0]
    assert (first.kind, first.text) == (kind, found)
    assert text[first.start : first.end] == found


@pytest.mark.parametrize(
    "text",
    [
        "DEFAULT '{}'",
        "'{1,2}'::int[]",
        "'{\"a\": 1}'",
        "x ~ '^[a-z]{2,}$'",
        "see [the manual / guide](https://example.org)",
        "[x] done",
        "an [aside] in a sentence",
        "`${name}`",
        "GET /orders/{id} and /users/{user id}/roles",
        "the path `{id}` or `[a / b]`",
        "{{ jinja }}",
        "PostgreSQL 15+",
        "todos are stored",
        "GIN (status, priority)",
    ],
)
def test_not_found(text: str) -> None:
    assert find_placeholders(text) == ()


def test_braces_only() -> None:
    found = find_placeholders("SELECT a[1 / 2], {name} FROM [a / b]", braces_only=True)
    assert [placeholder.text for placeholder in found] == ["{name}"]


def test_choices() -> None:
    assert find_placeholders("[A b / C / D]")[0].choices == ("A b", "C", "D")
    assert find_placeholders("{a}")[0].choices == ()
