"""What ALTER COLUMN … TYPE does to a column that the chain has made: its old type, domains, USING and collation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.lint.types import TypeChange, type_change
from alembic_vibe.sql.tree import column_name, type_name, unwrap, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.lint.actions import AlterType, Expression, Type
    from alembic_vibe.lint.schema import Schema
    from alembic_vibe.sql.tree import QualifiedName


def column_change(action: AlterType, schema: Schema) -> TypeChange:
    """Say what a change of type costs, ``UNKNOWN`` where the column's old type is not known.

    A collation that changes costs what ``REINDEX`` says: without COLLATE a column gets that of its type again (manual,
    ALTER TABLE).

    Args:
        action: The change.
        schema: The schema before it.
    """
    table = schema.table(action.table)
    column = table.columns.get(action.column) if table else None
    if column is None or table is None or table.in_doubt:
        return TypeChange.UNKNOWN
    change = _change(column.type, action, schema)
    if change.keeps_rows and _collation(action.collation) != _collation(column.collation):
        return TypeChange.REINDEX
    return change


def is_plain_using(using: Expression | None, column: str, type_: Type) -> bool:
    """Whether USING says nothing that PostgreSQL would not do by itself: the column, or its cast to the new type."""
    if using is None:
        return True
    kind, body = unwrap(using.node)
    if kind == "TypeCast" and type_name(body.get("typeName")).name == type_.name.name:
        kind, body = unwrap(body.get("arg", {}))
    return kind == "ColumnRef" and column_name(body) == column


def looks_at(expression: Expression | None, column: str) -> bool:
    """Whether an expression names a column."""
    if expression is None:
        return False
    return any(kind == "ColumnRef" and column_name(body) == column for kind, body in walk(expression.node))


def _change(old: Type, action: AlterType, schema: Schema) -> TypeChange:
    new = action.type
    if not is_plain_using(action.using, action.column, new):
        return TypeChange.REWRITE
    if old == new:
        return TypeChange.NONE
    if domain_is_constrained(new, schema):
        return TypeChange.REWRITE
    base = _base(old, schema)
    if base != old and (new.modifiers or new.words):  # a domain hides its modifiers: the values are fitted again
        return TypeChange.REWRITE
    change = type_change(base, _base(new, schema), using=False)
    return TypeChange.METADATA if change is TypeChange.NONE else change


def _base(type_: Type, schema: Schema) -> Type:
    """Return what a domain that the chain has made is made of, at last; any other type itself."""
    seen = set()
    while not type_.is_array and type_ not in seen:
        seen.add(type_)
        name = schema.made_type(type_)
        type_ = schema.domain_bases.get(name, type_) if name else type_
    return type_


def domain_is_constrained(type_: Type, schema: Schema) -> bool | None:
    """Return whether a domain that the chain has made has a CHECK or NOT NULL; None where the type is no such domain.

    The constraints of the domain that it is made of count as well. An array of a constrained domain does not:
    PostgreSQL looks into none (measured).
    """
    found = [schema.domains[name] for name in domains_of(type_, schema)]
    return any(found) if found else None


def domains_of(type_: Type, schema: Schema) -> Iterator[QualifiedName]:
    """Yield the domain that a type is, if the chain has made it, and the domains that this one is made of."""
    seen = set()
    while not type_.is_array:
        name = schema.made_type(type_)
        if name is None or name not in schema.domains or name in seen:
            return
        seen.add(name)
        yield name
        type_ = schema.domain_bases.get(name, type_)


def _collation(name: str) -> str:
    return "" if name == "default" else name
