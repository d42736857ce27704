"""AV740: NOT NULL that reads the whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint, SetNotNull
from alembic_vibe.lint.examples import NEXT, Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.proofs import not_null_checks
from alembic_vibe.lint.taken import Work
from alembic_vibe.lint.wording import column_name, table_name
from alembic_vibe.sql.quoting import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.alter_column("orders", "code", nullable=False)
"""
GOOD = f"""\
def upgrade() -> None:
    op.create_check_constraint("orders_code_filled", "orders", "code IS NOT NULL", postgresql_not_valid=True)
{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_code_filled")
{NEXT}
def upgrade() -> None:
    op.alter_column("orders", "code", nullable=False)
    op.drop_constraint("orders_code_filled", "orders")
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, code text); INSERT INTO orders VALUES (1, 'a');"

RULE = Rule(
    code="AV740",
    slug="set-not-null",
    severity=Severity.ERROR,
    summary="A column of a table in use becomes NOT NULL, and nothing proves it before.",
    why="PostgreSQL reads the whole table to look for NULLs, and nobody can even read it meanwhile. A validated CHECK "
    "that says `… IS NOT NULL` spares that.",
    fix="First revision: ADD CHECK (… IS NOT NULL) NOT VALID. Second: VALIDATE CONSTRAINT. Third: SET NOT NULL, and "
    "drop the CHECK. From PostgreSQL 18 on: ADD CONSTRAINT … NOT NULL … NOT VALID, then VALIDATE CONSTRAINT.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan")),
    Example(
        bad='def upgrade() -> None:\n    op.execute("ALTER TABLE orders ADD CONSTRAINT filled NOT NULL code")\n',
        good=f"""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD CONSTRAINT filled NOT NULL code NOT VALID")
{NEXT}
def upgrade() -> None:
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT filled")
""",
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
        since=18,
        pg_version=18,
    ),
    Example(
        bad="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text(), server_default=""))
    op.alter_column("orders", "note", nullable=False)
""",
        good="""\
def upgrade() -> None:
    op.add_column("orders", sa.Column("note", sa.Text(), server_default="", nullable=False))
""",
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (SetNotNull, AddConstraint)
HAZARDS = ("table-rewrite", "blocking-scan")
NOT_VALID_SINCE = 18


def check(action: SetNotNull | AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at columns of tables in use that hold NULLs as far as anybody knows (``lint.proofs``)."""
    if not any(lock.work is Work.SCAN for lock in at.locks):
        return
    if isinstance(action, SetNotNull):
        yield _finding(action, action.column, at)
    elif action.constraint.kind == "not null":
        for column in action.constraint.columns:
            yield _finding(action, column, at)


def _finding(action: SetNotNull | AddConstraint, column: str, at: Moment) -> Finding:
    name, table = column_name(action.table, column), table_name(action.table)
    known = at.table(action.table)
    found = known.columns.get(column) if known else None
    message = f"the whole table is read to find NULLs in {name} while nobody can read it"
    if found is not None and found.added_by == at.revision.id and found.default is not None:
        return Finding(message, help=f"Add {name} NOT NULL with its default in one statement: no row is touched then.")
    waiting = next(not_null_checks(known, column, valid=False), None) if known else None
    if waiting is not None:
        validate = f"ALTER TABLE {table} VALIDATE CONSTRAINT {quote_identifier(waiting.spec.name)}"
        return Finding(message, help=f"Validate the CHECK that says so in a revision before this one: `{validate}`.")
    if at.settings.pg_version >= NOT_VALID_SINCE:
        constraint = quote_identifier(f"{action.table.name}_{column}_not_null")
        return Finding(
            message,
            help=f"`ALTER TABLE {table} ADD CONSTRAINT {constraint} NOT NULL {quote_identifier(column)} NOT VALID`; in "
            f"the next revision `ALTER TABLE {table} VALIDATE CONSTRAINT {constraint}`.",
        )
    constraint = quote_identifier(f"{action.table.name}_{column}_filled")
    return Finding(
        message,
        help=f"In revisions before this one: `ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK "
        f"({quote_identifier(column)} IS NOT NULL) NOT VALID`, then `ALTER TABLE {table} VALIDATE CONSTRAINT "
        f"{constraint}`; after SET NOT NULL drop it.",
    )
