"""AV203: a function that consists of a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql import grammar
from alembic_vibe.sql.locate import locate
from alembic_vibe.sql.outline import function_body
from alembic_vibe.sql.tree import name_of, option, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV203",
    slug="empty-function-body",
    severity=Severity.ERROR,
    summary="The body of a function is empty, or nothing but a comment.",
    why="PL/pgSQL needs at least BEGIN … END, and an SQL function that returns something needs a statement.",
    fix="write the body, or leave the function out of the specification until it has one",
    bad="CREATE FUNCTION archive_orders() RETURNS void LANGUAGE plpgsql AS $$\n    -- moves old orders away\n$$;",
    good=(
        "CREATE FUNCTION archive_orders() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    PERFORM 1; -- moves old orders away\nEND\n$$;"
    ),
)
RULES = (RULE,)
NODE_TYPES = frozenset({"CreateFunctionStmt"})

_EMPTY_BLOCK = re.compile(r"\s*(?:DECLARE\b.*?)?BEGIN\s+END\s*;?\s*", re.IGNORECASE | re.DOTALL)


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report functions in PL/pgSQL without a block, and those that must return a value but have no statement."""
    kind, node = unwrap(statement.node)
    if kind != "CreateFunctionStmt" or option(node.get("options"), "as") is None:
        return
    language, body = function_body(node)
    code = grammar.mask(body, ("comment",))
    returns_void = node.get("returnType", {}).get("names", [{}])[-1].get("String", {}).get("sval") in {"void", None}
    if language == "plpgsql":
        # An empty block compiles, and fails in its first call if a value is expected.
        wrong = not code.strip() or (bool(_EMPTY_BLOCK.fullmatch(code)) and not returns_void)
    else:
        wrong = language == "sql" and not code.strip() and not returns_void
    if wrong:
        name = name_of(node.get("funcname"))
        what = "holds nothing but a comment" if body.strip() and not code.strip() else "is empty"
        yield RULE.diagnostic(
            f"the body of function {name} {what}", source=statement.source, span=locate(statement, name.name)
        )
