"""Whether an index may be made later than it was: what runs in between must neither need it nor touch what it needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions import (
    AddColumn,
    AddConstraint,
    CreateIndex,
    CreateTable,
    Delete,
    DropColumn,
    DropConstraint,
    DropDefault,
    DropIndex,
    DropNotNull,
    DropSchema,
    Insert,
    Other,
    RenameSchema,
    RunCode,
    SetDefault,
    SetNotNull,
    SetRole,
    SetVariable,
    TransactionControl,
    Update,
)

if TYPE_CHECKING:
    from alembic_vibe.lint.actions import Action
    from alembic_vibe.lint.model import Read

_NEVER_MATTERS = (AddColumn, SetDefault, DropDefault, SetNotNull, DropNotNull, CreateIndex, DropIndex)
# A unique index is what ON CONFLICT and foreign keys need, and what duplicates run into.
_MATTERS_IF_UNIQUE = (AddConstraint, DropConstraint, CreateTable, Insert, Update, Delete)
_NEUTRAL_STATEMENTS = frozenset({"CommentStmt", "GrantStmt"})
_MAY_DO_ANYTHING = (RunCode, SetRole, TransactionControl, DropSchema, RenameSchema)


def is_independent(read: Read, index: CreateIndex) -> bool:
    """Whether a statement does the same before and after an index is made, and the index too."""
    if not read.actions or read.emitted.opaque or _mentions(read.sql, index.name):
        return False
    return all(_is_independent(action, read, index) for action in read.actions)


def _is_independent(action: Action, read: Read, index: CreateIndex) -> bool:
    if isinstance(action, SetVariable):
        return is_timeout(action)
    if isinstance(action, CreateIndex) and (action.table.schema, action.name) == (index.table.schema, index.name):
        return False
    if isinstance(action, _NEVER_MATTERS):
        return True
    if not _mentions(read.sql, index.table.name):
        return not isinstance(action, _MAY_DO_ANYTHING)
    if isinstance(action, DropColumn):
        used = {*index.columns, *index.include, *index.expressions_use}
        return action.table != index.table or action.column not in used
    if isinstance(action, _MATTERS_IF_UNIQUE):
        return not index.unique
    return isinstance(action, Other) and action.kind in _NEUTRAL_STATEMENTS


def is_timeout(action: Action) -> bool:
    """Whether an action only sets or resets a time-out."""
    return isinstance(action, SetVariable) and action.name in {"lock_timeout", "statement_timeout"}


def _mentions(sql: str, name: str) -> bool:
    return re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", sql, re.IGNORECASE) is not None
