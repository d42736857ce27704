"""AV715: revisions that are behind the specification. What is compared is no revision: ``lint.runs`` reports it."""

from __future__ import annotations

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.examples import Example, Told

RULE = Rule(
    code="AV715",
    slug="spec-drift",
    severity=Severity.WARNING,
    summary="The specification says something that no revision does yet.",
    why="A change of the specification without its revisions is a design that nobody gets.",
    fix="Run `alembic-vibe generate` and commit what it writes; `alembic-vibe generate --check` says what is missing.",
    bad="",
    good="$ alembic-vibe generate",
)
RULES = (RULE,)
EXAMPLES = (Example(bad="", good="$ alembic-vibe generate", evidence=Told("it compares files"), environment="-"),)
