"""AV241: a password in the specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.tree import option, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV241",
    slug="plaintext-password",
    severity=Severity.WARNING,
    summary="A role's password stands in the specification.",
    why="The document, each revision made from it and the server's log would hold a secret in plain text.",
    fix="write `CREATE ROLE name NOLOGIN;`; let the operator create the login and its password outside of migrations",
    bad="CREATE ROLE app LOGIN PASSWORD 'secret';",
    good="CREATE ROLE app_group NOLOGIN;",
)
RULES = (RULE,)
NODE_TYPES = frozenset({"CreateRoleStmt", "AlterRoleStmt"})


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report CREATE and ALTER ROLE (USER) with a password."""
    kind, node = unwrap(statement.node)
    if kind in {"CreateRoleStmt", "AlterRoleStmt"}:
        password = option(node.get("options"), "password")
        if password is not None and "arg" in password:
            role = node.get("role") if isinstance(node.get("role"), str) else node.get("role", {}).get("rolename", "")
            yield RULE.diagnostic(
                f"the password of {role} stands in the specification",
                source=statement.source,
                span=token_span(statement, password.get("location", 0)),
            )
