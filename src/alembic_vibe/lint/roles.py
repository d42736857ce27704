"""Which tables play which part in an action: the roles that ``locks.toml`` names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint import actions as a
from alembic_vibe.lint.retyping import domains_of
from alembic_vibe.sql.tree import QualifiedName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alembic_vibe.lint.actions import Action, ConstraintSpec, Type
    from alembic_vibe.lint.schema import Constraint, Schema, Table


def tables_in_role(role: str, action: Action, schema: Schema) -> Iterable[QualifiedName]:
    """Return the tables that play a part in an action, each once, in a stable order.

    Args:
        role: ``table``, the action's own (or that of its index), ``partitions`` of it at any depth, ``parent`` of which
            it is a partition, ``partition`` that is attached or detached, ``default`` partition beside it,
            ``referenced`` by its foreign keys, ``referencing`` it by theirs (both with their partitions),
            ``inherited``, ``like``, ``reads``, ``users`` of a type. Any other plays no part: locks on indexes are not
            counted.
        action: What is about to be done.
        schema: The schema before it.
    """
    if role not in _ROLES:
        return ()
    found = dict.fromkeys(_ROLES[role](action, schema))
    if role not in {"table", "partitions"} and isinstance(action, a.OnTable):
        found.pop(action.table, None)
    return found


def index_table(index: QualifiedName, schema: Schema) -> QualifiedName:
    """Return the table of an index; its name is "" where the chain does not know the index."""
    found = schema.index(index)
    return found.table if found else QualifiedName(index.schema, "")


def with_partitions(name: QualifiedName, schema: Schema) -> Iterator[QualifiedName]:
    """Yield a table and its partitions, at any depth."""
    yield name
    table = schema.table(name)
    for partition in table.partitions if table else ():
        if partition != name:
            yield from with_partitions(partition, schema)


def _table(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    match action:
        case a.OnTable():
            yield action.table
        case a.DropIndex() | a.RenameIndex() | a.AttachIndex():
            yield index_table(action.index, schema)
        case a.CreateView() | a.DropView() | a.RefreshView() | a.RenameView():
            yield action.view
        case a.DropSchema():
            yield from (name for name in schema.tables if name.schema == action.name)
        case a.Reindex(target="index"):
            yield index_table(action.name, schema)
        case a.Reindex(target="table"):
            yield action.name
        case a.Reindex(target="schema"):
            yield from (name for name in schema.tables if name.schema == action.name.name)
        case a.Reindex():
            yield from schema.tables


def _partitions(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    if getattr(action, "only", False) or _is_of_one_table(action, schema):
        return
    for name in _table(action, schema):
        yield from list(with_partitions(name, schema))[1:]
        if isinstance(action, _INHERITED) and not _is_key(action):
            yield from _heirs(name, schema)


# What also reaches the tables that inherit from the action's own (measured); the keys and foreign keys do not.
_INHERITED = (
    a.AddColumn, a.DropColumn, a.RenameColumn, a.AlterType, a.SetNotNull, a.DropNotNull, a.SetDefault, a.DropDefault,
    a.AddConstraint, a.DropConstraint, a.RenameConstraint, a.ValidateConstraint, a.DropTable,
    a.AlterTableOther, a.Truncate, a.Update, a.Delete, a.LockTable,
)  # fmt: skip


def _is_of_one_table(action: Action, schema: Schema) -> bool:
    """Whether a constraint is renamed that is not known by the same name in the partitions: a key, a foreign key."""
    table = schema.table(action.table) if isinstance(action, a.RenameConstraint) else None
    known = table.constraints.get(action.name) if table and isinstance(action, a.RenameConstraint) else None
    return known is not None and known.spec.kind not in {"check", "not null"}


def _is_key(action: Action) -> bool:
    return isinstance(action, a.AddConstraint) and action.constraint.kind not in {"check", "not null"}


def _heirs(name: QualifiedName, schema: Schema) -> Iterator[QualifiedName]:
    table = schema.table(name)
    for heir in table.heirs if table else ():
        if heir != name:
            yield heir
            yield from _heirs(heir, schema)


def _parent(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    match action:
        case a.CreateTable(partition_of=QualifiedName() as parent):
            yield parent
        case a.DropTable():
            table = schema.table(action.table)
            if table and table.parent:
                yield table.parent


def _partition(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    match action:
        case a.AttachPartition() | a.DetachPartition():
            yield from with_partitions(action.partition, schema)
        case a.AttachIndex():
            yield index_table(action.partition_index, schema)


def _default(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    match action:
        case a.AttachPartition() | a.DetachPartition():
            parent, own = schema.table(action.table), action.partition
        case a.CreateTable() | a.DropTable():
            name = next(_parent(action, schema), None)
            parent, own = (schema.table(name) if name else None), action.table
        case _:
            return
    for partition, is_default in parent.partitions.items() if parent else ():
        if is_default and partition != own:
            yield from with_partitions(partition, schema)


def _referenced(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    for spec in _foreign_keys(action, schema):
        if spec.references:
            yield from with_partitions(spec.references, schema)


def _foreign_keys(action: Action, schema: Schema) -> Iterator[ConstraintSpec]:
    """Yield the foreign keys that an action makes, drops, looks through or makes anew."""
    known = schema.table(action.table) if isinstance(action, a.OnTable) else None
    own = list(known.constraints.values()) if known else []
    match action:
        case a.CreateTable():
            yield from action.constraints
            for column in action.columns:
                yield from column.constraints
            parent = schema.table(action.partition_of) if action.partition_of else None
            yield from (constraint.spec for constraint in parent.constraints.values()) if parent else ()
        case a.AddColumn():
            yield from action.column.constraints
        case a.AddConstraint():
            yield action.constraint
        case a.DropTable() if known and known.parent:  # a key that it has of its parent goes without a lock (measured)
            parent = schema.table(known.parent)
            above = [(one.spec.columns, one.spec.references) for one in parent.constraints.values()] if parent else []
            yield from (one.spec for one in own if (one.spec.columns, one.spec.references) not in above)
        case a.DropTable() | a.AttachPartition() | a.DetachPartition():
            yield from (constraint.spec for constraint in own)
        case a.DropColumn() | a.AlterType():
            yield from (constraint.spec for constraint in own if action.column in constraint.spec.columns)
        case a.DropConstraint() | a.ValidateConstraint():
            yield from (constraint.spec for constraint in own if constraint.spec.name == action.name)


def _referencing(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    """Yield the tables whose foreign keys to the action's table go or are made anew with it."""
    if not isinstance(action, a.OnTable):
        return
    table = schema.table(action.table)
    waiting = [action.table]
    seen = set(waiting)
    while waiting:
        for other, constraint in schema.references_to(waiting.pop()):
            if other.name in seen or not _is_concerned(action, table, constraint):
                continue
            seen.add(other.name)
            yield from with_partitions(other.name, schema)
            if isinstance(action, a.Truncate):  # and whoever refers to those
                waiting.append(other.name)


def _is_concerned(action: Action, table: Table | None, constraint: Constraint) -> bool:
    columns = set(constraint.spec.reference_columns) or _primary_key(table)
    match action:
        case a.DropColumn() | a.AlterType():
            return action.column in columns or not columns
        case a.DropConstraint():
            dropped = table.constraints.get(action.name) if table else None
            return dropped is None or not columns or set(dropped.spec.columns) == columns
    return True


def _primary_key(table: Table | None) -> set[str]:
    constraints = table.constraints.values() if table else ()
    return {column for found in constraints if found.spec.kind == "primary" for column in found.spec.columns}


def _reads(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    names = schema.views.get(action.view, ()) if isinstance(action, a.RefreshView) else getattr(action, "reads", ())
    for name in names:
        yield from with_partitions(name, schema)
        yield from _heirs(name, schema)


def _users(action: Action, schema: Schema) -> Iterator[QualifiedName]:
    if not isinstance(action, a.AlterDomain | a.DropType):
        return
    for table in schema.tables.values():
        if any(_is_made_of(column.type, action.type, schema) for column in table.columns.values()):
            yield table.name


def _is_made_of(type_: Type, name: QualifiedName, schema: Schema) -> bool:
    """Whether a column's type is one that the chain has made, or a domain over it."""
    return schema.made_type(type_) == name or name in domains_of(type_, schema)


_ROLES: dict[str, Callable[[Action, Schema], Iterator[QualifiedName]]] = {
    "table": _table,
    "partitions": _partitions,
    "parent": _parent,
    "partition": _partition,
    "default": _default,
    "referenced": _referenced,
    "referencing": _referencing,
    "inherited": lambda action, _: iter(getattr(action, "inherits", ())),
    "like": lambda action, _: iter(getattr(action, "like", ())),
    "reads": _reads,
    "users": _users,
}
