"""AV797: a table that is wherever the search path leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.lint.examples import Example, Leaves
from alembic_vibe.lint.model import Direction, Finding
from alembic_vibe.sql import grammar
from alembic_vibe.sql.quoting import quote_identifier
from alembic_vibe.sql.tree import strings, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.moment import Moment

BAD = """\
def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))
"""
GOOD = """\
def upgrade() -> None:
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True), schema="public")
"""

RULE = Rule(
    code="AV797",
    slug="style-table-schema",
    severity=Severity.WARNING,
    summary="A table is named without its schema.",
    why="Which table it is depends on the search_path of the role that runs the revision. Off unless "
    "`[tool.alembic-vibe.lint.severity]` names the rule.",
    fix='Name the schema: `schema="public"` in operations, `public.orders` in SQL.',
    bad=BAD,
    good=GOOD,
)
RULES = (RULE,)
OPT_IN = True
EXAMPLES = (
    Example(
        bad=BAD,
        good=GOOD,
        before="CREATE SCHEMA other;"
        "DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = other', current_database()); END$$",
        evidence=Leaves("SELECT to_regclass('public.orders') IS NULL"),
    ),
)
DIRECTIONS = (Direction.UPGRADE,)

_DROPPED = {"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"}


def check_statement(at: Moment) -> Iterator[Finding]:
    """Look at the tables that a statement names, but for those of its own WITH and temporary ones."""
    if RULE.slug not in at.settings.severities:  # spare the others a second look at the tree
        return
    try:
        tree = list(walk(grammar.parse(at.read.sql)))
    except grammar.GrammarError:
        return
    own = {body.get("ctename") for kind, body in tree if kind == "CommonTableExpr"}
    found = {
        body["relname"]
        for kind, body in tree
        if kind == "RangeVar" and not body.get("schemaname") and body.get("relpersistence") != "t"
    }
    for kind, body in tree:
        if kind == "DropStmt" and body.get("removeType") in _DROPPED:
            names = (strings(item.get("List", {}).get("items")) for item in body.get("objects", ()))
            found |= {words[0] for words in names if len(words) == 1}
    for name in sorted(found - own):
        if name.startswith("pg_") or name == "alembic_version" or "pg_temp" in _schemas(name, at):
            continue
        yield Finding(f"{quote_identifier(name)} is named without its schema")


def _schemas(name: str, at: Moment) -> set[str]:
    """Return the schemas in which the chain has made a table of that name."""
    return {table.schema for table in at.before.tables if table.name == name}
