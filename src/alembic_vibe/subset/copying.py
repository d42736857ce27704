"""Carry the chosen rows from the source through the masks to a target: a database or a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from alembic_vibe.subset.source import Row, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from psycopg import Connection

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diagnostics import Diagnostic
    from alembic_vibe.subset.row_sets import RowSets
    from alembic_vibe.subset.schema import Schema, Table


Written = tuple["Key", "Sequence[str]", "Iterable[Sequence[Row]]"]  # a table, its columns, and what went into it


class TableMask(Protocol):
    """What masks the rows of one table, as texts, some at a time."""

    def rows(self, batch: Sequence[Row]) -> list[Row]:
        """Return the rows as they may leave."""


class Target(Protocol):
    """Where the rows go: a database or a folder."""

    def accept(self, source: Schema) -> list[Diagnostic]:
        """Agree upon tables and columns, and prepare the load."""

    @property
    def order(self) -> list[Table]:
        """The tables in the order of the load; of the target, so by key."""

    def load(self, table: Table, columns: Sequence[str], batches: Iterable[Sequence[Row]]) -> int:
        """Take the rows of a table."""

    def finish(self) -> None:
        """Check what was left to the end."""

    def written(self) -> Iterator[Written]:
        """Give what has arrived, as it is read again."""


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows of a table went to the target."""

    key: Key
    rows: int
    of: int
    exact: bool


def copy_rows(
    source: Connection[Any],
    schema: Schema,
    sets: RowSets,
    target: Target,
    mask_of: Callable[[Key, Sequence[str]], TableMask],
    tell: Callable[[str], None],
) -> list[Copied]:
    """Copy every table, those that others refer to first.

    Raises:
        EnvironmentFailureError: The source failed, or a file cannot be written.
        FindingsError: The target refuses a row.
    """
    by_key = {table.key: table for table in schema.tables.values()}
    copied = []
    for wanted in target.order:
        table = by_key[wanted.key]
        if not table.columns:  # nothing that could be written
            copied.append(Copied(table.key, 0, table.rows, table.exact))
            continue
        mask = mask_of(table.key, table.columns)
        batches = _masked(read_rows(source, table, table.columns, sets), mask, table, tell)
        copied.append(Copied(table.key, target.load(table, table.columns, batches), table.rows, table.exact))
    return copied


def _masked(
    batches: Iterable[list[Row]], mask: TableMask, table: Table, tell: Callable[[str], None]
) -> Iterator[list[Row]]:
    done = 0
    for rows in batches:
        tell(f"copying {table.name}: {done:,} rows")
        yield mask.rows(rows)
        done += len(rows)
