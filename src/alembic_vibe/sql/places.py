"""Where tables and columns stand in a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.sql.created import PUBLIC
from alembic_vibe.sql.locate import head_span, token_span
from alembic_vibe.sql.statement import Place
from alembic_vibe.sql.tree import elements, name_of, relation_name, unwrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic_vibe.sql.statement import Statement


def defined_by(statement: Statement) -> Key | None:
    """Return the table that CREATE TABLE or ALTER TABLE is about, or the enum of CREATE or ALTER TYPE."""
    kind, node = unwrap(statement.node)
    if kind in {"CreateStmt", "AlterTableStmt"}:
        name = relation_name(node.get("relation"))
        return Key(Kind.TABLE, name.schema or PUBLIC, name.name)
    if kind in {"CreateEnumStmt", "AlterEnumStmt"}:
        name = name_of(node.get("typeName"))
        return Key(Kind.ENUM, name.schema or PUBLIC, name.name)
    return None


def find_places(statements: Iterable[Statement]) -> dict[Key, Place]:
    """Return where each table and column is defined first: CREATE TABLE, or ALTER TABLE … ADD COLUMN."""
    places: dict[Key, Place] = {}
    for statement in statements:
        table = defined_by(statement)
        if table is None or table.kind is not Kind.TABLE:
            continue
        kind, node = unwrap(statement.node)
        if kind == "CreateStmt":
            places.setdefault(table, Place(statement.source, head_span(statement)))
        for sort, element in elements(kind, node):
            if sort == "ColumnDef":
                key = Key(Kind.COLUMN, table.schema, table.name, element["colname"])
                span = token_span(statement, element.get("location", 0))
                places.setdefault(key, Place(statement.source, span))
    return places
