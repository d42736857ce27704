"""AV205: two statements without a semicolon, or two columns without a comma, between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV205",
    slug="missing-separator",
    severity=Severity.ERROR,
    summary="A semicolon between two statements, or a comma between two columns, is missing.",
    why="PostgreSQL reads on, and takes the next line for a part of the one before.",
    fix="put the missing sign at the end of the line before",
    bad="CREATE TABLE teams (\n    id bigint PRIMARY KEY\n    name text NOT NULL\n);",
    good="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    name text NOT NULL\n);",
)
RULES = (RULE,)

_STARTS = frozenset({"create", "alter", "comment", "insert", "drop", "grant", "revoke", "select", "update", "delete"})


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a parser that gave up at the first word of a line, where the sign alone makes the text parse further."""
    before = problem.text[: problem.offset]
    line_start = before.rfind("\n") + 1
    word = problem.text[problem.offset : problem.token_end]
    if line_start == 0 or before[line_start:].strip() or not (word[:1].isalpha() or word[:1] in {'"', "_"}):
        return None
    cut = len(grammar.mask(before, ("comment",)).rstrip())
    previous = problem.span(max(0, cut - 1), cut)
    if word.lower() in _STARTS and _parses(problem.text[:cut]):
        message = f"a semicolon is missing before {word}"
        return [RULE.diagnostic(message, source=problem.source, span=previous, help="end the statement with `;`")]
    depth = problem.code[:cut].count("(") - problem.code[:cut].count(")")
    if depth >= 1 and _reaches(problem, cut):
        message = f"a comma is missing before {word}"
        return [RULE.diagnostic(message, source=problem.source, span=previous, help="end the line with `,`")]
    return None


def _parses(text: str) -> bool:
    try:
        grammar.parse(text)
    except grammar.GrammarError:
        return False
    return True


def _reaches(problem: SyntaxProblem, cut: int) -> bool:
    """Whether a comma at ``cut`` lets the parser pass the line on which it gave up."""
    try:
        grammar.parse(problem.text[:cut] + "," + problem.text[cut:])
    except grammar.GrammarError as error:
        end = problem.text.find("\n", problem.offset)
        return error.offset is not None and 0 <= end < error.offset - 1
    return True
