"""``-- vibe: ignore AV250 reason``: findings that the author of the spec has judged and accepted."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Severity
from alembic_vibe.sql.locate import column_span
from alembic_vibe.sql.rules.annotation import unused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.statement import Annotation, Statement

_CODE = re.compile(r"AV\d{3}\b")


def suppress(statements: Sequence[Statement], diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Drop the warnings and hints that an ``ignore`` on their statement names; report ignores that drop nothing.

    An ignore beside a column drops only what is said at that column. Errors stay: PostgreSQL would not ignore them.
    """
    ignores = [
        (statement, annotation, frozenset(_CODE.findall(annotation.value)))
        for statement in statements
        for annotation in statement.annotations
        if annotation.name == "ignore"
    ]
    if not ignores:
        return list(diagnostics)
    starts = [statement.span.start for statement in statements]
    used: set[tuple[Annotation, str]] = set()
    kept = []
    for diagnostic in diagnostics:
        index = bisect_right(starts, diagnostic.span.start) - 1 if diagnostic.span else -1
        match = None
        if index >= 0 and diagnostic.severity is not Severity.ERROR:
            here = [(a, codes) for s, a, codes in ignores if s is statements[index] and diagnostic.code in codes]
            match = next((a for a, _ in here if _covers(statements[index], a, diagnostic)), None)
        if match is None:
            kept.append(diagnostic)
        else:
            used.add((match, diagnostic.code))
    for statement, annotation, codes in ignores:
        # Codes of other families are reported by other stages, which look at these annotations themselves.
        left = sorted(code for code in codes if code.startswith("AV2") and (annotation, code) not in used)
        kept.extend(unused(statement, annotation, code) for code in left)
    return kept


def _covers(statement: Statement, annotation: Annotation, diagnostic: Diagnostic) -> bool:
    if not annotation.target or diagnostic.span is None:
        return True
    place = column_span(statement, annotation.target)
    if place is None:
        return True
    source = statement.source
    return source.position(place.start).line <= diagnostic.line <= source.position(annotation.span.end).line or (
        place.start <= diagnostic.span.start < place.end
    )
