"""``__table_args__`` of a class and the further arguments of a plain table; and what neither of them can say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.render import elements, sqltypes
from alembic_vibe.render.code import Call, Expr, Raw, Str
from alembic_vibe.render.code import Sequence as Items
from alembic_vibe.render.elements import Leftover
from alembic_vibe.render.models import columns
from alembic_vibe.render.texts import names
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Constraint, Index, IndexKey, Table
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.plan import Plan

_ORDER = (ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.FOREIGN, ConstraintKind.CHECK)
_TRUE = Raw("True")


def inline_primary_key(plan: Plan, table: Table) -> tuple[Constraint | None, bool]:
    """Return the primary key, and whether ``primary_key=True`` on its columns says all about it."""
    primary = plan.primary_key(table.key)
    if primary is None:
        return None, False
    in_order = tuple(column.name for column in table.columns if column.name in primary.columns) == primary.columns
    return primary, in_order and not primary.deferrable and primary.name == f"{table.key.name}_pkey"


def table_arguments(plan: Plan, table: Table, *, mapped: bool) -> tuple[Expr, ...]:
    """Return constraints and indexes that are not said in the columns, in a stable order."""
    found: list[Expr] = []
    constraints = [c for c in plan.constraints.get(table.key, ()) if not c.inherited]
    _, inline = inline_primary_key(plan, table)
    for kind in (*_ORDER, ConstraintKind.EXCLUDE):
        for constraint in constraints:
            if constraint.kind != kind or (kind == ConstraintKind.PRIMARY and inline):
                continue
            expr = _constraint(plan, constraint, mapped=mapped)
            if expr is not None:
                found.append(expr)
    for index in plan.indexes.get(table.key, ()):
        if index.inherited:
            continue
        said = mapped and any(
            columns.conventional_index(plan, table.key, k.column) is index for k in index.keys if k.column
        )
        if not said:
            found.append(elements.index_call(_comparable(index), "model"))
    return tuple(found)


def _constraint(plan: Plan, constraint: Constraint, *, mapped: bool) -> Call | None:
    column = constraint.columns[0] if len(constraint.columns) == 1 else ""
    if constraint.kind == ConstraintKind.FOREIGN:
        if column and columns.single_foreign_key(plan, constraint.table, column) is constraint:
            return None
        return _foreign_key(constraint)
    if mapped and column and columns.conventional_unique(plan, constraint.table, column) is constraint:
        return None
    if constraint.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE} and _is_replaced(constraint):
        name = "sa.PrimaryKeyConstraint" if constraint.kind == ConstraintKind.PRIMARY else "sa.UniqueConstraint"
        return Call(name, names(constraint.columns), (("name", Str(constraint.name)),))
    return elements.constraint_expr(constraint, fixed=False)


def _is_replaced(constraint: Constraint) -> bool:
    """Whether the model holds a plainer key, which is replaced right after the table is made."""
    keys = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}
    return constraint.kind in keys and bool(constraint.include or constraint.without_overlaps)


def _foreign_key(constraint: Constraint) -> Call | None:
    if constraint.references is None or constraint.without_overlaps:
        return None
    there = tuple(elements.target(constraint.references, column) for column in constraint.reference_columns)
    keywords: elements.Keywords = (("name", Str(constraint.name)), *columns.reference_keywords(constraint))
    if not constraint.validated:
        # Inside CREATE TABLE, PostgreSQL ignores NOT VALID; as a step of its own it counts.
        keywords += (("use_alter", _TRUE), ("postgresql_not_valid", _TRUE))
    arguments = (Items(names(constraint.columns)), Items(names(there)))
    return Call("sa.ForeignKeyConstraint", arguments, keywords)


def table_keywords(table: Table) -> elements.Keywords:
    """Return the keywords of the table: comment, schema, partitioning."""
    keywords: elements.Keywords = ()
    if table.comment is not None:
        keywords += (("comment", Str(table.comment)),)
    return (*elements.schema_keyword(table.key.schema), *keywords, *elements.table_options(table))


def table_leftovers(plan: Plan, table: Table) -> list[str]:
    """Return the statements that ``create_all`` runs after the table is made, for what its model cannot say."""
    key = table.key
    result: list[Leftover] = []
    for column in table.columns:
        if column.collation is not None and not sqltypes.takes_collation(column.type) and not column.inherited:
            change = compose(
                "ALTER TABLE {table} ALTER COLUMN {column} TYPE {type}",
                table=Name(key.schema, key.name),
                column=Name(column.name),
                type=Printed(f"{column.type.text} COLLATE {column.collation}"),
            )
            result.append(Leftover(key, "collation", change, column.name))
        if columns.is_read_as_string(column) and not column.inherited:
            result.append(Leftover(key, "type", _retyped(column, key), column.name))
        if plan.forbids_null(column) and not column.not_null:
            change = compose(
                "ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL",
                table=Name(key.schema, key.name),
                column=Name(column.name),
            )
            result.append(Leftover(key, "NOT NULL of a domain", change, column.name))
        name = elements.not_null_leftover(column, key)
        result.extend([name] if name is not None else [])
        result.extend(elements.column_leftovers(column, key))
    for constraint in plan.constraints.get(key, ()):
        if constraint.inherited:
            continue
        result.extend(_constraint_leftovers(constraint))
    for index in plan.indexes.get(key, ()):
        if not index.inherited:
            result.extend(_index_replacement(index))
            result.extend(elements.index_leftovers(index))
    result.extend(elements.table_leftovers(table))
    return [*(leftover.sql for leftover in result), *_owned_sequences(plan, table)]


def _retyped(column: Column, table: Key) -> str:
    names_ = {"table": Name(table.schema, table.name), "column": Name(column.name)}
    type_ = Printed(column.type.text)
    if column.default is None:
        return compose("ALTER TABLE {table} ALTER COLUMN {column} TYPE {type}", **names_, type=type_)
    return compose(
        "ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT, "
        "ALTER COLUMN {column} TYPE {type}, ALTER COLUMN {column} SET DEFAULT {default}",
        **names_,
        type=type_,
        default=Printed(column.default),
    )


def _constraint_leftovers(constraint: Constraint) -> list[Leftover]:
    result: list[Leftover] = []
    table, name = Name(constraint.key.schema, constraint.key.name), Name(constraint.name)
    if _is_replaced(constraint):
        sql = compose(
            "ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {definition}",
            table=table,
            name=name,
            definition=Printed(constraint.definition),
        )
        result.append(Leftover(constraint.table, "columns of a key", sql))
    elif constraint.kind in {ConstraintKind.CHECK, ConstraintKind.EXCLUDE}:
        if elements.constraint_expr(constraint) is None:
            result.append(Leftover(constraint.table, "constraint", elements.constraint_sql(constraint)))
    elif constraint.kind == ConstraintKind.FOREIGN:
        return []  # made after all tables; its comment is left out
    return [*result, *elements.constraint_leftovers(constraint)]


def _comparable(index: Index) -> Index:
    """Return the index as Alembic can compare it with a database: it reads neither collations nor ordered opclasses."""
    if not any(map(_is_opaque, index.keys)):
        return index
    keys = (replace(key, collation=None, opclass=None) if _is_opaque(key) else key for key in index.keys)
    return replace(index, keys=tuple(keys))


def _is_opaque(key: IndexKey) -> bool:
    ordered = key.descending or key.nulls_first
    simple = key.column is not None if not ordered else False
    written = key.opclass is not None and not simple
    return key.collation is not None or (written and (ordered or not str(key.opclass).endswith("_ops")))


def _index_replacement(index: Index) -> list[Leftover]:
    if not any(map(_is_opaque, index.keys)):
        return []
    drop = compose("DROP INDEX {name}", name=Name(index.key.schema, index.key.name))
    reason = "collation or operator class of an index"
    return [Leftover(index.table, reason, drop), Leftover(index.table, reason, index.definition)]


def _owned_sequences(plan: Plan, table: Table) -> list[str]:
    result = []
    constraints = plan.constraints.get(table.key, ())
    for sequence in plan.sequences.get(table.key, ()):
        if sequence.owned_by is not None:
            column = table.column(sequence.owned_by[1])
            if elements.serial_sequence(column, table, plan.catalog, constraints) is sequence:
                continue
            result.append(
                compose(
                    "ALTER SEQUENCE {name} OWNED BY {table}.{column}",
                    name=Name(sequence.key.schema, sequence.key.name),
                    table=Name(table.key.schema, table.key.name),
                    column=Name(column.name),
                )
            )
    return result
