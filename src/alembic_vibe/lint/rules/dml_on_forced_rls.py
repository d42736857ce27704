"""AV769: rows that row-level security hides from the migration itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.actions import Copy, Delete, Insert, SetVariable, Update
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Finding
from alembic_vibe.sql.quoting import quote_qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.execute("UPDATE notes SET kind = 'plain' WHERE kind IS NULL")
"""
GOOD = """\
def upgrade() -> None:
    op.execute("ALTER TABLE notes NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE notes SET kind = 'plain' WHERE id = 1")
    op.execute("ALTER TABLE notes FORCE ROW LEVEL SECURITY")
"""

RULE = Rule(
    code="AV769",
    slug="dml-on-forced-rls",
    severity=Severity.WARNING,
    summary="Rows of a table with FORCE ROW LEVEL SECURITY are changed.",
    why="The policies hold for the table's owner too: the statement silently passes over the rows that it may not see.",
    fix="Lift FORCE for the time of the statement, run it with a role that has BYPASSRLS, or begin with "
    "`SET LOCAL row_security = off`, which makes hidden rows an error.",
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
_BEFORE = """
    DO $$ BEGIN CREATE ROLE vibe_example_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    CREATE TABLE notes (id bigint PRIMARY KEY, tenant text, kind text);
    INSERT INTO notes VALUES (1, 'a');
    ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    ALTER TABLE notes FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON notes USING (tenant = current_setting('app.tenant', true));
    ALTER TABLE notes OWNER TO vibe_example_owner;
"""
_AS_OWNER = 'def upgrade() -> None:\n    op.execute("SET LOCAL ROLE vibe_example_owner")\n'
EXAMPLES = (
    Example(bad=BAD, good=GOOD, before=_BEFORE),
    Example(
        bad=BAD.replace("def upgrade() -> None:\n", _AS_OWNER),
        good=GOOD.replace("def upgrade() -> None:\n", _AS_OWNER),
        before=_BEFORE,
        evidence=Leaves("SELECT kind IS NULL FROM notes"),
    ),
)
ACTIONS = (Insert, Update, Delete, Copy)


def check(action: Insert | Update | Delete | Copy, at: Moment) -> Iterator[Finding]:
    """Look at changes of rows, and at tables that rows are taken from, where policies bind the owner."""
    if any(isinstance(done, SetVariable) and done.name == "row_security" for done, _ in at.transaction.actions):
        return
    for name in dict.fromkeys((action.table, *getattr(action, "reads", ()))):
        table = at.table(name)
        if table is not None and table.row_security and table.forced_row_security:
            yield Finding(f"the policies of {quote_qualified(*name)} hide rows from this statement, its owner's too")
