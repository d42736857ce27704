"""``mapped_column(…)`` and ``sa.Column(…)`` of the models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import ConstraintKind
from alembic_vibe.render import elements, sqltypes
from alembic_vibe.render.code import Call, Expr, Raw, Str
from alembic_vibe.render.texts import plain_or_text, text_expr

if TYPE_CHECKING:
    from alembic_vibe.catalog.facts import Column, Constraint, Index, Table
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.render.models.plan import Plan

# PostgreSQL's spelling of the types that the annotation alone stands for: SQLAlchemy's own map, and that of our Base.
IMPLIED = {
    "integer": "int",
    "boolean": "bool",
    "bytea": "bytes",
    "date": "dt.date",
    "interval": "dt.timedelta",
    "numeric": "Decimal",
    "time without time zone": "dt.time",
    "uuid": "UUID",
}
BASE_MAP = {
    "text": ("str", "sa.Text()"),
    "timestamp with time zone": ("dt.datetime", "sa.DateTime(timezone=True)"),
    "double precision": ("float", "sa.Double()"),
    "jsonb": ("dict[str, Any]", "postgresql.JSONB()"),
}
_TRUE = Raw("True")
_NEXTVAL = re.compile(r"nextval\(('[^']+')::regclass\)\Z")


def sql_type(plan: Plan, column: Column) -> Expr:
    """Return the type of a model's column: enums are Python's, and what SQLAlchemy does not have is ``PgType``."""
    key = column.type.key
    if key is not None and key in plan.enums:
        keywords: elements.Keywords = (("name", Str(key.name)),)
        keywords += elements.schema_keyword(key.schema)
        enum = Call("sa.Enum", (Raw(plan.enums[key]),), (*keywords, ("values_callable", Raw("enum_values"))))
        return Call("postgresql.ARRAY", (enum,)) if column.type.array else enum
    if is_read_as_string(column):
        return Call("sa.String")
    collation = column.collation if sqltypes.takes_collation(column.type) else None
    expr = sqltypes.type_expr(column.type, plan.catalog, collation=collation, pg_type="PgType")
    return expr if expr is not None else Call("PgType", (Str(column.type.text),))


def is_read_as_string(column: Column) -> bool:
    """Whether SQLAlchemy reads a type as a string, and has no type to write it.

    The model holds the string, so that Alembic finds what it expects; `create_all` then gives the column its type.
    """
    return column.type.base in {"name", '"char"'} and column.type.origin == "base" and not column.type.array


def annotation(plan: Plan, column: Column) -> str:
    """Return what a column's values are in Python, ``None`` included."""
    value = sqltypes.python_type(column.type, plan.catalog, plan.enums, column.default)
    value = "str" if is_read_as_string(column) else value
    return value if plan.forbids_null(column) else f"{value} | None"


def _is_implied(column: Column, python: str) -> bool:
    if column.collation is not None:
        return False
    python = python.removesuffix(" | None")
    mapped = BASE_MAP.get(column.type.text, (None,))[0]
    return python in (IMPLIED.get(column.type.text), mapped)


def single_foreign_key(plan: Plan, table: Key, column: str) -> Constraint | None:
    """Return the foreign key that ``sa.ForeignKey`` inside the column expresses."""
    found = [c for c in plan.own(table, ConstraintKind.FOREIGN) if c.columns == (column,)]
    return found[0] if len(found) == 1 and found[0].validated else None


def foreign_key_expr(constraint: Constraint) -> Call | None:
    """Return ``sa.ForeignKey(…)``."""
    if constraint.references is None or constraint.without_overlaps:
        return None
    keywords = reference_keywords(constraint)
    if constraint.name != f"{constraint.key.name}_{constraint.columns[0]}_fkey":
        keywords = (("name", Str(constraint.name)), *keywords)
    there = elements.target(constraint.references, constraint.reference_columns[0])
    return Call("sa.ForeignKey", (Str(there),), keywords)


def reference_keywords(constraint: Constraint) -> elements.Keywords:
    """Return the options of a foreign key, with the columns of ``ON DELETE SET NULL (…)``."""
    keywords = elements.reference_options(constraint)
    if not constraint.on_delete_columns:
        return keywords
    action = Str(f"{constraint.on_delete} ({', '.join(constraint.on_delete_columns)})")
    return tuple((name, action if name == "ondelete" else value) for name, value in keywords)


def conventional_unique(plan: Plan, table: Key, column: str) -> Constraint | None:
    """Return the one-column UNIQUE that ``unique=True`` expresses: nothing special, and the conventional name."""
    for constraint in plan.own(table, ConstraintKind.UNIQUE):
        special = constraint.deferrable or constraint.nulls_not_distinct or constraint.include
        usual = constraint.columns == (column,) and constraint.name == f"{table.name}_{column}_key"
        if usual and not special and not constraint.without_overlaps:
            return constraint
    return None


def conventional_index(plan: Plan, table: Key, column: str) -> Index | None:
    """Return the one-column index that ``index=True`` expresses."""
    for index in plan.indexes.get(table, ()):
        if index.inherited or index.key.name != f"{table.name}_{column}_idx" or len(index.keys) != 1:
            continue
        call = elements.index_call(index, "model")
        if call.args[1:] == (Str(column),) and not call.kwargs:
            return index
    return None


def _type_follows(plan: Plan, column: Column, constraint: Constraint | None) -> bool:
    """Whether the column has the type of the column that it references, so that SQLAlchemy finds it out."""
    if constraint is None or constraint.references not in plan.home or constraint.references is None:
        return False
    there = plan.catalog.table(constraint.references).column(constraint.reference_columns[0])
    return there.type == column.type and there.collation == column.collation


def _filling(plan: Plan, column: Column, table: Table) -> tuple[tuple[Expr, ...], elements.Keywords]:
    """Return what fills the column by itself, the way a model says it."""
    if column.generated == "virtual" and column.default is not None:
        return (Call("sa.Computed", (plain_or_text(column.default),), (("persisted", Raw("False")),)),), ()
    constraints = plan.constraints.get(table.key, ())
    if elements.serial_sequence(column, table, plan.catalog, constraints) is not None:
        return (), ()  # SQLAlchemy makes a lone integer primary key a SERIAL
    if column.default == "now()":
        return (), (("server_default", Raw("sa.func.now()")),)
    sequence = _NEXTVAL.match(column.default or "")
    if sequence is not None and not column.generated and not column.identity:
        # Alembic takes the cast off the database's default before it compares.
        return (), (("server_default", text_expr(f"nextval({sequence.group(1)})")),)
    arguments, keywords = elements.default_parts(column, table, plan.catalog, constraints)
    if keywords and keywords[0][0] == "autoincrement" and single_foreign_key(plan, table.key, column.name):
        return arguments, ()
    return arguments, keywords


def mapped_column(plan: Plan, column: Column, table: Table, primary: Constraint | None) -> tuple[str, Call | None]:
    """Return the annotation of an attribute and its ``mapped_column(…)``, ``None`` where the annotation says it all."""
    python = annotation(plan, column)
    constraint = single_foreign_key(plan, table.key, column.name)
    reference = foreign_key_expr(constraint) if constraint is not None else None
    arguments: list[Expr] = []
    if plan.attribute(table.key, column.name) != column.name:
        arguments.append(Str(column.name))
    implied = _type_follows(plan, column, constraint) if reference is not None else _is_implied(column, python)
    if not implied:
        arguments.append(sql_type(plan, column))
    if reference is not None:
        arguments.append(reference)
    filling, keywords = _filling(plan, column, table)
    arguments.extend(filling)
    if primary is not None and column.name in primary.columns:
        keywords = (("primary_key", _TRUE), *keywords)
    elif python == "Any" or python.startswith("Any |"):
        keywords = (*keywords, ("nullable", Raw(str(not plan.forbids_null(column)))))
    if conventional_unique(plan, table.key, column.name):
        keywords += (("unique", _TRUE),)
    if conventional_index(plan, table.key, column.name):
        keywords += (("index", _TRUE),)
    if column.comment is not None:
        keywords += (("comment", Str(column.comment)),)
    if not arguments and not keywords:
        return python, None
    return python, Call("mapped_column", tuple(arguments), keywords)


def core_column(plan: Plan, column: Column, table: Table, primary: Constraint | None) -> Call:
    """Return ``sa.Column(…)`` of a table that has no class."""
    constraint = single_foreign_key(plan, table.key, column.name)
    reference = foreign_key_expr(constraint) if constraint is not None else None
    filling, keywords = _filling(plan, column, table)
    if primary is not None and column.name in primary.columns:
        keywords = (("primary_key", _TRUE), *keywords)
    elif plan.forbids_null(column):
        keywords += (("nullable", Raw("False")),)
    if column.comment is not None:
        keywords += (("comment", Str(column.comment)),)
    follows = reference is not None and _type_follows(plan, column, constraint)
    type_: tuple[Expr, ...] = () if follows else (sql_type(plan, column),)
    references: tuple[Expr, ...] = () if reference is None else (reference,)
    return Call("sa.Column", (Str(column.name), *type_, *references, *filling), keywords)
