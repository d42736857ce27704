"""The columns that an action makes, for rules about their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import AddColumn, AlterType, ColumnSpec, CreateTable
from alembic_vibe.lint.examples import Leaves
from alembic_vibe.lint.wording import column_name
from alembic_vibe.sql.quoting import quote_literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import OnTable

MAKERS = (CreateTable, AddColumn, AlterType)


def columns_made(action: OnTable) -> Iterator[ColumnSpec]:
    """Yield new columns, and columns with a new type (of which no more than name and type are known)."""
    if isinstance(action, CreateTable):
        yield from action.columns
    elif isinstance(action, AddColumn):
        yield action.column
    elif isinstance(action, AlterType):
        yield ColumnSpec(action.column, action.type)


def columns_of(action: OnTable, *types: str) -> Iterator[tuple[str, ColumnSpec]]:
    """Yield those of one of PostgreSQL's own types, each with its name as it is shown."""
    for column in columns_made(action):
        schema, name = column.type.name
        if not schema and name in types:
            yield column_name(action.table, column.name), column


def has_type(column: str, type_: str) -> Leaves:
    """Return the evidence that a column of ``orders`` is of a type, for the examples of a rule."""
    return Leaves(
        f"SELECT atttypid = {quote_literal(type_)}::regtype FROM pg_attribute "  # noqa: S608 - quoted
        f"WHERE attrelid = 'orders'::regclass AND attname = {quote_literal(column)}"
    )
