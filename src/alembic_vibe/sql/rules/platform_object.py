"""AV236: objects that a hosting platform brings along, and PostgreSQL does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.created import references
from alembic_vibe.sql.locate import head_span, locate, token_span
from alembic_vibe.sql.statement import StatementKind
from alembic_vibe.sql.tree import unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.source import Span
    from alembic_vibe.sql.created import Reference
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV236",
    slug="platform-object",
    severity=Severity.ERROR,
    summary="The SQL needs an object that only a hosting platform (Supabase) provides.",
    why="`auth.users`, `auth.uid()` and the roles `anon`, `authenticated`, `service_role` do not exist in PostgreSQL.",
    fix="use a table, function or role of this specification, or create the platform's object in it",
    bad=(
        "CREATE TABLE profiles (\n    id bigint PRIMARY KEY,\n"
        "    account uuid NOT NULL UNIQUE REFERENCES auth.users (id)\n);"
    ),
    good=(
        "CREATE TABLE users (id uuid PRIMARY KEY);\nCREATE TABLE profiles (\n    id bigint PRIMARY KEY,\n"
        "    account uuid NOT NULL UNIQUE REFERENCES users (id)\n);"
    ),
)
RULES = (RULE,)

SCHEMAS = frozenset({"auth", "storage", "realtime", "supabase_functions", "graphql_public", "vault"})
_ROLES = frozenset({"authenticated", "anon", "service_role", "supabase_admin", "authenticator"})
_HELP = {
    "auth.uid": "write a function of your own, such as `current_setting('app.user_id', true)::uuid`, and call that",
    "auth.users": "reference a `users` table of this specification",
    "role": "write `CREATE ROLE {name} NOLOGIN;` in 5.S, or name a role of this specification",
}
_QUICK = (*SCHEMAS, *_ROLES, "supabase")


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report each platform object once, at its first use, with the number of statements that need it."""
    uses: dict[str, list[tuple[Statement, Span]]] = {}
    for statement in outline.definitions:
        if statement.kind is not StatementKind.DEFINITION or not any(word in statement.text for word in _QUICK):
            continue
        kind, node = unwrap(statement.node)
        if kind in {"CreatePublicationStmt", "AlterPublicationStmt"} and node.get("pubname") == "supabase_realtime":
            uses.setdefault("publication supabase_realtime", []).append((statement, head_span(statement)))
        for reference in references(statement):
            name = _platform_name(reference, outline)
            if name:
                known = reference.location >= 0
                span = token_span(statement, reference.location) if known else locate(statement, str(reference))
                uses.setdefault(name, []).append((statement, span))
    for name, places in uses.items():
        statement, span = places[0]
        lines = list(dict.fromkeys(s.source.position(at.start).line for s, at in places[1:]))
        word = name.split(" ", 1)[-1]
        help_ = (
            _HELP["role"].format(name=word)
            if name.startswith("role ")
            else _HELP.get(word.removesuffix("()"), RULE.fix)
        )
        yield RULE.diagnostic(
            f"{name} belongs to a hosting platform; PostgreSQL has none",
            source=statement.source,
            span=span,
            help=help_,
            notes=(f"also needed on line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}",)
            if lines
            else (),
        )


def _platform_name(reference: Reference, outline: Outline) -> str:
    if reference.kind == "role" and reference.name in _ROLES and not outline.makes(Kind.ROLE, reference.name):
        return f"role {reference.name}"
    if reference.schema in SCHEMAS and not outline.makes(Kind.SCHEMA, reference.schema):
        if reference.kind == "function":
            return f"function {reference}()"
        if reference.kind in {"relation", "type"}:
            return f"{'table' if reference.kind == 'relation' else 'type'} {reference}"
    return ""
