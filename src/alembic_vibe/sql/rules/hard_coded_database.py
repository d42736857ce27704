"""AV240: GRANT … ON DATABASE with the name of one installation's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import locate
from alembic_vibe.sql.tree import strings, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV240",
    slug="hard-coded-database",
    severity=Severity.ERROR,
    summary="A privilege is granted on a database by its name.",
    why="The database has another name in tests, in staging and on the scratch server; there the statement fails.",
    fix="grant on the schema (`GRANT USAGE ON SCHEMA public TO app`); CONNECT is everybody's by default",
    bad="GRANT CONNECT ON DATABASE shop TO PUBLIC;",
    good="GRANT USAGE ON SCHEMA public TO PUBLIC;",
)
RULES = (RULE,)
NODE_TYPES = frozenset({"GrantStmt"})


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report GRANT and REVOKE on databases."""
    kind, node = unwrap(statement.node)
    if kind == "GrantStmt" and node.get("objtype") == "OBJECT_DATABASE":
        name = next(iter(strings(node.get("objects"))), "")
        verb = "granted" if node.get("is_grant") else "revoked"
        yield RULE.diagnostic(
            f"a privilege is {verb} on the database {name}, which has this name in one place only",
            source=statement.source,
            span=locate(statement, name),
        )
