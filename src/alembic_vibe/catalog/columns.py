"""Columns and what they are made of: facts that tables, views and types share. See ``facts``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key

Options = tuple[tuple[str, str], ...]  # storage parameters and the like, sorted by name


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRef:
    """A column's type: PostgreSQL's own spelling, and its parts for those who must spell it in another language.

    ``base`` is the element type without modifiers (``character varying``), ``modifiers`` the numbers in parentheses
    (``255``; ``10,2``; empty), ``array`` whether it is an array of it, ``key`` the user-defined type behind it.
    ``origin`` is ``base`` (built in), ``enum``, ``domain``, ``composite``, ``range`` or ``extension``.
    """

    text: str
    base: str = field(compare=False)
    modifiers: str = field(default="", compare=False)
    array: bool = field(default=False, compare=False)
    origin: str = field(default="base", compare=False)
    key: Key | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceOptions:
    """How a sequence counts; all in units of the sequence."""

    type: str = "bigint"
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int = 9223372036854775807
    cache: int = 1
    cycle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, composite type or view."""

    name: str
    type: TypeRef
    not_null: bool = False
    default: str | None = None  # also the expression of a generated column
    volatile_default: bool = field(default=False, compare=False)  # it may give another value for each row
    generated: str = ""  # "", "stored" or "virtual"
    identity: str = ""  # "", "always" or "by default"
    identity_options: SequenceOptions | None = None
    identity_sequence: str = ""  # only where it is not the name that PostgreSQL chooses
    collation: str | None = None  # only where it differs from the type's own
    storage: str | None = None  # only where it differs from the type's own: "plain", "main", …
    compression: str | None = None
    statistics: int | None = None
    options: Options = ()  # ALTER COLUMN … SET (n_distinct = …)
    not_null_name: str | None = None  # PostgreSQL 18: only where it differs from table_column_not_null
    inherited: bool = False  # comes from a parent table or partitioned table, and not declared here
    comment: str | None = None
