"""AV224: one object, defined twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import head_span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline

RULE = Rule(
    code="AV224",
    slug="defined-twice",
    severity=Severity.ERROR,
    summary="The same object is defined twice.",
    why="Where the two definitions differ, nobody can tell which one is meant; where they agree, one is enough.",
    fix="keep one of the two definitions",
    bad="CREATE TABLE teams (id bigint PRIMARY KEY);\nCREATE TABLE teams (id uuid PRIMARY KEY);",
    good="CREATE TABLE teams (id bigint PRIMARY KEY);",
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report each second definition: an error where it differs from the first, a hint where it is the same."""
    for key, first, second, same in outline.duplicates:
        line = first.source.position(first.span.start).line
        how = "again, in the same words" if same else "a second time, differently"
        yield RULE.diagnostic(
            f"{key.kind} {key.qualified if not key.member else f'{key.member} on {key.qualified}'} is defined {how}",
            source=second.source,
            span=head_span(second),
            severity=Severity.INFO if same else Severity.ERROR,
            notes=(f"first defined on line {line}",),
        )
