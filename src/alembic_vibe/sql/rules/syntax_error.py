"""AV200: the grammar's own words, where no other rule knows better."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV200",
    slug="syntax-error",
    severity=Severity.ERROR,
    summary="The statement is not PostgreSQL.",
    why="PostgreSQL's own grammar rejects it, so no database would run it.",
    fix="correct the SQL at the marked place",
    bad="CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NUL);",
    good="CREATE TABLE teams (id bigint PRIMARY KEY, name text NOT NULL);",
)
RULES = (RULE,)


def explain(problem: SyntaxProblem) -> Iterator[Diagnostic]:
    """Give PostgreSQL's message at the place where its parser gave up."""
    message = re.sub(r"\s+", " ", problem.message)
    help_ = RULE.fix
    if message.startswith("unterminated"):
        message = re.sub(r' at or near ".*', "", message) + " that starts here"
        help_ = "close the quotation: it runs to the end of the block"
    elif problem.text[problem.offset :].startswith(("#", "//")):
        help_ = "comments begin with `--`"
    elif problem.offset >= len(problem.text.rstrip()):
        message = "the statement ends too early"
        help_ = "close what is still open (a parenthesis, a list) before the end of the statement"
    elif message == "the statement is too large":
        help_ = "split it: no statement of a schema needs 200,000 bytes, or an expression of thousands of terms"
    yield RULE.diagnostic(message, source=problem.source, span=problem.at, help=help_)
