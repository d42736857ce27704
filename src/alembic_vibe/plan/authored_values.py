"""What the author wrote behind ``-- backfill:``: whether it can be used, and how far it is a constant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import Table
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.plan.blocks import shown
from alembic_vibe.plan.situation import table_of
from alembic_vibe.sql import grammar
from alembic_vibe.sql.compose import Printed, compose
from alembic_vibe.sql.tree import column_name, name_of, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.plan.situation import Situation

UNUSABLE = Rule(
    code="AV844",
    slug="unusable-backfill",
    severity=Severity.ERROR,
    summary="`-- backfill:` is not an expression over the rows of its table.",
    why="The expression is evaluated for each row that has no value yet; what it names must be a column of the table, "
    "and a column that is NOT NULL needs another value than NULL.",
    fix="write one SQL expression over columns of the table, such as `-- backfill: coalesce(nickname, 'unknown')`.",
    bad="""\
CREATE TABLE users (
    id bigint PRIMARY KEY,
    nickname text,
    display_name text NOT NULL  -- backfill: lower(nick_name)
);""",
    good="""\
CREATE TABLE users (
    id bigint PRIMARY KEY,
    display_name text NOT NULL  -- backfill: 'user ' || id
);""",
)
RULES = (UNUSABLE,)

# Calls that give one value to a whole statement, and depend on nothing but the moment.
_STABLE = {"now", "transaction_timestamp", "statement_timestamp", "timezone", "date_trunc", "date"}
_STABLE |= {"lower", "upper", "abs", "concat", "length", "jsonb_build_object", "jsonb_build_array", "make_interval"}


def problems(column: Key, expression: str, situation: Situation, *, not_null: bool) -> Iterator[Diagnostic]:
    """Yield what makes a backfill expression unusable.

    Args:
        column: The column that it shall fill.
        expression: What the author wrote.
        situation: Both states; the expression may name columns of either.
        not_null: Whether the value must not be NULL.
    """
    what = shown(table_of(column), column.member)
    tree = _tree(expression)
    if tree is None:
        yield UNUSABLE.diagnostic(f"{what} has `-- backfill: {expression}`, which is not an SQL expression")
        return
    if not_null and "A_Const" in tree and tree["A_Const"].get("isnull"):
        yield UNUSABLE.diagnostic(f"{what} is NOT NULL, and `-- backfill: {expression}` gives NULL")
    if any(kind == "SubLink" for kind, _ in walk(tree)):
        return  # a query has names of its own
    known = {
        found.name
        for catalog in (situation.before, situation.after)
        for table in (catalog.facts.get(table_of(column)),)
        if isinstance(table, Table)
        for found in table.columns
    }
    for kind, body in walk(tree):
        name = column_name(body) if kind == "ColumnRef" else ""
        if name and name not in known:
            table = shown(table_of(column))
            yield UNUSABLE.diagnostic(f"{what} has `-- backfill: {expression}`, but {table} has no column {name}")
            return


def is_constant(expression: str) -> bool:
    """Whether an expression has one value for all rows of a statement; what is not known is taken to have not."""
    tree = _tree(expression)
    if tree is None:
        return False
    for kind, body in walk(tree):
        if kind in {"ColumnRef", "SubLink"}:
            return False
        if kind == "FuncCall" and name_of(body.get("funcname")).name not in _STABLE:
            return False
    return True


def _tree(expression: str) -> dict[str, Any] | None:
    """Return the tree of an expression; ``None`` if it is none."""
    try:
        found = grammar.parse(compose("SELECT ({expression}\n)", expression=Printed(expression)))
    except grammar.GrammarError:
        return None
    select = found[0].get("stmt", found[0]).get("SelectStmt", {}) if len(found) == 1 else {}
    targets = select.get("targetList", ())
    if len(targets) != 1 or set(select) - {"targetList", "limitOption", "op"}:
        return None
    tree: dict[str, Any] = targets[0].get("ResTarget", {}).get("val", {})
    return tree
