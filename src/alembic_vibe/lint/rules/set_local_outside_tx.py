"""AV772: a setting that has no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import SetVariable
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET LOCAL lock_timeout = '3s'")
        op.execute("INSERT INTO seen VALUES (current_setting('lock_timeout'))")
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '3s'")
        op.execute("INSERT INTO seen VALUES (current_setting('lock_timeout'))")
        op.execute("RESET lock_timeout")
"""

RULE = Rule(
    code="AV772",
    slug="set-local-outside-tx",
    severity=Severity.WARNING,
    summary="SET LOCAL in an autocommit block has no effect.",
    why="It holds until the transaction ends, and here that is the end of the SET itself (manual, SET).",
    fix="Use `SET` and, at the end of the block, `RESET`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE seen (value text)",
        evidence=Leaves("SELECT value <> '3s' FROM seen"),
    ),
)
ACTIONS = (SetVariable,)


def check(action: SetVariable, at: Moment) -> Iterator[Finding]:
    """Look at SET LOCAL where each statement is a transaction of its own."""
    if action.local and at.transaction.autocommit:
        yield Finding(f"`SET LOCAL {action.name}` has no effect in an autocommit block")
