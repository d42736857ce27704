"""The columns that an action makes, for rules about their types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import AddColumn, AlterType, ColumnSpec, CreateTable

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
