"""What statements do to types and domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions.base import Action

if TYPE_CHECKING:
    from alembic_vibe.lint.actions.base import Type
    from alembic_vibe.sql.tree import QualifiedName


@dataclass(frozen=True, slots=True)
class CreateEnum(Action):
    """CREATE TYPE … AS ENUM."""

    type: QualifiedName
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddEnumValue(Action):
    """ALTER TYPE … ADD VALUE."""

    type: QualifiedName
    label: str
    if_not_exists: bool = False
    neighbour: str = ""  # the label BEFORE (or AFTER) which it stands; "" for the end
    after: bool = False


@dataclass(frozen=True, slots=True)
class RenameEnumValue(Action):
    """ALTER TYPE … RENAME VALUE."""

    type: QualifiedName
    label: str
    new_label: str


@dataclass(frozen=True, slots=True)
class CreateDomain(Action):
    """CREATE DOMAIN. ``constrained``: it has a CHECK or NOT NULL, whose names are ``constraints``."""

    type: QualifiedName
    base: Type
    constrained: bool = False
    constraints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlterDomain(Action):
    """ALTER DOMAIN … ADD CONSTRAINT or SET NOT NULL (``constrains``), or anything else of it.

    Without ``valid`` (NOT VALID) every table with a column of the domain is read whole.
    """

    type: QualifiedName
    constrains: bool = False
    valid: bool = True
    name: str = ""  # of the constraint that it adds, or that ``renames`` gets
    drops: str = ""  # the constraint that it drops
    validates: str = ""
    renames: str = ""


@dataclass(frozen=True, slots=True)
class CreateType(Action):
    """CREATE TYPE of another kind than an enum."""

    type: QualifiedName


@dataclass(frozen=True, slots=True)
class DropType(Action):
    """DROP TYPE, DROP DOMAIN, one action for each."""

    type: QualifiedName
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameType(Action):
    """ALTER TYPE … RENAME TO (``new_schema`` empty) or SET SCHEMA (``new_name`` empty)."""

    type: QualifiedName
    new_name: str = ""
    new_schema: str = ""
