"""AV722: a revision that is committed in pieces and cannot run again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.examples import Example, Fails
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.retrying import changes_something, may_run_again

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic_vibe.lint.model import Read
    from alembic_vibe.lint.moment import Done, Walk

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""
GOOD = """\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_customer", "orders", if_exists=True, postgresql_concurrently=True)
        op.create_index("ix_orders_customer", "orders", ["customer_id"], postgresql_concurrently=True)
"""

RULE = Rule(
    code="AV722",
    slug="concurrently-not-alone",
    severity=Severity.WARNING,
    summary="An autocommit block shares its revision with other definitions.",
    why="The revision is committed in pieces. If a later piece fails, the earlier ones stay, but the version does not "
    "move: the next run begins again and fails at what is there already.",
    fix="Give the autocommit block a revision of its own; or write each piece so that it may run twice "
    "(`IF NOT EXISTS`, `DROP INDEX CONCURRENTLY IF EXISTS` before the index).",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        # A first run added the column, and was cancelled while it built the index.
        before="CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint); ALTER TABLE orders ADD note text;",
        evidence=Fails("42701"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.create_index("orders_code_key", "orders", ["code"], unique=True, postgresql_concurrently=True)
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key")
""",
        good="""\
def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("orders_code_key", "orders", if_exists=True, postgresql_concurrently=True)
        op.create_index("orders_code_key", "orders", ["code"], unique=True, postgresql_concurrently=True)
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key")
""",
        # A first run built the index, and gave up waiting for the lock of the constraint.
        before="CREATE TABLE orders (id bigint PRIMARY KEY, code text);"
        "CREATE UNIQUE INDEX orders_code_key ON orders (code)",
        evidence=Fails("42P07"),
    ),
)


def check_revision(walk: Walk) -> Iterator[Finding]:
    """Look for a definition that cannot be repeated, and one that is carried out after it was committed."""
    for direction in walk.settings.directions:
        done = [one for one in walk.actions(direction) if changes_something(one.action)]
        for i, one in enumerate(done):
            if may_run_again(one.action, [earlier.action for earlier in done[:i]]):
                continue
            later = _after(one, done[i + 1 :])
            if later is not None:
                outside = one.read if one.read.emitted.autocommit else later.read
                yield Finding(
                    f"the revision cannot run again if it fails here: `{_start(one.read)}` is committed before "
                    f"`{_start(later.read)}`",
                    read=outside,
                )
                break


def _after(one: Done, rest: Sequence[Done]) -> Done | None:
    """Return the first action of a later transaction, where one of both is in an autocommit block."""
    for other in rest:
        if other.transaction != one.transaction and other.read.emitted.autocommit != one.read.emitted.autocommit:
            return other
    return None


def _start(read: Read) -> str:
    words = " ".join(read.sql.split())
    return words if len(words) <= 60 else f"{words[:59].rstrip()}…"
