"""AV201: a template that nobody filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import Excerpt, SyntaxProblem

RULE = Rule(
    code="AV201",
    slug="unfilled-placeholder",
    severity=Severity.ERROR,
    summary="The SQL still has a placeholder of the template.",
    why="`{feature_entity_table}` is a hole to be filled with a name of this project; no table can be called so.",
    fix="replace each placeholder by a real name or type, or delete the section",
    bad="CREATE TABLE {feature_table} (\n    id bigint PRIMARY KEY\n);",
    good="CREATE TABLE bookings (\n    id bigint PRIMARY KEY\n);",
)
RULES = (RULE,)

_PLACEHOLDER = re.compile(r"\{\{?\s*\w[\w .:-]*\}?\}|<\w[\w ]*_\w[\w ]*>|\[[A-Za-z]\w*_\w+\]")
_SHOWN = 8


def _placeholders(excerpt: Excerpt) -> list[re.Match[str]]:
    # Array types and subscripts (`tags text[]`, `payload[key_name]`) follow a word; comparisons have spaces around.
    return [
        match
        for match in _PLACEHOLDER.finditer(excerpt.code)
        if match.group()[0] == "{" or not excerpt.code[: match.start()].rstrip()[-1:].isalnum()
    ]


def check_block(excerpt: Excerpt) -> Iterator[Diagnostic]:
    """Report all placeholders of a block at once, at the first of them."""
    found = _placeholders(excerpt)
    if not found:
        return
    lines: dict[str, list[int]] = {}
    for match in found:
        lines.setdefault(match.group(), []).append(excerpt.line(match.start()))
    names = list(lines)
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    yield RULE.diagnostic(
        f"the template is not filled in: {shown}",
        source=excerpt.source,
        span=excerpt.span_of(found[0]),
        notes=tuple(
            f"{name} on line{'s' if len(set(at)) > 1 else ''} {', '.join(map(str, dict.fromkeys(at)))}"
            for name, at in lines.items()
        ),
    )


def explain(problem: SyntaxProblem) -> Iterable[Diagnostic] | None:
    """Say nothing more of a statement with placeholders: its block was reported."""
    return () if _placeholders(problem) else None
