"""AV204: a comma before the closing parenthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV204",
    slug="trailing-comma",
    severity=Severity.ERROR,
    summary="A list ends in a comma.",
    why="PostgreSQL expects another element after a comma.",
    fix="delete the comma",
    bad="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    name text NOT NULL,\n);",
    good="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    name text NOT NULL\n);",
)
RULES = (RULE,)


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a parser that gave up at the parenthesis, or the end, right after a comma; or at a second comma."""
    tokens = problem.tokens
    index = next((i for i, t in enumerate(tokens) if t.start >= problem.offset), len(tokens))
    before = tokens[index - 1] if index else None
    here = tokens[index].text if index < len(tokens) else ""
    if before is None or before.text != "," or here not in {")", ",", ""}:
        return None
    span = problem.span(before.start, before.end)
    closing = "the closing parenthesis" if here == ")" else "the next comma" if here else "the end of the statement"
    return [RULE.diagnostic(f"nothing stands between this comma and {closing}", source=problem.source, span=span)]
