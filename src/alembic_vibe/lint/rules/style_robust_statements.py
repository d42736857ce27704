"""AV796: a statement outside a transaction that cannot run twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Action, CreateIndex
from alembic_vibe.lint.ahead import preceding
from alembic_vibe.lint.examples import Example, Fails
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.retrying import may_run_again
from alembic_vibe.lint.wording import table_name
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_code", "orders", ["code"], postgresql_concurrently=True)
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_code", "orders", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_orders_code", "orders", ["code"], postgresql_concurrently=True)
"""

RULE = Rule(
    code="AV796",
    slug="style-robust-statements",
    severity=Severity.WARNING,
    summary="A statement outside a transaction cannot run a second time.",
    why="What an autocommit block has done stays when the revision fails afterwards. The next run does it again, "
    "and stops there. Off unless `[tool.alembic-vibe.lint.severity]` names the rule.",
    fix="Write `IF EXISTS` or `IF NOT EXISTS`; before CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY IF EXISTS.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
OPT_IN = True
MOST_LETTERS = 60
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, code text); CREATE INDEX ix_orders_code ON orders (code)",
        evidence=Fails("42P07"),
    ),
)
ACTIONS = (Action,)
DIRECTIONS = (Direction.UPGRADE,)


def check(action: Action, at: Moment) -> Iterator[Finding]:
    """Look at definitions in autocommit blocks."""
    if not at.read.emitted.autocommit or may_run_again(action, ()) or may_run_again(action, preceding(at)):
        return
    words = " ".join(at.read.sql.split())
    what = words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1].rstrip()}…"
    if isinstance(action, CreateIndex):
        index = table_name(QualifiedName(action.table.schema, action.name))
        yield Finding(
            f"`{what}` fails when it runs again", help=f"Before it, `DROP INDEX CONCURRENTLY IF EXISTS {index}`."
        )
    else:
        yield Finding(f"`{what}` fails when it runs again")
