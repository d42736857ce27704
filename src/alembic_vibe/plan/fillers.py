"""Stand-in values: what a column gets where one release must have a value and the other one gives none.

A downgrade that makes a column NOT NULL again meets rows that the next release wrote without it. They get a value that
shows what it is (an empty text, 0, the moment of the downgrade …), and the step says so in ``loses``. Where no value
can be made up, the downgrade stops before it touches anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Constraint, ConstraintKind, Domain, Enum
from alembic_vibe.plan.blocks import alter, execute, shown
from alembic_vibe.plan.column_sql import named_not_null
from alembic_vibe.plan.operations import Execute
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, TypeRef
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.plan.operations import Operation

_TEXTS = {"text", "character varying", "citext", "name"}
_NUMBERS = {"smallint", "integer", "bigint", "numeric", "real", "double precision", "money"}
_MOMENTS = {"timestamp with time zone", "timestamp without time zone"}
_VALUES = {
    **dict.fromkeys((*_TEXTS, "character", "bytea", "tsvector", "hstore", "ltree"), "''"),
    **dict.fromkeys(_NUMBERS, "0"),
    **dict.fromkeys(_MOMENTS, "now()"),
    "boolean": "false",
    "date": "CURRENT_DATE",
    "time without time zone": "LOCALTIME",
    "time with time zone": "CURRENT_TIME",
    "interval": "'0'",
    "uuid": "gen_random_uuid()",
    "json": "'{}'",
    "jsonb": "'{}'",
    "inet": "'0.0.0.0'",
    "cidr": "'0.0.0.0/32'",
    "macaddr": "'00:00:00:00:00:00'",
    "macaddr8": "'00:00:00:00:00:00:00:00'",
    "point": "'(0,0)'",
    "box": "'(0,0),(0,0)'",
    "circle": "'<(0,0),0>'",
    "lseg": "'(0,0),(0,0)'",
    "path": "'((0,0))'",
    "polygon": "'((0,0))'",
    "line": "'{1,0,0}'",
    "pg_lsn": "'0/0'",
    "xml": "'<none/>'",
}
_UUID_TEXT = "gen_random_uuid()::text"
_UUID_LENGTH = 36
# What a CHECK allows, in PostgreSQL's words or the author's: the first of some values, or the least one.
_ONE_OF = re.compile(
    r"(?:= ANY \(\(?ARRAY\[|(?<!NOT )\bIN\s*\(|>=|(?<!NOT )\bBETWEEN)\s*('(?:[^']|'')*'|-?\d[\d.]*)", re.IGNORECASE
)

_FILL = "UPDATE {table} SET {column} = {value} WHERE {column} IS NULL"
# Only the rows know how many they are: each gets a number of its own.
_NUMBER = """\
UPDATE {table} AS vibe_row SET {column} = {value}
FROM (
    SELECT tableoid, ctid, row_number() OVER () AS number FROM {table} WHERE {column} IS NULL
) AS vibe_missing
WHERE vibe_row.tableoid = vibe_missing.tableoid AND vibe_row.ctid = vibe_missing.ctid"""
_REFUSE = """\
DO $vibe$
BEGIN
    IF EXISTS (SELECT FROM {table} WHERE {column} IS NULL) THEN
        RAISE EXCEPTION USING MESSAGE = {message}, HINT = {hint};
    END IF;
END
$vibe$"""


@dataclass(frozen=True, slots=True)
class Filler:
    """A stand-in for values of a column.

    ``value`` is an expression. ``plain`` is whether it stands alone, so that it can be a default; ``numbered`` whether
    it counts the rows by ``vibe_missing.number``; ``distinct`` whether it is another one for each row.
    """

    value: str
    plain: bool = True
    numbered: bool = False
    distinct: bool = False


def filler(table: Key, column: Column, catalog: Catalog) -> Filler | None:
    """Return a stand-in that the column's type, foreign keys, uniqueness and simple CHECKs allow, if there is one.

    Args:
        table: The table of the column.
        column: The column as it is when the value is needed.
        catalog: The state in which the value must be valid.
    """
    constraints = [found for found in catalog.constraints().get(table, ()) if column.name in found.columns]
    unique = is_unique(table, column.name, catalog)
    for found in constraints:
        if found.kind == ConstraintKind.FOREIGN:
            return None if unique else _parent_key(found)
    if unique:
        made = _distinct(column.type, catalog) or _numbered(table, column)
        if made is not None or unique == "alone":
            return made
    value = value_of(column.type, catalog)
    checks = [found for found in constraints if found.kind == ConstraintKind.CHECK and found.columns == (column.name,)]
    for check in checks:
        one_of = _ONE_OF.search(check.expression or "")
        if one_of:
            return Filler(one_of.group(1))
        if value is not None:  # what another row has is allowed for sure
            value = "1" if value == "0" else value
            query = "coalesce((SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1), {value})"
            parts = {"column": Name(column.name), "table": name_of(table)}
            return Filler(compose(query, **parts, value=Printed(value)), plain=False)
    return Filler(value) if value is not None else None


def value_of(type_: TypeRef, catalog: Catalog) -> str | None:
    """Return an expression for some value of a type, as an assignment takes it; ``None`` where there is no telling."""
    if type_.array:
        return "'{}'"
    fact = catalog.facts.get(type_.key) if type_.key is not None else None
    if isinstance(fact, Enum):
        return str(Literal(fact.labels[0])) if fact.labels else None
    if isinstance(fact, Domain):
        for constraint in fact.constraints:
            one_of = _ONE_OF.search(constraint.definition)
            if one_of:
                return one_of.group(1)
        return None if fact.constraints else value_of(fact.type, catalog)
    if type_.origin == "range" or type_.base.endswith("range"):
        return "'{}'" if type_.base.endswith("multirange") else "'empty'"
    if type_.base in {"bit", "bit varying"}:
        return str(Literal("0" * int(type_.modifiers or 1)))
    return _VALUES.get(type_.base)


def is_unique(table: Key, column: str, catalog: Catalog) -> str:
    """Return "alone" if the values of a column are unique, "together" if they are with others, else ""."""
    kinds = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}
    found = [one.columns for one in catalog.constraints().get(table, ()) if one.kind in kinds]
    found += [
        tuple(key.column or "" for key in index.keys) for index in catalog.indexes().get(table, ()) if index.unique
    ]
    if (column,) in found:
        return "alone"
    return "together" if any(column in columns for columns in found) else ""


def not_null_again(table: Key, column: Column, catalog: Catalog) -> tuple[tuple[Operation, ...], str]:
    """Return the operations of a downgrade that makes a column NOT NULL, and what it loses.

    Args:
        table: The table.
        column: The column as it was, under the name that it has when they run.
        catalog: The state to which the downgrade leads.
    """
    found = filler(table, column, catalog)
    parts = {"table": name_of(table), "column": Name(column.name)}
    what = shown(table, column.name)
    operations: list[Operation] = []
    if found is not None:
        value = Printed(found.value)
        operations.append(execute(_NUMBER if found.numbered else _FILL, **parts, value=value))
        if _has_deferred(table, catalog):  # else ALTER TABLE meets pending trigger events
            operations.append(Execute("SET CONSTRAINTS ALL IMMEDIATE"))
        loses = f"rows without {what} get {_named(found)} there"
    if found is None or not found.plain:
        operations.append(
            execute(
                _REFUSE,
                **parts,
                message=Literal(f"{what} must not be NULL, and some rows have no value"),
                hint=Literal(f"Give every row of {shown(table)} a value there, and run the downgrade again."),
            )
        )
    if found is None:
        loses = f"nothing; it stops while rows have no {what}, as no value can be made up"
    operations.append(alter(table, "ALTER COLUMN {column} SET NOT NULL", column=Name(column.name)))
    operations += named_not_null(table, column, catalog)
    return tuple(operations), loses


def _has_deferred(table: Key, catalog: Catalog) -> bool:
    return any(
        found.initially_deferred and table in {found.table, found.references} for found in catalog.of_type(Constraint)
    )


def _named(found: Filler) -> str:
    if found.numbered:
        return "a number of their own"
    return found.value if found.plain else "a value that another row has"


def _parent_key(constraint: Constraint) -> Filler | None:
    """Return some key of the referenced table, where one column refers to it."""
    if len(constraint.columns) != 1 or constraint.references is None or not constraint.reference_columns:
        return None
    query = "(SELECT {column} FROM {table} ORDER BY {column} LIMIT 1)"
    column, target = Name(constraint.reference_columns[0]), name_of(constraint.references)
    return Filler(compose(query, column=column, table=target), plain=False)


def _distinct(type_: TypeRef, catalog: Catalog) -> Filler | None:
    fact = catalog.facts.get(type_.key) if type_.key is not None else None
    if isinstance(fact, Domain) and not fact.constraints and not type_.array:
        return _distinct(fact.type, catalog)
    if type_.array or fact is not None:
        return None
    if type_.base == "uuid":
        return Filler("gen_random_uuid()", distinct=True)
    short = type_.modifiers.isdigit() and int(type_.modifiers) < _UUID_LENGTH
    return Filler(_UUID_TEXT, distinct=True) if type_.base in _TEXTS - {"name"} and not short else None


def _numbered(table: Key, column: Column) -> Filler | None:
    if column.type.array:
        return None
    if column.type.base in _NUMBERS - {"money"}:
        value = "coalesce((SELECT max({column}) FROM {table}), 0) + vibe_missing.number"
        sql = compose(value, column=Name(column.name), table=name_of(table))
        return Filler(sql, plain=False, numbered=True, distinct=True)
    if column.type.base in _MOMENTS:
        sql = "now() + vibe_missing.number * interval '1 microsecond'"
        return Filler(sql, plain=False, numbered=True, distinct=True)
    return None
