"""What statements do to columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions.base import OnTable

if TYPE_CHECKING:
    from alembic_vibe.lint.actions.base import ColumnSpec, Expression, Type


@dataclass(frozen=True, slots=True)
class AddColumn(OnTable):
    """ALTER TABLE … ADD COLUMN."""

    column: ColumnSpec
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropColumn(OnTable):
    """ALTER TABLE … DROP COLUMN."""

    column: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameColumn(OnTable):
    """ALTER TABLE … RENAME COLUMN."""

    column: str
    new_name: str


@dataclass(frozen=True, slots=True)
class AlterType(OnTable):
    """ALTER COLUMN … TYPE."""

    column: str
    type: Type
    using: Expression | None = None
    collation: str = ""


@dataclass(frozen=True, slots=True)
class SetNotNull(OnTable):
    """ALTER COLUMN … SET NOT NULL."""

    column: str


@dataclass(frozen=True, slots=True)
class DropNotNull(OnTable):
    """ALTER COLUMN … DROP NOT NULL."""

    column: str


@dataclass(frozen=True, slots=True)
class SetDefault(OnTable):
    """ALTER COLUMN … SET DEFAULT."""

    column: str
    default: Expression


@dataclass(frozen=True, slots=True)
class DropDefault(OnTable):
    """ALTER COLUMN … DROP DEFAULT."""

    column: str


@dataclass(frozen=True, slots=True)
class AddIdentity(OnTable):
    """ALTER COLUMN … ADD GENERATED … AS IDENTITY."""

    column: str


@dataclass(frozen=True, slots=True)
class DropExpression(OnTable):
    """ALTER COLUMN … DROP EXPRESSION, DROP IDENTITY; ``what`` is expression or identity."""

    column: str
    what: str
