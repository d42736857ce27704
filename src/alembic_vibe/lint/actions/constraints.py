"""What statements do to constraints and indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions.base import Action, OnTable

if TYPE_CHECKING:
    from alembic_vibe.lint.actions.base import ConstraintSpec, Expression
    from alembic_vibe.sql.tree import QualifiedName


@dataclass(frozen=True, slots=True)
class AddConstraint(OnTable):
    """ALTER TABLE … ADD CONSTRAINT. ``only``: not on the partitions."""

    constraint: ConstraintSpec
    only: bool = False


@dataclass(frozen=True, slots=True)
class DropConstraint(OnTable):
    """ALTER TABLE … DROP CONSTRAINT."""

    name: str
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class ValidateConstraint(OnTable):
    """ALTER TABLE … VALIDATE CONSTRAINT."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameConstraint(OnTable):
    """ALTER TABLE … RENAME CONSTRAINT."""

    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class CreateIndex(OnTable):
    """CREATE INDEX. ``columns`` holds "" for an expression; ``name`` is PostgreSQL's own choice where none is given."""

    name: str
    columns: tuple[str, ...]
    include: tuple[str, ...] = ()
    unique: bool = False
    concurrently: bool = False
    if_not_exists: bool = False
    only: bool = False
    method: str = "btree"
    predicate: Expression | None = None
    nulls_not_distinct: bool = False
    is_named: bool = True
    expressions_use: tuple[str, ...] = ()  # the columns that its expressions and predicate name
    key_names: tuple[str, ...] = ()  # what PostgreSQL calls its columns (``lower``, ``expr``) when it chooses a name


@dataclass(frozen=True, slots=True)
class DropIndex(Action):
    """DROP INDEX, one action for each index."""

    index: QualifiedName
    concurrently: bool = False
    if_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class RenameIndex(Action):
    """ALTER INDEX … RENAME TO."""

    index: QualifiedName
    new_name: str


@dataclass(frozen=True, slots=True)
class AttachIndex(Action):
    """ALTER INDEX … ATTACH PARTITION: ``index`` is the parent's."""

    index: QualifiedName
    partition_index: QualifiedName


@dataclass(frozen=True, slots=True)
class Reindex(Action):
    """REINDEX. ``target`` is index, table, schema, database or system."""

    target: str
    name: QualifiedName
    concurrently: bool = False
