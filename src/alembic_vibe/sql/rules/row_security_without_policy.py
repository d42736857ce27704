"""AV256: row-level security that shows nobody anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import head_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV256",
    slug="row-security-without-policy",
    severity=Severity.WARNING,
    summary="Row-level security is enabled on a table without a policy.",
    why="Without a policy everybody but the owner sees no row and can write none.",
    fix="write `CREATE POLICY … ON …`, or leave row-level security off until there is one",
    bad="CREATE TABLE notes (id bigint PRIMARY KEY);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;",
    good=(
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    is_public boolean NOT NULL\n);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY notes_public ON notes USING (is_public);"
    ),
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Look for a policy on each table with row-level security."""
    policies = outline.on_table("CreatePolicyStmt", "table")
    for table in outline.tables.values():
        if table.row_security is not None and table.name not in policies:
            yield RULE.diagnostic(
                f"row-level security of {table.name.name} is enabled, and no policy lets anybody in",
                source=table.row_security.source,
                span=head_span(table.row_security),
            )
