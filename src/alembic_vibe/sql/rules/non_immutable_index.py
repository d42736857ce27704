"""AV230 to AV232: indexes that depend on the clock or on a setting of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.immutability import CLOCK, Volatile, volatile_parts
from alembic_vibe.sql.locate import token_span
from alembic_vibe.sql.quoting import quote_identifier, quote_qualified
from alembic_vibe.sql.tree import column_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Index, Outline

PREDICATE = Rule(
    code="AV230",
    slug="non-immutable-index-predicate",
    severity=Severity.ERROR,
    summary="The WHERE of an index compares with the current time.",
    why=(
        "An index holds the rows that matched when they were written. Time passes without a write, so PostgreSQL "
        "refuses: functions in index predicate must be marked IMMUTABLE."
    ),
    fix="index the column itself and compare with the current time in the query",
    bad=(
        "CREATE TABLE sessions (\n    id bigint PRIMARY KEY,\n    token text NOT NULL,\n"
        "    expires_at timestamptz NOT NULL\n);\n"
        "CREATE INDEX idx_sessions_token ON sessions (token) WHERE expires_at > CURRENT_TIMESTAMP;"
    ),
    good=(
        "CREATE TABLE sessions (\n    id bigint PRIMARY KEY,\n    token text NOT NULL,\n"
        "    expires_at timestamptz NOT NULL\n);\n"
        "CREATE INDEX idx_sessions_token ON sessions (token, expires_at);"
    ),
)
EXPRESSION = Rule(
    code="AV231",
    slug="non-immutable-index-expression",
    severity=Severity.ERROR,
    summary="An index expression gives another result in another time zone or at another time.",
    why=(
        "The day of a timestamptz depends on the time zone of the session, so PostgreSQL refuses: functions in index "
        "expression must be marked IMMUTABLE."
    ),
    fix="fix the time zone: `((created_at AT TIME ZONE 'UTC')::date)`",
    bad=(
        "CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    placed_at timestamptz NOT NULL\n);\n"
        "CREATE INDEX idx_orders_day ON orders (date(placed_at));"
    ),
    good=(
        "CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    placed_at timestamptz NOT NULL\n);\n"
        "CREATE INDEX idx_orders_day ON orders (((placed_at AT TIME ZONE 'UTC')::date));"
    ),
)
DATE_COMPARISON = Rule(
    code="AV232",
    slug="index-predicate-date-comparison",
    severity=Severity.ERROR,
    summary="The WHERE of an index compares a timestamptz with a date.",
    why="When a day begins depends on the time zone of the session, so the comparison is not immutable.",
    fix="compare with a timestamptz: `deleted_at > '2024-01-01 00:00+00'::timestamptz`",
    bad=(
        "CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    placed_at timestamptz NOT NULL\n);\n"
        "CREATE INDEX idx_orders_new ON orders (placed_at) WHERE placed_at > '2024-01-01'::date;"
    ),
    good=(
        "CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    placed_at timestamptz NOT NULL\n);\n"
        "CREATE INDEX idx_orders_new ON orders (placed_at) WHERE placed_at > '2024-01-01 00:00+00'::timestamptz;"
    ),
)
RULES = (PREDICATE, EXPRESSION, DATE_COMPARISON)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Check the predicate and the expressions of every index."""
    for index in outline.indexes:
        if index.is_plain:
            continue
        table = outline.tables.get(index.table)
        types = {c.name: c.type.name for c in table.columns.values() if not c.is_array} if table else {}
        predicate = index.node.get("whereClause")
        for part in volatile_parts(predicate, types)[:1] if predicate else ():
            yield _predicate(index, part, predicate, outline)
        for item in index.node.get("indexParams", ()):
            expression = item["IndexElem"].get("expr")
            for part in volatile_parts(expression, types)[:1] if expression else ():
                yield EXPRESSION.diagnostic(
                    f"{part.text} in an index is not immutable: {part.reason}",
                    source=index.statement.source,
                    span=token_span(index.statement, part.location),
                    help=part.instead or EXPRESSION.fix,
                )


def _predicate(index: Index, part: Volatile, predicate: Any, outline: Outline) -> Diagnostic:
    source, span = index.statement.source, token_span(index.statement, part.location)
    if part.kind == "date comparison":
        return DATE_COMPARISON.diagnostic(f"{part.text}: {part.reason}", source=source, span=span, help=part.instead)
    if part.kind != CLOCK:
        message = f"{part.text} in the WHERE of an index is not immutable: {part.reason}"
        return PREDICATE.diagnostic(message, source=source, span=span, help=part.instead or "fix the time zone")
    compared = [column_name(body) for kind, body in walk(predicate) if kind == "ColumnRef"]
    columns = [*dict.fromkeys([*index.columns, *reversed(compared)])]
    help_ = PREDICATE.fix
    if "" not in index.columns:
        listed = ", ".join(quote_identifier(column) for column in columns)
        name = f" {quote_identifier(index.name)}" if index.name else ""
        help_ = f"write `CREATE INDEX{name} ON {quote_qualified(*index.table)} ({listed});` and compare in the query"
        if _is_unique(index, outline):
            help_ += f"; or drop it: {', '.join(index.columns)} is UNIQUE and has an index already"
        elif set(index.columns) >= set(compared):
            name = f" {quote_identifier(index.name)}" if index.name else ""
            help_ = (
                f"drop the WHERE: `CREATE INDEX{name} ON {quote_qualified(*index.table)} ({listed});` serves both sides"
            )
    return PREDICATE.diagnostic(
        f"an index cannot depend on the current time ({part.text})", source=source, span=span, help=help_
    )


def _is_unique(index: Index, outline: Outline) -> bool:
    table = outline.tables.get(index.table)
    return table is not None and any(
        c.kind in {"CONSTR_UNIQUE", "CONSTR_PRIMARY"} and c.columns == index.columns for c in table.constraints
    )
