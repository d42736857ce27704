"""AV254: a status that may be any text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import column_span
from alembic_vibe.sql.tree import column_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline, Table

RULE = Rule(
    code="AV254",
    slug="unconstrained-status",
    severity=Severity.INFO,
    summary="A column that names a state accepts any text.",
    why="A misspelt state is stored like any other, and no query ever finds the row again.",
    fix="add `CHECK (status IN ('…', '…'))`, or an enum type",
    bad="CREATE TABLE jobs (\n    id bigint PRIMARY KEY,\n    status text NOT NULL DEFAULT 'open'\n);",
    good=(
        "CREATE TABLE jobs (\n    id bigint PRIMARY KEY,\n"
        "    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done'))\n);"
    ),
)
RULES = (RULE,)

_NAMES = frozenset({"status", "state", "kind", "role", "priority", "visibility", "severity"})
_TEXTS = frozenset({"text", "varchar", "bpchar"})


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Report text columns named like a state that no CHECK and no foreign key mentions."""
    for table in outline.tables.values():
        for column in table.columns.values():
            named = column.name in _NAMES or column.name.endswith(("_status", "_state"))
            if named and column.type.name in _TEXTS and not column.is_array and column.name not in _constrained(table):
                yield RULE.diagnostic(
                    f"{table.name.name}.{column.name} accepts any text",
                    source=column.statement.source,
                    span=column_span(column.statement, column.name),
                    help=f"add `CHECK ({column.name} IN ('…', '…'))`, or an enum type",
                )


def _constrained(table: Table) -> set[str]:
    found: set[str] = set()
    for constraint in table.constraints:
        if constraint.kind == "CONSTR_FOREIGN":
            found.update(constraint.columns)
        elif constraint.kind == "CONSTR_CHECK":
            mentioned = walk(constraint.node.get("raw_expr"))
            found.update(column_name(body) for kind, body in mentioned if kind == "ColumnRef")
    return found
