"""AV253: an index that another index makes superfluous."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.sql.locate import head_span, locate
from alembic_vibe.sql.tree import without_locations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.sql.outline import Index, Outline, Table

RULE = Rule(
    code="AV253",
    slug="redundant-index",
    severity=Severity.WARNING,
    summary="Another index serves every query that this one serves.",
    why="Each index is written on every INSERT and takes its share of memory; a superfluous one only costs.",
    fix="delete the index",
    bad=(
        "CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email text NOT NULL UNIQUE\n);\n"
        "CREATE INDEX idx_people_email ON people (email);"
    ),
    good="CREATE TABLE people (\n    id bigint PRIMARY KEY,\n    email text NOT NULL UNIQUE\n);",
)
RULES = (RULE,)


def check_all(outline: Outline) -> Iterator[Diagnostic]:
    """Compare each index with the keys and the other indexes of its table."""
    for name, indexes in outline.indexes_by_table.items():
        table = outline.tables.get(name)
        for position, index in enumerate(indexes):
            reason = _covered_by_key(index, table) or _covered_by_index(index, indexes, position)
            if reason:
                yield RULE.diagnostic(
                    f"{f'index {index.name}' if index.name else 'this index'} is superfluous: {reason}",
                    source=index.statement.source,
                    span=locate(index.statement, index.name) if index.name else head_span(index.statement),
                )


def _covered_by_key(index: Index, table: Table | None) -> str:
    if table is None or not index.is_plain or index.node.get("unique") or "indexIncludingParams" in index.node:
        return ""
    for constraint in table.constraints:
        if constraint.kind in {"CONSTR_PRIMARY", "CONSTR_UNIQUE"}:
            word = "the primary key" if constraint.kind == "CONSTR_PRIMARY" else "a UNIQUE constraint"
            same_order = constraint.columns[: len(index.columns)] == index.columns
            if same_order and (len(index.columns) == 1 or _orders(index) == [""] * len(index.columns)):
                return f"{word} on ({', '.join(constraint.columns)}) has an index already"
    return ""


def _orders(index: Index) -> list[str]:
    """Return the direction of each column, "" for the usual one."""
    found = []
    for item in index.node.get("indexParams", ()):
        element = item["IndexElem"]
        parts = (element.get("ordering", ""), element.get("nulls_ordering", ""))
        usual = {"", "SORTBY_DEFAULT", "SORTBY_ASC", "SORTBY_NULLS_DEFAULT"}
        found.append(" ".join(part for part in parts if part not in usual))
    return found


def _covered_by_index(index: Index, indexes: tuple[Index, ...], position: int) -> str:
    for other_position, other in enumerate(indexes):
        if other is index:
            continue
        label = f"index {other.name}" if other.name else f"the index on ({', '.join(other.columns)})"
        if other.columns == index.columns and _shape(other) == _shape(index):
            if other_position < position:
                return f"{label} is the same"
        elif (
            index.is_plain
            and other.is_plain
            and not index.node.get("unique")
            and "indexIncludingParams" not in index.node
            and other.columns[: len(index.columns)] == index.columns
            and _orders(other)[: len(index.columns)] == _orders(index)
            and len(other.columns) > len(index.columns)
        ):
            return f"{label} begins with the same columns"
    return ""


def _shape(index: Index) -> str:
    wanted = ("accessMethod", "indexParams", "whereClause", "unique", "indexIncludingParams", "nulls_not_distinct")
    return repr([without_locations(index.node.get(field)) for field in wanted])
