"""The schema that the statements of a chain have made so far: kept in memory, without a server.

It knows what the chain told it and nothing else. A table that no statement of the chain has made is not here (a base
that was stamped, a revision that could not be followed): rules take what is unknown to be there and in use.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
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
    generated_from: tuple[str, ...] = ()  # the columns that its expression names


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
    expressions_use: tuple[str, ...] = ()  # the columns that its expressions and predicate name
    key_names: tuple[str, ...] = ()  # what PostgreSQL calls its columns when it chooses a name
    parent: str = ""  # the index of the partitioned table that it belongs to
    nulls_not_distinct: bool = False

    def needs(self, column: str) -> bool:
        """Whether the index goes when the column goes."""
        return column in self.columns or column in self.include or column in self.expressions_use


# All values of one, in the order in which it is made: copying is most of what a long chain asks of the schema.
_OF_COLUMN, _OF_CONSTRAINT, _OF_INDEX = (
    attrgetter(*(one.name for one in fields(kind))) for kind in (Column, Constraint, Index)
)


@dataclass(slots=True)
class Table:
    """A table, or a materialized view, as it is now.

    ``complete``: all its columns are known (not so after AS, or where a table that it takes them from is not known).
    """

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
    materialized: bool = False  # a materialized view: its columns are not known, its indexes are
    heirs: list[QualifiedName] = field(default_factory=list)  # the tables that inherit from it

    def copy(self) -> Table:
        """Return a copy that can change without this one; expressions and specifications are shared, they never do."""
        return replace(
            self,
            columns={name: Column(*_OF_COLUMN(column)) for name, column in self.columns.items()},
            constraints={name: Constraint(*_OF_CONSTRAINT(one)) for name, one in self.constraints.items()},
            indexes={name: Index(*_OF_INDEX(index)) for name, index in self.indexes.items()},
            partitions=dict(self.partitions),
            triggers=dict(self.triggers),
            heirs=list(self.heirs),
        )

    @property
    def is_partitioned(self) -> bool:
        """Whether it is the parent of partitions."""
        return self.partition_key is not None


@dataclass(slots=True)
class Schema:
    """All that the chain has made so far, by resolved name.

    Copies share their tables until one of them changes: whoever changes a table takes it from ``change``.
    """

    tables: dict[QualifiedName, Table] = field(default_factory=dict)
    enums: dict[QualifiedName, tuple[str, ...]] = field(default_factory=dict)
    domains: dict[QualifiedName, bool] = field(default_factory=dict)  # name → whether a CHECK or NOT NULL binds it
    functions: dict[QualifiedName, str] = field(default_factory=dict)  # name → volatility
    views: dict[QualifiedName, tuple[QualifiedName, ...]] = field(default_factory=dict)  # name → what it reads
    made_by: dict[QualifiedName, str] = field(default_factory=dict)  # types, views, functions → revision
    search_path: str = "public"
    dropped_columns: dict[tuple[QualifiedName, str], str] = field(default_factory=dict)  # → revision that dropped it
    domain_constraints: dict[QualifiedName, tuple[str, ...]] = field(default_factory=dict)
    domain_bases: dict[QualifiedName, Type] = field(default_factory=dict)
    _own: set[QualifiedName] = field(default_factory=set, repr=False, compare=False)  # tables shared with no copy

    def table(self, name: QualifiedName) -> Table | None:
        """Return a table to look at, or None where the chain does not know it; a temporary one goes first."""
        if name.schema == self.search_path:
            temporary = self.tables.get(name._replace(schema="pg_temp"))
            if temporary is not None:
                return temporary
        return self.tables.get(name)

    def change(self, name: QualifiedName) -> Table | None:
        """Return a table to change, or None where the chain does not know it."""
        table = self.table(name)
        if table is None or table.name in self._own:
            return table
        mine = self.tables[table.name] = table.copy()
        self._own.add(table.name)
        return mine

    def put(self, table: Table) -> None:
        """Take in a table that no other schema has, in place of one of that name."""
        self.tables[table.name] = table
        self._own.add(table.name)

    def remove(self, name: QualifiedName) -> Table | None:
        """Take a table out, and return it."""
        self._own.discard(name)
        return self.tables.pop(name, None)

    def copy(self) -> Schema:
        """Return a copy that goes its own way from here."""
        self._own.clear()
        return replace(
            self,
            tables=dict(self.tables),
            enums=dict(self.enums),
            domains=dict(self.domains),
            functions=dict(self.functions),
            views=dict(self.views),
            made_by=dict(self.made_by),
            dropped_columns=dict(self.dropped_columns),
            domain_constraints=dict(self.domain_constraints),
            domain_bases=dict(self.domain_bases),
            _own=set(),
        )

    def made_type(self, kind: Type) -> QualifiedName | None:
        """Return the enum, domain or other type that the chain has made and that a column's type means."""
        for schema in (kind.name.schema,) if kind.name.schema else (self.search_path, "public"):
            name = kind.name._replace(schema=schema)
            if name in self.enums or name in self.domains or name in self.made_by:
                return name
        return None

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
