"""AV208: dots that stand for what the author did not write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV208",
    slug="left-out",
    severity=Severity.ERROR,
    summary="Dots stand for something that is not written down.",
    why="A schema cannot be made from what is left out.",
    fix="write what the dots stand for, or delete them",
    bad="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    ...\n);",
    good="CREATE TABLE teams (\n    id bigint PRIMARY KEY,\n    name text NOT NULL\n);",
)
RULES = (RULE,)

_DOTS = re.compile(r"\.\.\.|…")


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a statement with an ellipsis in its code."""
    match = _DOTS.search(problem.code)
    if match is None:
        return None
    return [RULE.diagnostic("something is left out here", source=problem.source, span=problem.span_of(match))]
