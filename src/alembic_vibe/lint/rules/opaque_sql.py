"""AV712: SQL that nobody can read before it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import RunCode
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.grammar import mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = '''\
def upgrade() -> None:
    op.execute("""
        DO $$
        BEGIN
            EXECUTE 'CREATE INDEX ix_orders_customer ON orders (customer_id)';
        END
        $$
    """)
'''
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""

RULE = Rule(
    code="AV712",
    slug="opaque-sql",
    severity=Severity.WARNING,
    summary="A statement hides what it does: a DO block, CALL, or a text that is made of the database's rows.",
    why="Nobody can tell its locks before it runs, neither the linter nor a reviewer.",
    fix="Write the statements out as operations of their own, or say why it is safe: "
    '`# vibe: ignore[opaque-sql] reason="…"`.',
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint)",
        evidence=Takes("orders", "SHARE", "build"),
    ),
)

_DYNAMIC = re.compile(r"\bEXECUTE\b(?!\s+(?:FUNCTION|PROCEDURE)\b)", re.IGNORECASE)
# A statement inside a body and the relation that it changes; our own workspace, the schema vibe, is nobody else's.
_DEFINES = re.compile(
    r"\b(?:CREATE|ALTER|DROP|TRUNCATE|REINDEX|CLUSTER|LOCK|REFRESH)\s+"
    r"(?:OR\s+REPLACE\s+|UNLOGGED\s+|UNIQUE\s+|MATERIALIZED\s+)*"
    r"(?P<what>\w+)\s+(?:CONCURRENTLY\s+|IF\s+(?:NOT\s+)?EXISTS\s+|ONLY\s+)*(?P<name>[\w.\"]+)",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"(?<!FOR )(?<!KEY )\b(?:UPDATE|DELETE\s+FROM|INSERT\s+INTO|MERGE\s+INTO)\s+(?:ONLY\s+)?(?P<name>[\w.\"]+)",
    re.IGNORECASE,
)


def check_statement(at: Moment) -> Iterator[Finding]:
    """Look at statements that do not parse, that hold unknown values, and that run code."""
    if at.read.emitted.opaque:
        yield Finding(f"the statement cannot be known: {at.read.emitted.opaque}")
    elif at.read.error:
        yield Finding(f"the statement does not parse: {at.read.error}")
    for action in at.read.actions:
        if isinstance(action, RunCode):
            reason = _hidden(action)
            if reason:
                yield Finding(f"what the statement does is hidden: {reason}")


def _hidden(action: RunCode) -> str:
    """Return what in a body of code cannot be judged, or "": a body that only reads and raises is harmless."""
    if not action.body:
        return "it calls a procedure"
    if action.language.lower() not in {"plpgsql", "sql"}:
        return f"its language is {action.language}"
    code = mask(action.body, ("comment", "string"))
    if _DYNAMIC.search(code):
        return "it executes a text that is put together at run time"
    for match in _DEFINES.finditer(code):
        if not _is_workspace(match["name"]):
            return f"it runs {' '.join(match[0].split())}"
    for match in _CHANGES.finditer(code):
        # What commits batch by batch holds nothing for long.
        if not action.commits and not _is_workspace(match["name"]):
            return f"it runs {' '.join(match[0].split())}"
    return ""


def _is_workspace(name: str) -> bool:
    return name.lower() == "vibe" or name.lower().startswith(("vibe.", "pg_temp."))
