"""AV733: a stored generated column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import AddColumn
from alembic_vibe.lint.adding import adds_to_table_in_use
from alembic_vibe.lint.examples import Example, Takes
from alembic_vibe.lint.model import Finding
from alembic_vibe.lint.wording import column_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("total", sa.Numeric(), sa.Computed("price * amount", persisted=True)))
"""
GOOD = """\
def upgrade() -> None:
    op.add_column("orders", sa.Column("total", sa.Numeric()))
    op.execute(
        "CREATE FUNCTION orders_total() RETURNS trigger LANGUAGE plpgsql "
        "AS $$BEGIN NEW.total := NEW.price * NEW.amount; RETURN NEW; END$$"
    )
    op.execute(
        "CREATE TRIGGER orders_total BEFORE INSERT OR UPDATE ON orders "
        "FOR EACH ROW EXECUTE FUNCTION orders_total()"
    )
"""
BEFORE = "CREATE TABLE orders (id bigint PRIMARY KEY, price numeric, amount int); INSERT INTO orders VALUES (1, 2, 3);"

RULE = Rule(
    code="AV733",
    slug="add-column-stored-generated",
    severity=Severity.ERROR,
    summary="A stored generated column is added to a table in use.",
    why="Its value is computed for every row at once: PostgreSQL writes the whole table and all of its indexes anew, "
    "and nobody can even read it meanwhile.",
    fix="Add a plain column and let a trigger (or the application) fill it; fill the old rows in batches in a later "
    "revision. From PostgreSQL 18 on, a VIRTUAL generated column costs nothing.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=BEFORE, evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite")),
    Example(
        bad="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD total numeric GENERATED ALWAYS AS (price * amount) STORED")
""",
        good="""\
def upgrade() -> None:
    op.execute("ALTER TABLE orders ADD total numeric GENERATED ALWAYS AS (price * amount) VIRTUAL")
""",
        before=BEFORE,
        evidence=Takes("orders", "ACCESS EXCLUSIVE", "rewrite"),
        since=18,
        pg_version=18,
    ),
)
ACTIONS = (AddColumn,)
HAZARDS = ("table-rewrite",)
VIRTUAL_SINCE = 18


def check(action: AddColumn, at: Moment) -> Iterator[Finding]:
    """Look at columns that are computed and stored."""
    column = action.column
    if column.generated != "stored" or not adds_to_table_in_use(action, at):
        return
    yield Finding(
        f"{column_name(action.table, column.name)} is computed for every row at once: the whole table is written anew "
        "while nobody can read it",
        help="Make it VIRTUAL (`sa.Computed(…, persisted=False)`): it is computed when it is read."
        if at.settings.pg_version >= VIRTUAL_SINCE
        else None,
    )
