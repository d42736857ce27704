"""What a step does to the database: each operation knows its SQL, and names the facts for those who write it otherwise.

A revision shows ``CreateTable`` as ``op.create_table(...)``; the proof and the snapshot run ``statements``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Constraint, Index, Table
    from alembic_vibe.catalog.keys import Key


class Excuse(NamedTuple):
    """Why a statement may stand although the linter has a rule against it: the rule's name, and the reason."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Execute:
    """One SQL statement. ``excuses`` are written above it as ``# vibe: ignore[…]``."""

    sql: str
    excuses: tuple[Excuse, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """The statement itself."""
        return (self.sql,)


@dataclass(frozen=True, slots=True)
class CreateTable:
    """A table with its columns, the comments on them, and the constraints that can be made with it."""

    table: Table
    constraints: tuple[Constraint, ...]
    statements: tuple[str, ...] = field(repr=False)
    serial: tuple[str, ...] = ()  # columns whose sequence is made by the table itself


@dataclass(frozen=True, slots=True)
class DropTable:
    """A table goes, with everything that hangs on it."""

    key: Key
    statements: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddConstraint:
    """A constraint on a table that exists; ``not_valid``: for new rows only, until it is validated."""

    constraint: Constraint
    statements: tuple[str, ...] = field(repr=False)
    not_valid: bool = False
    excuses: tuple[Excuse, ...] = ()


@dataclass(frozen=True, slots=True)
class DropConstraint:
    """A constraint goes."""

    constraint: Constraint
    statements: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """An index; ``concurrently`` where the table is in use, and then outside a transaction."""

    index: Index
    statements: tuple[str, ...] = field(repr=False)
    concurrently: bool = False
    excuses: tuple[Excuse, ...] = ()


@dataclass(frozen=True, slots=True)
class DropIndex:
    """An index goes; ``concurrently`` as for ``CreateIndex``; ``if_exists`` for what a crash may have left."""

    index: Index
    statements: tuple[str, ...] = field(repr=False)
    concurrently: bool = False
    if_exists: bool = False
    excuses: tuple[Excuse, ...] = ()


@dataclass(frozen=True, slots=True)
class AddColumn:
    """A column on a table that is there. ``column`` says what it is; the statements may say it in several parts."""

    table: Key
    column: Column
    statements: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropColumn:
    """A column goes, with its rows' values."""

    table: Key
    name: str
    statements: tuple[str, ...] = field(repr=False)


Operation = (
    Execute
    | CreateTable
    | DropTable
    | AddConstraint
    | DropConstraint
    | CreateIndex
    | DropIndex
    | AddColumn
    | DropColumn
)
