"""AV710: one transaction for all revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.model import Environment

BAD = """\
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
GOOD = """\
with connectable.connect() as connection:
    context.configure(
        connection=connection, target_metadata=target_metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
"""

RULE = Rule(
    code="AV710",
    slug="env-transaction-per-migration",
    severity=Severity.ERROR,
    summary="env.py runs all pending revisions in one transaction.",
    why="Every lock of every revision is then held until the last one is done: a short ACCESS EXCLUSIVE lock of the "
    "first becomes an outage as long as all others take. Steps that are safe only because the one before has committed "
    "(NOT VALID, then VALIDATE; a new enum value, then its use) are not safe any more.",
    fix="Pass `transaction_per_migration=True` to `context.configure()`.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)


def check_environment(environment: Environment) -> Iterator[Finding]:
    """Look at what env.py tells Alembic."""
    if environment.transaction_per_migration is False:
        yield Finding("all pending revisions run in one transaction", place=environment.transaction_place)
