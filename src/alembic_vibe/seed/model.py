"""Seed rows as data: what the specification's INSERTs say, independent of the database that will hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.source import Source, Span


@dataclass(frozen=True, slots=True)
class SqlValue:
    """A value that the database works out when the row is written, such as ``now()`` or a subquery."""

    sql: str


Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Value = Json | SqlValue


@dataclass(frozen=True, slots=True)
class SeedRow:
    """One row: values by column; columns that are left out get their default. ``source`` and ``span``: its place."""

    values: Mapping[str, Value]
    source: Source | None = field(default=None, repr=False, compare=False)
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from that are no INSERTs of the specification; kept in their file.

    Attributes:
        source: The library and its version, such as ``iso3166 3.0.0``.
        columns: What each column holds, in the library's words.
        own: The keys of rows that the specification gives itself.
        digest: Of the rows as they were written, where they have been edited since; "" where they have not.
        comments: Lines of people in the head of the file.
    """

    source: str
    columns: Mapping[str, str]
    own: tuple[str, ...] = ()
    digest: str = ""
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeedTable:
    """The rows of one table. ``conflict`` are the columns that tell rows apart (the natural key).

    ``origin`` is there where a library gave the rows: they stay as their file has them.
    """

    key: Key
    conflict: tuple[str, ...]
    rows: tuple[SeedRow, ...]
    origin: Origin | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that some row gives, in the order of first use."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.values))
