"""AV260: FROM user, which is not a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.tree import unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV260",
    slug="from-current-user",
    severity=Severity.WARNING,
    summary="`FROM user` reads the name of the current role, not a table.",
    why="`user` is a function of SQL; PostgreSQL answers with one row and no error.",
    fix='write `FROM "user"`, quotes included, or call the table `users`',
    bad="SELECT * FROM user;",
    good='CREATE TABLE "user" (id bigint PRIMARY KEY);\nSELECT * FROM "user";',
)
RULES = (RULE,)

_WORDS = frozenset({"SVFOP_USER", "SVFOP_CURRENT_USER", "SVFOP_SESSION_USER"})


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Look for ``user`` where a table should stand, in views and in examples."""
    for statement in outline.definitions:
        if statement.node_type not in {"SelectStmt", "ViewStmt", "CreateTableAsStmt", "ExplainStmt"}:
            continue
        for kind, body in walk(unwrap(statement.node)[1] if statement.node_type != "SelectStmt" else statement.node):
            if kind != "RangeFunction":
                continue
            word = next((b for k, b in walk(body) if k == "SQLValueFunction" and b.get("op") in _WORDS), None)
            if word is not None:
                yield RULE.diagnostic(
                    "this reads the name of the current role, not a table named user",
                    source=statement.source,
                    span=token_span(statement, word.get("location", 0)),
                )
