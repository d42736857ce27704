"""AV250: a UNIQUE constraint on a table whose rows are only marked as deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV250",
    slug="unique-with-soft-delete",
    severity=Severity.WARNING,
    summary="A UNIQUE constraint also counts the rows that are marked as deleted.",
    why="A user who deleted the account cannot register again with the same address: the old row still holds it.",
    fix="make it a partial unique index: `CREATE UNIQUE INDEX … WHERE deleted_at IS NULL`",
    bad=(
        "CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email text NOT NULL UNIQUE,\n"
        "    deleted_at timestamptz\n);"
    ),
    good=(
        "CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email text NOT NULL,\n    deleted_at timestamptz\n);\n"
        "CREATE UNIQUE INDEX people_email_key ON people (email) WHERE deleted_at IS NULL;"
    ),
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Check the unique constraints of each table with a nullable ``deleted_at``; keys of secrets are left alone."""
    for table in outline.tables.values():
        if "deleted_at" not in table.columns:
            continue
        for constraint in table.constraints:
            columns = constraint.columns
            if constraint.kind != "CONSTR_UNIQUE" or not columns or "deleted_at" in columns:
                continue
            listed = ", ".join(quote_identifier(column) for column in columns)
            name = quote_identifier(constraint.node.get("conname") or f"{table.name.name}_{'_'.join(columns)}_key")
            yield RULE.diagnostic(
                f"UNIQUE ({', '.join(columns)}) of {table.name.name} also counts the rows with a deleted_at",
                source=constraint.statement.source,
                span=token_span(constraint.statement, constraint.node.get("location", 0)),
                help=(
                    f"write `CREATE UNIQUE INDEX {name} ON {quote_qualified(*table.name)} ({listed}) "
                    "WHERE deleted_at IS NULL;` instead, if a deleted row may be followed by a new one"
                ),
            )
