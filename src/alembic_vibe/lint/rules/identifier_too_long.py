"""AV744: a name that PostgreSQL cuts without a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint import actions as a
from alembic_vibe.lint.examples import Example, Fails, Leaves
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Walk
    from alembic_vibe.lint.schema import Schema

BAD = """\
def upgrade() -> None:
    op.create_table("orders_by_customer_and_status_for_the_monthly_report_of_open_ones_2024", sa.Column("a", sa.Date()))
    op.create_table("orders_by_customer_and_status_for_the_monthly_report_of_open_ones_2025", sa.Column("a", sa.Date()))
"""
GOOD = """\
def upgrade() -> None:
    op.create_table("orders_open_2024", sa.Column("a", sa.Date()))
    op.create_table("orders_open_2025", sa.Column("a", sa.Date()))
"""
LONGEST = 63  # bytes: NAMEDATALEN - 1 (manual, Identifiers and Key Words)

RULE = Rule(
    code="AV744",
    slug="identifier-too-long",
    severity=Severity.WARNING,
    summary="A name is longer than 63 bytes.",
    why="PostgreSQL cuts it to 63 bytes and goes on. Two long names that begin alike become one, and tools that look "
    "the name up as it was written do not find it.",
    fix="Choose a name of at most 63 bytes; a letter beyond ASCII has two or more.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, evidence=Fails("42P07")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD the_date_on_which_the_customer_was_told_that_the_order_will_be_late date")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD customer_told_late_on date")
""",
        before="CREATE TABLE orders (a int, b int)",
        evidence=Leaves(
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND "
            "attname = 'the_date_on_which_the_customer_was_told_that_the_order_will_be_late'::name)"
        ),
    ),
)

_NAMING = (
    a.CreateTable, a.RenameTable, a.AddColumn, a.RenameColumn, a.AddConstraint, a.RenameConstraint, a.CreateIndex,
    a.RenameIndex, a.CreateEnum, a.CreateDomain, a.AlterDomain, a.CreateType, a.RenameType, a.CreateView, a.RenameView,
    a.CreateFunction, a.CreateTrigger, a.RenameTrigger, a.CreatePolicy, a.RenameSchema, a.Other,
)  # fmt: skip
_MAY_BE_LONG = re.compile(r'[^\s"]{64}|"[^"]{64}')


def check_revision(walk: Walk) -> Iterator[Finding]:
    """Report each name once, where the revision first gives it."""
    seen: set[str] = set()
    for direction in walk.settings.directions:
        for done in walk.actions(direction):
            if not isinstance(done.action, _NAMING):
                continue
            for name in _too_long(done.read.sql):
                cut = name.encode()[:LONGEST].decode(errors="ignore")
                if name not in seen and not _is_known(cut, walk.before):
                    yield Finding(
                        f"{name} has {len(name.encode())} bytes: PostgreSQL cuts it to {cut}",
                        read=done.read,
                    )
                seen.add(name)


def _too_long(sql: str) -> Iterator[str]:
    if sql.isascii() and not _MAY_BE_LONG.search(sql):
        return
    try:
        tokens = grammar.scan(sql)
    except grammar.GrammarError:
        return
    for token in tokens:
        if token.is_word and len(token.name.encode()) > LONGEST:
            yield token.name


def _is_known(name: str, schema: Schema) -> bool:
    """Whether something that was there before has the name: then it is not given here."""
    return any(
        name == table.name.name or name in table.columns or name in table.constraints or name in table.indexes
        for table in schema.tables.values()
    )
