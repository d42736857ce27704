"""AV214: MySQL's ``ENUM('a', 'b')`` as the type of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.quoting import quote_identifier, quote_literal
from alembic_vibe.sql.tree import elements, relation_name, type_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Outline
    from alembic_vibe.sql.statement import Statement

RULE = Rule(
    code="AV214",
    slug="inline-enum",
    severity=Severity.ERROR,
    summary="A column declares its enumeration in place, as in MySQL.",
    why="In PostgreSQL an enumeration is a type of its own, which columns then use.",
    fix="write `CREATE TYPE … AS ENUM (…)` before the table and use that type, or a text column with a CHECK",
    bad="CREATE TABLE jobs (\n    id bigint PRIMARY KEY,\n    state ENUM('open', 'done') NOT NULL\n);",
    good=(
        "CREATE TYPE job_state AS ENUM ('open', 'done');\n"
        "CREATE TABLE jobs (\n    id bigint PRIMARY KEY,\n    state job_state NOT NULL\n);"
    ),
)
RULES = (RULE,)
NODE_TYPES = frozenset({"CreateStmt", "AlterTableStmt"})


def check(statement: Statement, _outline: Outline) -> Iterator[Diagnostic]:
    """Report columns of a type named ``enum`` with values."""
    kind, node = unwrap(statement.node)
    for sort, element in elements(kind, node):
        column_type = element.get("typeName", {})
        if sort != "ColumnDef" or "typmods" not in column_type or type_name(column_type).name not in {"enum", "set"}:
            continue
        values = [t.get("A_Const", {}).get("sval", {}).get("sval", "") for t in column_type["typmods"]]
        table = relation_name(node.get("relation")).name
        name = quote_identifier(f"{table.removesuffix('s')}_{element['colname']}")
        listed = ", ".join(quote_literal(value) for value in values)
        yield RULE.diagnostic(
            "an enumeration cannot be declared inside a column",
            source=statement.source,
            span=token_span(statement, column_type.get("location", element.get("location", 0))),
            help=f"write `CREATE TYPE {name} AS ENUM ({listed});` before the table, and `{element['colname']} {name}`",
        )
