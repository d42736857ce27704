"""AV206: an index on an expression that is not in parentheses of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV206",
    slug="expression-index-parentheses",
    severity=Severity.ERROR,
    summary="An expression in an index needs parentheses of its own.",
    why="Only a column or a single function call may stand bare in the list of an index.",
    fix="put the expression in its own parentheses: `ON users ((data ->> 'email'))`",
    bad=(
        "CREATE TABLE users (id bigint PRIMARY KEY, data jsonb NOT NULL);\n"
        "CREATE INDEX idx_users_data_email ON users (data ->> 'email');"
    ),
    good=(
        "CREATE TABLE users (id bigint PRIMARY KEY, data jsonb NOT NULL);\n"
        "CREATE INDEX idx_users_data_email ON users ((data ->> 'email'));"
    ),
)
RULES = (RULE,)

_INDEX = re.compile(r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\b[^(]*\(", re.IGNORECASE)
_ORDER = re.compile(r"(?:\s+(?:ASC|DESC|NULLS\s+(?:FIRST|LAST)))+\Z", re.IGNORECASE)
_OPERATORS = ("->", "#>", "||", "::", "+", "-", "*", "/", "AT", "@", "[", "COLLATE", "IS", "=", "%")


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a parser that gave up at an operator inside the list of an index."""
    match = _INDEX.match(problem.code)
    rest = problem.text[problem.offset :].lstrip().upper()
    if match is None or problem.offset < match.end() or not rest.startswith(_OPERATORS):
        return None
    depth = 1
    for i, char in enumerate(problem.code[match.end() :], match.end()):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0 or (depth == 1 and char == "," and i > problem.offset):
            break
    else:
        return None
    if i < problem.offset:
        return None
    start = match.end()
    for j in range(match.end(), problem.offset):
        if problem.code[j] == "," and problem.code.count("(", match.end(), j) == problem.code.count(
            ")", match.end(), j
        ):
            start = j + 1
    expression = _ORDER.sub("", problem.text[start:i].strip())
    start = problem.text.index(expression, start)
    return [
        RULE.diagnostic(
            "an expression in an index must stand in parentheses of its own",
            source=problem.source,
            span=problem.span(start, start + len(expression)),
            help=f"write ({expression})",
        )
    ]
