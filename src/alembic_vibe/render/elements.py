"""Tables, columns, constraints and indexes as SQLAlchemy expressions, and what SQLAlchemy cannot carry.

Revisions and models share them. Everything printed runs on SQLAlchemy 2.0.30 and later; a fact that an expression
would lose is returned as a `Leftover` with the SQL that restores it, never dropped in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, IndexKey
from alembic_vibe.plan.serial import serial_sequence
from alembic_vibe.render import sqltypes
from alembic_vibe.render.code import Call, Expr, Mapping, Raw, Str
from alembic_vibe.render.code import Sequence as Items
from alembic_vibe.render.leftovers import (
    NUMBER,
    Leftover,
    added_column,
    column_leftovers,
    constraint_leftovers,
    constraint_sql,
    identity_options,
    index_leftovers,
    not_null_leftover,
    table_leftovers,
)
from alembic_vibe.render.texts import names, plain_or_text, text_expr
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from collections.abc import Sequence as Many

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, Index, Table
    from alembic_vibe.catalog.keys import Key

__all__ = [
    "Keywords",
    "Leftover",
    "column_expr",
    "column_leftovers",
    "constraint_expr",
    "constraint_leftovers",
    "constraint_sql",
    "create_table_call",
    "default_parts",
    "identity_expr",
    "index_call",
    "index_leftovers",
    "index_options",
    "key_sql",
    "not_null_leftover",
    "object_name",
    "reference_options",
    "schema_keyword",
    "serial_sequence",
    "table_leftovers",
    "table_options",
    "target",
]

Keywords = tuple[tuple[str, Expr], ...]

_TRUE = Raw("True")
_FALSE = Raw("False")


# -- names -----------------------------------------------------------------------------------------------------------


def object_name(name: str, *, fixed: bool = True) -> Expr:
    """Return a constraint's or index's name; ``fixed`` keeps a naming convention away from it (``op.f``)."""
    return Call("op.f", (Str(name),)) if fixed else Str(name)


def schema_keyword(schema: str) -> Keywords:
    """Return ``schema=``, or nothing for ``public``."""
    return () if schema in {"", "public"} else (("schema", Str(schema)),)


def target(key: Key, column: str) -> str:
    """Return how ``ForeignKey`` names a column of another table."""
    table = key.name if key.schema == "public" else f"{key.schema}.{key.name}"
    return f"{table}.{column}"


# -- columns ---------------------------------------------------------------------------------------------------------


def identity_expr(column: Column) -> Call:
    """Return ``sa.Identity(…)`` with the options that are not PostgreSQL's own."""
    keywords: Keywords = (("always", _TRUE),) if column.identity == "always" else ()
    keywords += tuple((name, Raw(value)) for name, value in identity_options(column))
    return Call("sa.Identity", (), keywords)


def default_parts(
    column: Column, table: Table, catalog: Catalog, constraints: Many[Constraint]
) -> tuple[tuple[Expr, ...], Keywords]:
    """Return what fills a column by itself: ``Identity`` or ``Computed``, ``server_default`` and ``autoincrement``."""
    if column.identity:
        return (identity_expr(column),), ()
    if column.generated and column.default is not None:
        return (Call("sa.Computed", (plain_or_text(column.default),), (("persisted", _TRUE),)),), ()
    if serial_sequence(column, table, catalog, constraints) is not None:
        return (), (("autoincrement", _TRUE),)
    if column.default is not None:
        return (), (("server_default", text_expr(column.default)),)
    alone = any(c.kind == ConstraintKind.PRIMARY and c.columns == (column.name,) for c in constraints)
    if alone and sqltypes.is_integer(column.type):
        return (), (("autoincrement", _FALSE),)
    return (), ()


def column_expr(
    column: Column,
    table: Table,
    catalog: Catalog,
    constraints: Many[Constraint] = (),
    *,
    pg_type: str | None = None,
) -> Call | None:
    """Return ``sa.Column(…)`` as a revision writes it.

    Args:
        column: The column.
        table: Its table.
        catalog: Where types and sequences are looked up.
        constraints: The constraints made together with the table; a lone integer primary key among them decides
            whether ``autoincrement`` must be said.
        pg_type: See `sqltypes.type_expr`.

    Returns:
        The expression, or ``None`` where SQLAlchemy cannot carry the column: its type, a virtual generated column, a
        collation on a type that is no string.
    """
    if column.generated == "virtual":
        return None
    type_ = sqltypes.type_expr(column.type, catalog, collation=column.collation, pg_type=pg_type)
    if type_ is None or (column.collation is not None and not sqltypes.takes_collation(column.type)):
        return None
    arguments, keywords = default_parts(column, table, catalog, constraints)
    if column.not_null:
        keywords += (("nullable", _FALSE),)
    if column.comment is not None:
        keywords += (("comment", Str(column.comment)),)
    return Call("sa.Column", (Str(column.name), type_, *arguments), keywords)


# -- constraints -----------------------------------------------------------------------------------------------------


def constraint_expr(constraint: Constraint, *, fixed: bool = True) -> Call | None:
    """Return the table-level constraint, or ``None`` where SQLAlchemy 2.0 cannot carry every part of it.

    The storage parameters of the index behind it and its comment are never part of it: see `constraint_leftovers`.

    Args:
        constraint: The constraint.
        fixed: Whether its name is wrapped in ``op.f``, as revisions do.
    """
    plain = constraint.validated and constraint.enforced and not constraint.no_inherit
    if not plain or constraint.include or constraint.without_overlaps:
        return None
    name: Keywords = (("name", object_name(constraint.name, fixed=fixed)),)
    match constraint.kind:
        case ConstraintKind.PRIMARY:
            return Call("sa.PrimaryKeyConstraint", names(constraint.columns), (*_deferral(constraint), *name))
        case ConstraintKind.UNIQUE:
            nulls: Keywords = (("postgresql_nulls_not_distinct", _TRUE),) if constraint.nulls_not_distinct else ()
            return Call("sa.UniqueConstraint", names(constraint.columns), (*_deferral(constraint), *name, *nulls))
        case ConstraintKind.CHECK if constraint.expression is not None:
            return Call("sa.CheckConstraint", (plain_or_text(constraint.expression),), name)
        case ConstraintKind.FOREIGN if constraint.references is not None and not constraint.on_delete_columns:
            there = (constraint.references.schema, constraint.references.name, *constraint.reference_columns)
            if any("." in part for part in there):  # SQLAlchemy takes "table.column" apart at its dots
                return None
            return _foreign_key(constraint, constraint.references, name)
        case ConstraintKind.EXCLUDE:
            return _exclude(constraint, name)
    return None


def _deferral(constraint: Constraint) -> Keywords:
    keywords: Keywords = (("deferrable", _TRUE),) if constraint.deferrable else ()
    return (*keywords, ("initially", Str("DEFERRED"))) if constraint.initially_deferred else keywords


def reference_options(constraint: Constraint) -> Keywords:
    """Return ``ondelete``, ``onupdate``, ``match`` and when the foreign key is checked."""
    keywords: Keywords = ()
    if constraint.on_delete != "NO ACTION":
        keywords += (("ondelete", Str(constraint.on_delete)),)
    if constraint.on_update != "NO ACTION":
        keywords += (("onupdate", Str(constraint.on_update)),)
    if constraint.match != "SIMPLE":
        keywords += (("match", Str(constraint.match)),)
    return keywords + _deferral(constraint)


def _foreign_key(constraint: Constraint, references: Key, name: Keywords) -> Call:
    there = tuple(target(references, column) for column in constraint.reference_columns)
    arguments = (Items(names(constraint.columns)), Items(names(there)))
    return Call("sa.ForeignKeyConstraint", arguments, (*name, *reference_options(constraint)))


def _exclude(constraint: Constraint, name: Keywords) -> Call | None:
    elements: list[Expr] = []
    operators: list[tuple[str, Expr]] = []
    for key in constraint.keys:
        if key.operator is None:
            return None
        column = _plain_column(key)
        elements.append(Items((Str(column) if column else text_expr(key_sql(key)), Str(key.operator)), "()"))
        if column and key.opclass:
            operators.append((column, Str(key.opclass)))
    keywords: Keywords = (("using", Str(constraint.method)),)
    if constraint.predicate is not None:
        keywords += (("where", text_expr(_unwrapped(constraint.predicate))),)
    if operators:
        keywords += (("ops", Mapping(tuple(operators))),)
    return Call("postgresql.ExcludeConstraint", tuple(elements), (*name, *keywords, *_deferral(constraint)))


def _unwrapped(predicate: str) -> str:
    """Take off the parentheses that SQLAlchemy will put around an exclusion constraint's predicate."""
    if not (predicate.startswith("(") and predicate.endswith(")")):
        return predicate
    depth = 0
    for i, char in enumerate(predicate):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0 and i < len(predicate) - 1:
            return predicate
    return predicate if "'" in predicate or '"' in predicate else predicate[1:-1]


# -- indexes ---------------------------------------------------------------------------------------------------------


def _plain_column(key: IndexKey) -> str | None:
    """Return the column where the key is one that SQLAlchemy can name: no expression, order or collation."""
    usual = key.collation is None and not key.descending and not key.nulls_first
    return key.column if usual else None


def key_sql(key: IndexKey) -> str:
    """Return an index key as SQL: column or expression, collation, operator class, order."""
    parts = [key.expression]
    if key.collation is not None:
        parts.append(f"COLLATE {key.collation}")
    if key.opclass is not None:
        parts.append(key.opclass)
    if key.descending:
        parts.append("DESC" if key.nulls_first else "DESC NULLS LAST")
    elif key.nulls_first:
        parts.append("NULLS FIRST")
    return " ".join(parts)


def index_options(index: Index) -> Keywords:
    """Return the keywords that ``op.create_index`` and ``sa.Index`` share."""
    keywords: Keywords = (("unique", _TRUE),) if index.unique else ()
    if index.method != "btree":
        keywords += (("postgresql_using", Str(index.method)),)
    operators = tuple((c, Str(k.opclass)) for k in index.keys if k.opclass and (c := _plain_column(k)) is not None)
    if operators:
        keywords += (("postgresql_ops", Mapping(operators)),)
    if index.include:
        keywords += (("postgresql_include", Items(names(index.include))),)
    if index.nulls_not_distinct:
        keywords += (("postgresql_nulls_not_distinct", _TRUE),)
    if index.options:
        keywords += (("postgresql_with", Mapping(tuple((k, _setting(v)) for k, v in index.options))),)
    if index.tablespace:
        keywords += (("postgresql_tablespace", Str(index.tablespace)),)
    if index.predicate is not None:
        keywords += (("postgresql_where", text_expr(index.predicate)),)
    return keywords


def index_call(index: Index, kind: str = "op") -> Call:
    """Return ``op.create_index(…)`` (``kind="op"``) or ``sa.Index(…)`` (``kind="model"``).

    A comment on the index and ``CLUSTER ON`` are not part of either: see `index_leftovers`.
    """
    keys = tuple(Str(c) if (c := _plain_column(key)) is not None else text_expr(key_sql(key)) for key in index.keys)
    if kind == "model":
        return Call("sa.Index", (Str(index.key.name), *keys), index_options(index))
    arguments = (object_name(index.key.name), Str(index.table.name), Items(keys))
    return Call("op.create_index", arguments, (*schema_keyword(index.table.schema), *index_options(index)))


def _setting(value: str) -> Expr:
    return Raw(value) if NUMBER.match(value) else Str(value)


# -- tables ----------------------------------------------------------------------------------------------------------


def table_options(table: Table) -> Keywords:
    """Return the keywords of ``sa.Table`` that make the table what it is, without schema and comment."""
    keywords: Keywords = ()
    if table.partition_key is not None:
        keywords += (("postgresql_partition_by", Str(table.partition_key)),)
    if table.inherits:
        parents = tuple(_parent(key) for key in table.inherits)
        keywords += (("postgresql_inherits", parents[0] if len(parents) == 1 else Items(parents, "()")),)
    if table.access_method != "heap" and table.partition_key is None:
        keywords += (("postgresql_using", Str(table.access_method)),)
    if table.tablespace:
        keywords += (("postgresql_tablespace", Str(table.tablespace)),)
    if table.unlogged:
        keywords += (("prefixes", Items((Str("UNLOGGED"),))),)
    return keywords


def _parent(key: Key) -> Expr:
    if key.schema == "public":
        return Str(key.name)
    return Call("sa.quoted_name", (Str(str(Name(key.schema, key.name))), _FALSE))


def create_table_call(
    table: Table,
    catalog: Catalog,
    inline_constraints: Many[Constraint] = (),
    *,
    pg_type: str | None = None,
) -> tuple[Call, list[Leftover]]:
    """Return ``op.create_table(…)`` and what it leaves to be done.

    Args:
        table: An ordinary or partitioned table; partitions and typed tables are made by SQL.
        catalog: Where types and sequences are looked up.
        inline_constraints: The constraints that are made with the table; inherited ones are passed over.
        pg_type: The name of a class of the revision for types that SQLAlchemy does not have; without it such columns
            are added by SQL.

    Returns:
        The call, and the leftovers in the order in which their SQL must run: columns, constraints that need them,
        then the rest. Row security, replica identity and owner are the caller's.
    """
    own = [c for c in inline_constraints if not c.inherited]
    arguments: list[Expr] = [Str(table.key.name)]
    added: list[Leftover] = []
    later: list[Leftover] = []
    for column in table.columns:
        if column.inherited:
            continue
        expr = column_expr(column, table, catalog, own, pg_type=pg_type)
        if expr is None:
            added.extend(added_column(column, table.key))
        else:
            arguments.append(expr)
        name = not_null_leftover(column, table.key)
        later.extend([name] if name else [])
        later.extend(column_leftovers(column, table.key))
    missing = {leftover.column for leftover in added}
    for constraint in own:
        expr = None if missing and _touches(constraint, missing) else constraint_expr(constraint)
        if expr is None:
            added.append(Leftover(table.key, "constraint", constraint_sql(constraint), constraint=constraint))
        else:
            arguments.append(expr)
        later.extend(constraint_leftovers(constraint))
    keywords = schema_keyword(table.key.schema)
    if table.comment is not None:
        keywords += (("comment", Str(table.comment)),)
    call = Call("op.create_table", tuple(arguments), (*keywords, *table_options(table)), explode=True)
    return call, [*added, *later, *table_leftovers(table)]


def _touches(constraint: Constraint, missing: set[str]) -> bool:
    """Whether a constraint needs a column that is not in the table yet; expressions are taken to need it."""
    if constraint.kind in {ConstraintKind.CHECK, ConstraintKind.EXCLUDE}:
        return True
    return not missing.isdisjoint(constraint.columns)
