"""AV745: a foreign key that reads every row before anybody can write again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddConstraint
from alembic_vibe.lint.ahead import added_by_call
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.taken import Work
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_foreign_key("orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"])
"""
GOOD = """\
def upgrade() -> None:
    op.create_foreign_key(
        "orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"], postgresql_not_valid=True
    )
    # in a later revision: op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey")
"""

RULE = Rule(
    code="AV745",
    slug="fk-not-valid",
    severity=Severity.ERROR,
    summary="A foreign key is added to a table in use without NOT VALID.",
    why="Both tables are locked in SHARE ROW EXCLUSIVE mode, so that nobody can write to either, while every row of "
    "the referring table is checked.",
    fix="Add it with `postgresql_not_valid=True`, which checks new rows only, and validate it in a later revision: "
    "`ALTER TABLE … VALIDATE CONSTRAINT …` lets writers go on.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    CREATE TABLE customers (id bigint PRIMARY KEY);
    INSERT INTO customers VALUES (1);
    CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
    CREATE INDEX orders_customer_id_idx ON orders (customer_id);
    INSERT INTO orders VALUES (1, 1);
"""
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE, evidence=Takes("orders", "SHARE ROW EXCLUSIVE", "scan")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE NOT VALID")
""",
        before=_BEFORE,
        evidence=Takes("orders", "SHARE ROW EXCLUSIVE", "scan"),
    ),
)
ACTIONS = (AddConstraint,)
HAZARDS = ("table-rewrite", "blocking-scan")
NOT_VALID_ON_PARENTS = 18  # the first release that takes NOT VALID for a foreign key of a partitioned table


def check(action: AddConstraint, at: Moment) -> Iterator[Finding]:
    """Look at foreign keys of tables in use whose rows are read; that of a new column is another rule's."""
    spec = action.constraint
    if spec.kind != "foreign" or at.is_own(action.table) or added_by_call(at, action.table, spec.columns):
        return
    if not any(lock.work is Work.SCAN for lock in at.locks):
        return
    table, name = quote_qualified(*action.table), quote_identifier(spec.name)
    parent = quote_qualified(*spec.references) if spec.references else "the table that it refers to"
    known = at.table(action.table)
    partitioned = known is not None and known.is_partitioned and at.settings.pg_version < NOT_VALID_ON_PARENTS
    yield Finding(
        f"{name} is checked for every row of {table} while nobody can write to {table} and {parent}",
        help=f"{table} is partitioned, and NOT VALID is refused there before PostgreSQL {NOT_VALID_ON_PARENTS}: add "
        "the foreign key to each partition with NOT VALID, validate each in a later revision, and then add it to the "
        "parent."
        if partitioned
        else "Add it with `postgresql_not_valid=True` (`NOT VALID` in SQL); then, in a later revision: "
        f'`op.execute("ALTER TABLE {table} VALIDATE CONSTRAINT {name}")`.',
    )
