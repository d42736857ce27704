from __future__ import annotations

import pytest

from alembic_vibe.postgres.known_extensions import provider_of
from alembic_vibe.postgres.names import Name, missing


@pytest.mark.parametrize(
    ("state", "message", "expected"),
    [
        ("42P01", 'relation "billing.users" does not exist', Name("relation", "users")),
        ("42703", 'column "mail" does not exist', Name("column", "mail")),
        ("42703", 'column "mail" of relation "users" does not exist', Name("column", "mail")),
        ("42703", 'column "mail" named in key does not exist', Name("column", "mail")),
        ("42703", "column u.mail does not exist", Name("column", "mail")),
        ("42704", 'type "citext[]" does not exist', Name("type", "citext")),
        (
            "42704",
            'operator class "gin_trgm_ops" does not exist for access method "gin"',
            Name("operator class", "gin_trgm_ops"),
        ),
        ("42883", "function app.touch() does not exist", Name("function", "touch")),
        ("42883", "operator does not exist: text <=> text", Name("operator", "<=>")),
        ("3F000", 'schema "billing" does not exist', Name("schema", "billing")),
        ("42704", 'role "app" does not exist', Name("role", "app")),
        ("42704", 'constraint "k" of relation "t" does not exist', Name("constraint", "k")),
        ("0A000", 'extension "postgis" is not available', Name("extension", "postgis")),
        ("42P07", 'relation "users" already exists', None),
        ("0A000", "cannot use subquery in check constraint", None),
    ],
)
def test_what_a_message_says_is_missing(state: str, message: str, expected: Name | None) -> None:
    assert missing(state, message) == expected


@pytest.mark.parametrize(
    ("kind", "name", "extension"),
    [
        ("type", "citext", "citext"),
        ("type", "GEOMETRY", "postgis"),
        ("function", "uuid_generate_v4", "uuid-ossp"),
        ("operator class", "gin_trgm_ops", "pg_trgm"),
        ("operator", "<=>", "vector"),
        ("function", "gen_random_uuid", None),  # built in
        ("type", "text", None),
    ],
)
def test_which_extension_brings_a_name(kind: str, name: str, extension: str | None) -> None:
    assert provider_of(kind, name) == extension
