"""What statements do to rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.lint.actions.base import Action, OnTable

if TYPE_CHECKING:
    from alembic_vibe.lint.actions.base import Expression
    from alembic_vibe.sql.tree import QualifiedName


@dataclass(frozen=True, slots=True)
class Insert(OnTable):
    """INSERT. ``from_query``: INSERT … SELECT over tables that it ``reads``."""

    from_query: bool = False
    reads: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()  # the string constants within: an enum's labels may be among them


@dataclass(frozen=True, slots=True)
class Update(OnTable):
    """UPDATE, MERGE. ``bounded``: it has a WHERE. ``reads`` are the other relations that it names."""

    bounded: bool
    columns: tuple[str, ...] = ()
    reads: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Delete(OnTable):
    """DELETE. ``bounded``: it has a WHERE."""

    bounded: bool
    reads: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Truncate(OnTable):
    """TRUNCATE, one action for each table."""

    cascade: bool = False


@dataclass(frozen=True, slots=True)
class Select(Action):
    """SELECT, VALUES, WITH: ``reads`` are the relations that it names, ``calls`` the functions."""

    reads: tuple[QualifiedName, ...] = ()
    calls: tuple[QualifiedName, ...] = ()
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy(OnTable):
    """COPY … FROM (``writes``) or TO."""

    writes: bool = True
