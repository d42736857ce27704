"""AV747: a validation that runs while its table is still locked by what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint, ValidateConstraint
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.lint.taken import Work
from alembic_vibe.locks import LockLevel
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment
    from alembic_vibe.lint.transaction import Held

BAD = """\
def upgrade() -> None:
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
"""
GOOD = f"""\
def upgrade() -> None:
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)

{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
"""

RULE = Rule(
    code="AV747",
    slug="validate-same-transaction",
    severity=Severity.ERROR,
    summary="A constraint is validated in a transaction that still holds a strong lock on its table.",
    why="VALIDATE CONSTRAINT lets others work, but the lock of ADD CONSTRAINT … NOT VALID is held until the "
    "transaction ends: every row is read while nobody can write, which NOT VALID was to avoid.",
    fix="Validate it in a revision of its own, and let env.py run each revision in its own transaction "
    "(`transaction_per_migration=True`).",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE TABLE orders (id bigint PRIMARY KEY, total int); INSERT INTO orders VALUES (1, 1);",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.create_foreign_key("orders_customer_fk", "orders", "customers", ["customer"], ["id"], postgresql_not_valid=True)
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fk")
""",
        good="""\
def upgrade() -> None:
    op.create_foreign_key("orders_customer_fk", "orders", "customers", ["customer"], ["id"], postgresql_not_valid=True)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_fk")
""",
        before="CREATE TABLE customers (id bigint PRIMARY KEY); INSERT INTO customers VALUES (1); "
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint); INSERT INTO orders VALUES (1, 1); "
        "CREATE INDEX orders_customer_idx ON orders (customer)",
        evidence=Takes("orders", "SHARE ROW EXCLUSIVE", "scan"),
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text()))
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
    op.add_column("orders", sa.Column("note", sa.Text()))
""",
        before="CREATE TABLE orders (id bigint PRIMARY KEY, total int); INSERT INTO orders VALUES (1, 1); "
        "ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID",
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (ValidateConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")


def check(action: ValidateConstraint, at: Moment) -> Iterator[Finding]:
    """Look at validations of tables that the transaction has locked so that nobody can write.

    Where env.py runs all revisions in one transaction, a constraint of the revision before counts; those that are older
    are taken to have been carried out long ago.
    """
    if at.is_own(action.table) or not any(lock.work is Work.SCAN for lock in at.locks):
        return  # nobody uses the table yet, or the constraint is valid already
    held = at.transaction.held.get(action.table)
    if held is not None and held.level >= LockLevel.SHARE and at.took(held):
        yield _in_this_revision(action, at, held)
    elif at.environment.transaction_per_migration is False and _is_of_revision_before(action, at):
        yield _in_revision_before(action)


def _in_this_revision(action: ValidateConstraint, at: Moment, held: Held) -> Finding:
    table, name = quote_qualified(*action.table), quote_identifier(action.name)
    added = any(
        isinstance(earlier, AddConstraint) and (earlier.table, earlier.constraint.name) == (action.table, action.name)
        for earlier, _ in at.transaction.actions
    )
    who = "write to it" if held.level < LockLevel.ACCESS_EXCLUSIVE else "use it"
    return Finding(
        f"{name} is {'added and ' if added else ''}validated in one transaction: {table} is read whole while nobody "
        f"can {who} ({held.level} lock since line {held.read.emitted.place.line})",
        help=f'Move `op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")` into a later revision.',
    )


def _in_revision_before(action: ValidateConstraint) -> Finding:
    table, name = quote_qualified(*action.table), quote_identifier(action.name)
    return Finding(
        f"{name} is validated in the transaction that adds it, since env.py runs all revisions in one: {table} is read "
        "whole while nobody can write to it",
        help="Give `transaction_per_migration=True` to `context.configure(…)` in env.py, or validate in "
        "`with op.get_context().autocommit_block():`.",
    )


def _is_of_revision_before(action: ValidateConstraint, at: Moment) -> bool:
    table = at.table(action.table)
    constraint = table.constraints.get(action.name) if table is not None else None
    if constraint is None or constraint.added_by not in at.revision.down or at.direction is Direction.DOWNGRADE:
        return False
    for emitted in at.rendering.statements if at.rendering else ():
        if emitted.autocommit:
            return False  # an autocommit block ends the transaction before it begins
        if emitted is at.read.emitted:
            break
    return True
