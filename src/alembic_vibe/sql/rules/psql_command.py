"""AV209: a command of the psql client."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV209",
    slug="psql-command",
    severity=Severity.ERROR,
    summary="A command of the psql client stands among the SQL.",
    why="Lines that start with a backslash are read by psql and mean nothing to PostgreSQL.",
    fix="delete the line; psql commands can be shown in a fence of another language",
    bad="\\c shop\nCREATE TABLE orders (id bigint PRIMARY KEY);",
    good="CREATE TABLE orders (id bigint PRIMARY KEY);",
)
RULES = (RULE,)

_COMMAND = re.compile(r"^[ \t]*(\\[a-z]+\+?)\b", re.MULTILINE)


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a statement that holds a line with a psql command."""
    match = _COMMAND.search(problem.code)
    if match is None:
        return None
    message = f"{match[1]} is a command of psql, not SQL"
    return [RULE.diagnostic(message, source=problem.source, span=problem.span_of(match, 1))]
