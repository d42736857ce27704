"""What a step does to the database: each operation knows its SQL, and names the facts for those who write it otherwise.

A revision shows ``CreateTable`` as ``op.create_table(...)``; the proof and the snapshot run ``statements``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Constraint, Index, Table
    from alembic_vibe.catalog.keys import Key


@dataclass(frozen=True, slots=True)
class Execute:
    """One SQL statement."""

    sql: str

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
    """A constraint on a table that exists."""

    constraint: Constraint
    statements: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropConstraint:
    """A constraint goes."""

    constraint: Constraint
    statements: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """An index on a table that this run made: no need for CONCURRENTLY."""

    index: Index
    statements: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropIndex:
    """An index goes."""

    index: Index
    statements: tuple[str, ...] = field(repr=False)


Operation = Execute | CreateTable | DropTable | AddConstraint | DropConstraint | CreateIndex | DropIndex
