"""The schema that the statements of a chain have made so far: kept in memory, without a server.

It knows what the chain told it and nothing else. A table that no statement of the chain has made is not here (a base
that was stamped, a revision that could not be followed): rules take what is unknown to be there and in use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import ConstraintSpec, Expression, Type
    from alembic_vibe.sql.tree import QualifiedName


@dataclass(slots=True)
class Column:
    """A column as it is now. ``added_by`` is the revision that added it (that of the table, for its first columns)."""

    name: str
    type: Type
    not_null: bool = False
    default: Expression | None = None
    generated: str = ""
    identity: bool = False
    collation: str = ""
    added_by: str = ""


@dataclass(slots=True)
class Constraint:
    """A constraint as it is now; ``spec.valid`` is how it was made, ``valid`` whether it holds for every row now."""

    spec: ConstraintSpec
    valid: bool
    added_by: str = ""
    validated_by: str = ""  # the revision that validated it (``added_by`` where it was made valid)


@dataclass(slots=True)
class Index:
    """An index as it is now. ``constraint`` names the constraint that it belongs to, if any."""

    name: str
    table: QualifiedName
    columns: tuple[str, ...]
    unique: bool = False
    partial: bool = False
    method: str = "btree"
    valid: bool = True
    constraint: str = ""
    added_by: str = ""
    include: tuple[str, ...] = ()
    predicate: Expression | None = None


@dataclass(slots=True)
class Table:
    """A table as it is now. ``complete``: all its columns are known (not so after INHERITS, LIKE and AS)."""

    name: QualifiedName
    created_by: str = ""  # the revision that made it
    columns: dict[str, Column] = field(default_factory=dict)
    constraints: dict[str, Constraint] = field(default_factory=dict)
    indexes: dict[str, Index] = field(default_factory=dict)
    partition_key: tuple[str, ...] | None = None
    parent: QualifiedName | None = None  # of which it is a partition
    partitions: dict[QualifiedName, bool] = field(default_factory=dict)  # partition → whether it is the DEFAULT one
    triggers: dict[str, str] = field(default_factory=dict)  # name → the revision that made it
    row_security: bool = False
    forced_row_security: bool = False
    complete: bool = True
    temporary: bool = False
    in_doubt: bool = False  # a part of the chain that may have changed it could not be followed

    @property
    def is_partitioned(self) -> bool:
        """Whether it is the parent of partitions."""
        return self.partition_key is not None


@dataclass(slots=True)
class Schema:
    """All that the chain has made so far, by resolved name."""

    tables: dict[QualifiedName, Table] = field(default_factory=dict)
    enums: dict[QualifiedName, list[str]] = field(default_factory=dict)
    domains: dict[QualifiedName, bool] = field(default_factory=dict)  # name → whether a CHECK or NOT NULL binds it
    functions: dict[QualifiedName, str] = field(default_factory=dict)  # name → volatility
    views: dict[QualifiedName, tuple[QualifiedName, ...]] = field(default_factory=dict)  # name → what it reads
    made_by: dict[QualifiedName, str] = field(default_factory=dict)  # types, views, functions → revision
    search_path: str = "public"
    dropped_columns: dict[tuple[QualifiedName, str], str] = field(default_factory=dict)  # → revision that dropped it

    def table(self, name: QualifiedName) -> Table | None:
        """Return a table, or None where the chain does not know it."""
        return self.tables.get(name)

    def index(self, name: QualifiedName) -> Index | None:
        """Return the index of that name; indexes live in the schema of their table."""
        for table in self.tables.values():
            if table.name.schema == name.schema and name.name in table.indexes:
                return table.indexes[name.name]
        return None

    def references_to(self, name: QualifiedName) -> Iterator[tuple[Table, Constraint]]:
        """Yield the foreign keys that refer to a table, each with its own table."""
        for table in self.tables.values():
            for constraint in table.constraints.values():
                if constraint.spec.references == name:
                    yield table, constraint
