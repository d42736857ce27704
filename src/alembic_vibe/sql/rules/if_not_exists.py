"""AV261: IF NOT EXISTS where PostgreSQL does not have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import SyntaxProblem

RULE = Rule(
    code="AV261",
    slug="if-not-exists",
    severity=Severity.ERROR,
    summary="IF NOT EXISTS stands where PostgreSQL does not have it.",
    why="Types, domains, triggers, policies, roles, functions and constraints have no IF NOT EXISTS.",
    fix="delete IF NOT EXISTS: whether something exists already is found out when the change is planned",
    bad="CREATE TYPE IF NOT EXISTS mood AS ENUM ('sad', 'happy');",
    good="CREATE TYPE mood AS ENUM ('sad', 'happy');",
)
RULES = (RULE,)

_MISPLACED = re.compile(
    r"\b(?:CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?"
    r"(?P<kind>TYPE|DOMAIN|TRIGGER|POLICY|ROLE|USER|FUNCTION|PROCEDURE|RULE|AGGREGATE|VIEW|PUBLICATION)"
    r"|ADD\s+(?P<part>CONSTRAINT))\s+(?P<at>IF\s+NOT\s+EXISTS)\b",
    re.IGNORECASE,
)


def explain(problem: SyntaxProblem) -> list[Diagnostic] | None:
    """Explain a parser that gave up within a misplaced IF NOT EXISTS."""
    for match in _MISPLACED.finditer(problem.code):
        if match.start("at") <= problem.offset <= match.end("at"):
            kind = (match["kind"] or match["part"]).upper()
            return [
                RULE.diagnostic(
                    f"{kind} has no IF NOT EXISTS", source=problem.source, span=problem.span_of(match, "at")
                )
            ]
    return None
