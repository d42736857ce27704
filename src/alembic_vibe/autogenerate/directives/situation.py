"""What a recipe may ask: which tables are in use, what else the script does, what the server and the models know."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops
from alembic.util import sqla_compat
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import conv

from alembic_vibe.autogenerate.directives.translated import schema_of, table_of_object
from alembic_vibe.autogenerate.operations import ObjectOp
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.lint.chosen_names import chosen_name
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic.operations.ops import MigrateOperation
    from alembic.runtime.migration import MigrationContext

log = logging.getLogger("alembic.autogenerate.safe_directives")

TableKey = tuple[str | None, str]


def table_key(operation: MigrateOperation) -> TableKey | None:
    """Return the schema and name of the table that an operation is about; None where it is about none."""
    if isinstance(operation, ops.CreateForeignKeyOp):
        return operation.kw.get("source_schema"), str(operation.source_table)
    if isinstance(operation, ObjectOp):
        found = table_of_object(operation)
        return None if found is None else (schema_of(found), found.name)
    name = getattr(operation, "table_name", None)
    return None if name is None else (getattr(operation, "schema", None), str(name))


@dataclass
class Situation:
    """One script, taken apart: its operations of both directions, without the containers of Alembic."""

    context: MigrationContext
    upgrade: Sequence[MigrateOperation]
    downgrade: Sequence[MigrateOperation]
    lock_timeout: str
    told: list[str] = field(default_factory=list)

    @cached_property
    def created(self) -> frozenset[TableKey | None]:
        """The tables that the script creates."""
        return frozenset(table_key(one) for one in self.upgrade if isinstance(one, ops.CreateTableOp))

    @cached_property
    def dropped(self) -> frozenset[TableKey | None]:
        """The tables that it drops."""
        return frozenset(table_key(one) for one in self.upgrade if isinstance(one, ops.DropTableOp))

    def tell(self, message: str) -> None:
        """Say something to whoever runs the command, once."""
        if message not in self.told:
            self.told.append(message)
            log.warning("%s", message)

    def is_in_use(self, operation: MigrateOperation) -> bool:
        """Whether the operation is about a table that is there before the script and after it."""
        key = table_key(operation)
        return key is not None and key not in self.created and key not in self.dropped

    def locked(self, operation: MigrateOperation) -> frozenset[TableKey | None]:
        """Return the tables in use that an operation locks; an unknown operation locks none that is known."""
        key = table_key(operation)
        found = {key} if key is not None and key not in self.created else set()
        if isinstance(operation, ops.CreateForeignKeyOp):
            found.add((operation.kw.get("referent_schema"), str(operation.referent_table)))
        elif isinstance(operation, ops.CreateTableOp | ops.DropTableOp):
            for one in _references(operation):
                parts = one.elements[0].target_fullname.split(".")
                found.add((parts[-3] if len(parts) > 2 else None, parts[-2]))
        return frozenset(one for one in found if one not in self.created)

    def table(self, key: TableKey | None) -> sa.Table | None:
        """Return the model's table, if the models have it."""
        given = self.context.opts.get("target_metadata")
        name = "" if key is None else f"{key[0]}.{key[1]}" if key[0] else key[1]
        for metadata in given if isinstance(given, list | tuple) else [given] if given is not None else []:
            if name in metadata.tables:
                found: sa.Table = metadata.tables[name]
                return found
        return None

    def is_partitioned(self, operation: MigrateOperation) -> bool:
        """Whether the table is divided into partitions, as the server says, else the models."""
        key = table_key(operation)
        if key is None:
            return False
        kind = self.ask(
            "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = to_regclass(:name)", name=str(sql_name(key))
        )
        if kind:
            return bool(kind[0][0] == "p")
        table = self.table(key)
        return table is not None and bool(table.dialect_options["postgresql"].get("partition_by"))

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query that only reads; none without a connection."""
        connection = self.context.connection
        if connection is None:
            return []
        return [tuple(row) for row in connection.execute(sa.text(query), values)]

    def named(self, constraint: ops.AddConstraintOp | ops.DropConstraintOp) -> conv:
        """Return the name that the server will know the constraint by: the model's, or what PostgreSQL chooses."""
        given: str | None = getattr(constraint, "constraint_name", None)
        if given is None:
            found = constraint if isinstance(constraint, ops.AddConstraintOp) else constraint._reverse
            key = table_key(found) if found is not None else table_key(constraint)
            kind, columns = _key(found)
            return conv(chosen_name(key[1] if key else "", kind, columns))
        if isinstance(given, conv) or isinstance(constraint, ops.DropConstraintOp):
            return conv(str(given))
        final = sqla_compat._get_constraint_final_name(constraint.to_constraint(self.context), self.context.dialect)
        return conv(str(final or given))

    def is_retyped(self, operation: MigrateOperation) -> bool:
        """Whether a column of its table changes its type: what is replaced may be in the way, and has to go before."""
        key = table_key(operation)
        return any(
            table_key(one) == key
            and (
                (isinstance(one, ops.AlterColumnOp) and one.modify_type is not None)
                or (isinstance(one, ObjectOp) and one.key.kind is Kind.COLUMN)
            )
            for one in self.upgrade
        )

    def dropped_as(self, constraint: ops.AddConstraintOp) -> ops.DropConstraintOp | None:
        """Return what drops the constraint of the same name from the same table in this script: it is replaced."""
        if self.is_retyped(constraint):
            return None
        key, name = table_key(constraint), str(self.named(constraint))
        for one in self.upgrade:
            if isinstance(one, ops.DropConstraintOp) and table_key(one) == key and str(self.named(one)) == name:
                return one
        return None

    def added_as(self, constraint: ops.DropConstraintOp) -> ops.AddConstraintOp | None:
        """Return what adds a constraint of the same name to the same table."""
        found = (one for one in self.upgrade if isinstance(one, ops.AddConstraintOp))
        return next((one for one in found if self.dropped_as(one) is constraint), None)

    def undo_of(self, operation: MigrateOperation) -> MigrateOperation | None:
        """Return the operation of ``downgrade`` that undoes one of ``upgrade``."""
        index = next(number for number, one in enumerate(self.upgrade) if one is operation)
        return self.partners[index]

    @cached_property
    def partners(self) -> list[MigrateOperation | None]:
        """For each operation of ``upgrade`` what undoes it in ``downgrade``; an earlier hook may have removed it."""
        left = list(self.downgrade)
        found: list[MigrateOperation | None] = []
        mirror = list(reversed(left)) if len(left) == len(self.upgrade) else [None] * len(self.upgrade)
        for one, opposite in zip(self.upgrade, mirror, strict=True):
            identity = _undone(one)
            if identity is None and opposite is not None and _undone(opposite) is None:
                found.append(opposite)  # somebody's own operation: Alembic reverses the order, nothing else
                left = [other for other in left if other is not opposite]
                continue
            match = next((other for other in reversed(left) if identity and _identity(other) == identity), None)
            found.append(match)
            if match is not None:
                left = [other for other in left if other is not match]
        return found


def _references(operation: ops.CreateTableOp | ops.DropTableOp) -> Iterable[sa.ForeignKeyConstraint]:
    try:
        return operation.to_table().foreign_key_constraints
    except ValueError:  # dropped by hand: nobody knows its columns
        return ()


def sql_name(key: TableKey) -> Name:
    """Return the table's name as SQL writes it."""
    return Name(key[0], key[1]) if key[0] else Name(key[1])


def sql_text(expression: Any) -> str:
    """Return an expression as SQL, with its values in it; a percent sign stays one (no driver is asked)."""
    if isinstance(expression, str):
        return expression
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call,unused-ignore]
    return str(expression.compile(dialect=dialect, compile_kwargs={"literal_binds": True, "include_table": False}))


def _key(constraint: ops.AddConstraintOp | None) -> tuple[str, list[str]]:
    if isinstance(constraint, ops.CreateForeignKeyOp):
        return "foreign", [str(one) for one in constraint.local_cols]
    if isinstance(constraint, ops.CreateUniqueConstraintOp):
        return "unique", [str(one) for one in constraint.columns]
    return "check", []


_OPPOSITE = {
    ops.CreateTableOp: ops.DropTableOp,
    ops.DropTableOp: ops.CreateTableOp,
    ops.CreateIndexOp: ops.DropIndexOp,
    ops.DropIndexOp: ops.CreateIndexOp,
    ops.AddColumnOp: ops.DropColumnOp,
    ops.DropColumnOp: ops.AddColumnOp,
    ops.AlterColumnOp: ops.AlterColumnOp,
}


def _undone(operation: MigrateOperation) -> tuple[object, ...] | None:
    """Return the identity of what undoes an operation."""
    if isinstance(operation, ops.AddConstraintOp):
        return (ops.DropConstraintOp, table_key(operation), getattr(operation, "constraint_name", None))
    identity = _identity(operation)
    if isinstance(operation, ops.DropConstraintOp):
        return (ops.AddConstraintOp, table_key(operation), operation.constraint_name)
    if identity is None:
        return None
    return (next(new for old, new in _OPPOSITE.items() if identity[0] is old), *identity[1:])


def _identity(operation: MigrateOperation) -> tuple[object, ...] | None:
    key = table_key(operation)
    if isinstance(operation, ops.AddConstraintOp):
        return (ops.AddConstraintOp, key, getattr(operation, "constraint_name", None))
    if isinstance(operation, ops.DropConstraintOp):
        return (ops.DropConstraintOp, key, operation.constraint_name)
    if isinstance(operation, ops.CreateIndexOp | ops.DropIndexOp):
        return (_kind(operation), key, operation.index_name)
    if isinstance(operation, ops.CreateTableOp | ops.DropTableOp):
        return (_kind(operation), key)
    if isinstance(operation, ops.AlterColumnOp | ops.DropColumnOp):
        return (_kind(operation), key, operation.column_name)
    if isinstance(operation, ops.AddColumnOp):
        return (ops.AddColumnOp, key, operation.column.name)
    return None


def _kind(operation: MigrateOperation) -> type:
    return next(kind for kind in _OPPOSITE if isinstance(operation, kind))
