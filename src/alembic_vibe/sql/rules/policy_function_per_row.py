"""AV257: a policy that asks the same question for every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.tree import Node, name_of, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV257",
    slug="policy-function-per-row",
    severity=Severity.INFO,
    summary="A policy calls a function for every row that could be asked once.",
    why="PostgreSQL evaluates `(SELECT f())` once for the query, and a bare `f()` for each row that it looks at.",
    fix="wrap the call: `(SELECT current_setting('app.user_id', true))`",
    bad=(
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    author text NOT NULL\n);\n"
        "CREATE POLICY own_notes ON notes USING (author = current_setting('app.user', true));"
    ),
    good=(
        "CREATE TABLE notes (\n    id bigint PRIMARY KEY,\n    author text NOT NULL\n);\n"
        "CREATE POLICY own_notes ON notes USING (author = (SELECT current_setting('app.user', true)));"
    ),
)
RULES = (RULE,)

_ONCE = frozenset({"current_setting", "uid", "jwt", "role", "current_user_id", "current_tenant_id", "is_admin"})


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Look at the expressions of each policy, outside of sub-queries."""
    for statement in outline.definitions:
        if statement.node_type != "CreatePolicyStmt":
            continue
        _, node = unwrap(statement.node)
        for expression in (node.get("qual"), node.get("with_check")):
            call = _bare_call(expression)
            if call is None:
                continue
            name = name_of(call.get("funcname"))
            yield RULE.diagnostic(
                f"the policy calls {name}() for every row",
                source=statement.source,
                span=token_span(statement, call.get("location", 0)),
                help=f"wrap the call in a sub-query, which is evaluated once: `(SELECT {name}(…))`",
            )
            break


def _bare_call(expression: object) -> Node | None:
    stack = [expression]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            kind, body = unwrap(item)
            if kind == "SubLink":
                continue
            # A function of the row itself (f(column)) cannot be asked once.
            if kind == "FuncCall" and name_of(body.get("funcname")).name in _ONCE:
                return body
            stack.extend(item.values())
    return None
