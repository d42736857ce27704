"""What actions are made of: types, expressions, columns and constraints as statements write them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.sql.tree import Node, QualifiedName

UNKNOWN_TYPE = "vibe_unknown"  # the type of a column whose class comes from a module that is not installed


@dataclass(frozen=True, slots=True)
class Type:
    """A type as written: name (schema "" for built-ins and for what the search path finds), modifiers, dimensions.

    ``words`` are modifiers that are no numbers: ``point`` of ``geometry(point, 4326)``, the mask of an interval's
    fields.
    """

    name: QualifiedName
    modifiers: tuple[int, ...] = ()
    is_array: bool = False
    words: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is a real name."""
        return self.name.name != UNKNOWN_TYPE


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression: its text as written (or PostgreSQL's print of it), and its libpg_query tree."""

    text: str
    node: Node = field(repr=False, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class ConstraintSpec:
    """A constraint as a statement writes it. ``name`` is never empty: PostgreSQL's own choice where none is given.

    ``kind``: primary, unique, foreign, check, exclude, not null.
    """

    name: str
    kind: str
    columns: tuple[str, ...] = ()
    is_named: bool = True
    expression: Expression | None = None
    valid: bool = True  # False: NOT VALID
    references: QualifiedName | None = None
    reference_columns: tuple[str, ...] = ()
    using_index: str = ""
    on_delete: str = ""  # CASCADE, SET NULL …
    deferrable: bool = False
    include: tuple[str, ...] = ()
    enforced: bool = True  # False: NOT ENFORCED, never valid
    method: str = ""  # of an exclusion constraint: gist …
    predicated: bool = False  # an exclusion constraint with WHERE


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column as a statement writes it, with the constraints written on it. ``generated``: stored, virtual or ""."""

    name: str
    type: Type
    not_null: bool = False
    default: Expression | None = None
    generated: str = ""
    identity: bool = False
    serial: bool = False
    collation: str = ""
    constraints: tuple[ConstraintSpec, ...] = ()
    generated_from: tuple[str, ...] = ()  # the columns that the expression of a generated column names


@dataclass(frozen=True, slots=True)
class Action:
    """The base of all actions; by itself a statement that changes no table and takes no lock that matters."""


@dataclass(frozen=True, slots=True)
class OnTable(Action):
    """An action on one table."""

    table: QualifiedName
