"""Tables and what hangs on them: constraints, indexes, statistics objects; sequences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.keys import Key, Kind

if TYPE_CHECKING:
    from alembic_vibe.catalog.columns import Column, Options, SequenceOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence that is not behind an identity column. ``owned_by`` is (table key, column)."""

    key: Key
    options: SequenceOptions
    unlogged: bool = False
    owned_by: tuple[Key, str] | None = None
    owner: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An ordinary table, a partitioned table or a partition.

    The order of ``columns`` is the table's own; comparing ignores it (see ``diff``).
    """

    key: Key
    columns: tuple[Column, ...]
    partition_key: str | None = None  # "RANGE (created_at)": the table is partitioned
    partition_of: Key | None = None
    partition_bound: str | None = None  # "FOR VALUES FROM (…) TO (…)" or "DEFAULT"
    inherits: tuple[Key, ...] = ()  # plain inheritance, in order
    options: Options = ()
    unlogged: bool = False
    access_method: str = "heap"
    tablespace: str | None = None
    of_type: Key | None = None
    row_security: bool = False
    force_row_security: bool = False
    replica_identity: str = "default"  # "default", "nothing", "full" or "index <name>"
    owner: str | None = None
    comment: str | None = None

    def column(self, name: str) -> Column:
        """Return the column of that name; raises ``KeyError``."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class ConstraintKind:
    """The letters of ``pg_constraint.contype``."""

    PRIMARY = "p"
    UNIQUE = "u"
    CHECK = "c"
    EXCLUDE = "x"
    FOREIGN = "f"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKey:
    """One key of an index or exclusion constraint: a column or an expression, and how it is ordered."""

    column: str | None  # None: an expression
    expression: str  # as the server prints it: the quoted column name, or the expression in its parentheses
    collation: str | None = None  # only where it is not the column's own
    opclass: str | None = None  # only where it is not the default; with its parameters
    descending: bool = False
    nulls_first: bool = False
    operator: str | None = None  # exclusion constraints only
    statistics: int | None = None  # of an expression: ALTER INDEX … ALTER COLUMN … SET STATISTICS


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A table constraint. ``definition`` is ``pg_get_constraintdef``; the rest is the same fact in parts."""

    key: Key  # (CONSTRAINT, schema, table, name)
    kind: str  # a letter of ConstraintKind
    definition: str
    columns: tuple[str, ...] = ()
    expression: str | None = None  # CHECK: without the outer CHECK ( )
    references: Key | None = None  # foreign key: the other table
    reference_columns: tuple[str, ...] = ()
    on_update: str = "NO ACTION"
    on_delete: str = "NO ACTION"
    on_delete_columns: tuple[str, ...] = ()  # ON DELETE SET NULL (columns)
    match: str = "SIMPLE"
    deferrable: bool = False
    initially_deferred: bool = False
    validated: bool = True
    enforced: bool = True
    no_inherit: bool = False
    nulls_not_distinct: bool = False
    without_overlaps: bool = False
    include: tuple[str, ...] = ()
    method: str = "btree"
    keys: tuple[IndexKey, ...] = ()  # EXCLUDE
    predicate: str | None = None  # EXCLUDE … WHERE
    options: Options = ()  # of the index behind it
    clustered: bool = False  # CLUSTER ON the index behind it
    inherited: bool = False  # comes from the parent table alone
    comment: str | None = None

    @property
    def name(self) -> str:
        """The constraint's own name."""
        return self.key.member

    @property
    def table(self) -> Key:
        """The key of the table that has it."""
        return Key(Kind.TABLE, self.key.schema, self.key.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index that stands on its own (not behind a constraint)."""

    key: Key  # (INDEX, schema, index name)
    table: Key
    definition: str
    unique: bool = False
    method: str = "btree"
    keys: tuple[IndexKey, ...] = ()
    include: tuple[str, ...] = ()
    predicate: str | None = None
    nulls_not_distinct: bool = False
    options: Options = ()
    tablespace: str | None = None
    clustered: bool = False
    valid: bool = True
    inherited: bool = False  # part of an index of the partitioned parent
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """An extended statistics object."""

    key: Key
    table: Key
    definition: str
    target: int | None = None  # ALTER STATISTICS … SET STATISTICS
    owner: str | None = None
    comment: str | None = None
