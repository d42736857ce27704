"""AV225 and AV226: instructions in comments that do nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Annotation, Statement

INVALID = Rule(
    code="AV225",
    slug="invalid-annotation",
    severity=Severity.WARNING,
    summary="An instruction in a comment is incomplete or unknown.",
    why="`-- renamed from:`, `-- backfill:`, `-- convert:` and `-- vibe: ignore` need a value to act on.",
    fix=(
        "write `-- renamed from: old_name`, `-- backfill: expression`, `-- convert: expression` or "
        "`-- vibe: ignore AV250 reason`"
    ),
    bad="-- vibe: ignore\nCREATE TABLE teams (id bigint PRIMARY KEY);",
    good="-- renamed from: groups\nCREATE TABLE teams (id bigint PRIMARY KEY);",
)
UNUSED = Rule(
    code="AV226",
    slug="unused-ignore",
    severity=Severity.INFO,
    summary="An ignore has nothing to ignore.",
    why="An ignore that outlives its reason would hide the next finding.",
    fix="delete the comment",
    bad="-- vibe: ignore AV258 no key needed\nCREATE TABLE teams (id bigint PRIMARY KEY);",
    good="-- vibe: ignore AV258 a log is only appended to\nCREATE TABLE team_log (line text NOT NULL);",
)
RULES = (INVALID, UNUSED)

_CODE = re.compile(r"[A-Z]{2}\d{3}\b")


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report instructions without a value, ignores without a code, and unknown ``vibe:`` words."""
    for annotation in statement.annotations:
        if annotation.name == "ignore":
            problem = "" if _CODE.match(annotation.value) else "the ignore names no code"
        elif annotation.name in {"renamed from", "backfill", "convert"}:
            problem = "" if annotation.value else f"nothing follows `{annotation.name}:`"
        else:
            problem = f"`vibe: {annotation.name}` is not known"
        if problem:
            yield INVALID.diagnostic(problem, source=statement.source, span=annotation.span)


def unused(statement: Statement, annotation: Annotation, code: str) -> Diagnostic:
    """Report an ignore of ``code`` that dropped no finding."""
    return UNUSED.diagnostic(f"there is no {code} here to ignore", source=statement.source, span=annotation.span)
