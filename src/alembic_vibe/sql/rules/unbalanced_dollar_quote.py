"""AV202: a function body whose dollar quotes do not match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.problem import Excerpt

RULE = Rule(
    code="AV202",
    slug="unbalanced-dollar-quote",
    severity=Severity.ERROR,
    summary="A function body opens with a single `$`, or its `$$` has no partner.",
    why=(
        "Without its quotes the body falls apart into statements of its own, and an INSERT of a trigger would be taken "
        "for a row of the schema. The whole block is therefore left aside."
    ),
    fix="write `AS $$` before the body and `$$` after it",
    bad=(
        "CREATE FUNCTION touch() RETURNS trigger AS $\nBEGIN\n    NEW.updated_at := now();\n    RETURN NEW;\nEND;\n"
        "$ LANGUAGE plpgsql;"
    ),
    good=(
        "CREATE FUNCTION touch() RETURNS trigger AS $$\nBEGIN\n    NEW.updated_at := now();\n    RETURN NEW;\nEND;\n"
        "$$ LANGUAGE plpgsql;"
    ),
)
RULES = (RULE,)
REFUSES_BLOCK = True

_SINGLE = re.compile(r"(?<![\w$])\$(?![\w$])")
_OPENING = re.compile(r"(?<![\w$])\$([^\W\d]\w*)?\$")


def check_block(excerpt: Excerpt) -> Iterator[Diagnostic]:
    """Report the first dollar sign outside of quotations that is neither a parameter nor a quote with a partner."""
    code = excerpt.code
    single = _SINGLE.search(code)
    opening = _OPENING.search(code)
    if single is None and opening is None:
        return
    first = min((m for m in (single, opening) if m), key=lambda m: m.start())
    if first is single:
        message = "a single `$` does not quote a function body"
    else:
        message = f"the quote {first.group()} is opened and never closed"
    help_ = RULE.fix if first is single else f"write {first.group()} at the end of the body as well"
    yield RULE.diagnostic(message, source=excerpt.source, span=excerpt.span_of(first), help=help_)
