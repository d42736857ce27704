"""AV712: SQL that nobody can read before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import RunCode
from alembic_vibe.lint.blocks import hidden
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = '''\
def upgrade() -> None:
    op.execute("""
        DO $$
        BEGIN
            EXECUTE format('CREATE INDEX ix_orders_customer ON %I (customer_id)', 'orders');
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


def check_statement(at: Moment) -> Iterator[Finding]:
    """Look at statements that do not parse, that hold unknown values, and that run code."""
    if at.read.emitted.opaque:
        yield Finding(f"the statement cannot be known: {at.read.emitted.opaque}")
    elif at.read.error:
        yield Finding(f"the statement does not parse: {at.read.error}")
    for action in at.read.actions:
        if isinstance(action, RunCode):
            reason = hidden(action)
            if reason:
                yield Finding(f"what the statement does is hidden: {reason}")
