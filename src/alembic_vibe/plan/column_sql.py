"""Columns of tables in use: adding one with all that belongs to it, and filling rows that have no value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.plan.blocks import alter, exclusive, excused, execute, set_not_null, shown, vibe_name
from alembic_vibe.plan.model import Verify
from alembic_vibe.plan.operations import AddColumn, Execute, Operation
from alembic_vibe.plan.sql import (
    column_definition,
    column_settings,
    comment_on,
    name_of,
    rename_not_null,
    sequence_clauses,
)
from alembic_vibe.plan.workspace import SCHEMA
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column, SequenceOptions
    from alembic_vibe.plan.model import Phase, Step

PREPARED = "a prepared SELECT * fails once in each session"


def heirs(table: Key, catalog: Catalog) -> tuple[Key, ...]:
    """Return the tables that inherit from a table, and their heirs; partitions are none of them."""
    return _below(table, catalog, lambda fact: fact.inherits)


def partitions(table: Key, catalog: Catalog) -> tuple[Key, ...]:
    """Return the partitions of a table, and theirs."""
    return _below(table, catalog, lambda fact: (fact.partition_of,) if fact.partition_of else ())


def _below(table: Key, catalog: Catalog, parents: Callable[[Table], Iterable[Key]]) -> tuple[Key, ...]:
    children: dict[Key, list[Key]] = {}
    for fact in catalog.of_type(Table):
        for parent in parents(fact):
            children.setdefault(parent, []).append(fact.key)
    found: dict[Key, None] = {}
    waiting = list(children.get(table, ()))
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = None
            waiting += children.get(one, ())
    return tuple(found)


def family(table: Key, catalog: Catalog) -> tuple[Key, ...]:
    """Return a table with everything that gets its columns from it: what ALTER TABLE locks as well."""
    return (table, *partitions(table, catalog), *heirs(table, catalog))


def add_column(table: Key, column: Column) -> tuple[Operation, ...]:
    """Return the operations that add a column as it is, in one statement, and its settings."""
    sql = alter(table, "ADD COLUMN {definition}", definition=column_definition(column))
    return (AddColumn(table, column, sql.statements), *attached(table, column))


def add_column_bare(table: Key, column: Column) -> tuple[Operation, ...]:
    """Return the operations that add a column without touching rows: empty, and the default for new rows only.

    In one statement with ADD COLUMN, SET DEFAULT leaves the rows alone, whatever the default is.
    """
    bare = replace(column, default=None, not_null=False, not_null_name=None)
    definition = column_definition(bare)
    if column.default is None:
        sql = alter(table, "ADD COLUMN {definition}", definition=definition)
    else:
        action = "ADD COLUMN {definition}, ALTER COLUMN {name} SET DEFAULT {default}"
        sql = alter(table, action, definition=definition, name=Name(column.name), default=Printed(column.default))
    return (AddColumn(table, replace(bare, default=column.default), sql.statements), *attached(table, bare))


def attached(table: Key, column: Column) -> tuple[Operation, ...]:
    """Return the operations for what ADD COLUMN cannot say: settings, names of what it makes by itself, the comment."""
    found: list[Operation] = [*column_settings("TABLE", table, column), *named_sequence(table, column)]
    if column.not_null and column.not_null_name is not None:
        found.append(Execute(rename_not_null(table, column)))
    found += comment_on("COLUMN", Printed(f"{name_of(table)}.{Name(column.name)}"), column.comment)
    return tuple(found)


# -- a trigger that fills a column -----------------------------------------------------------------------------------

_FILL = """\
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
#variable_conflict use_column
BEGIN
    IF NEW.{column} IS NULL THEN
        NEW.{column} := (SELECT {expression} FROM (SELECT NEW.*) AS {alias});
    END IF;
    RETURN NEW;
END
$vibe$"""
_FOLLOW = """\
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
#variable_conflict use_column
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.{column} IS NULL THEN
            NEW.{column} := (SELECT {expression} FROM (SELECT NEW.*) AS {alias});
        END IF;
    ELSIF NEW.{column} IS NOT DISTINCT FROM OLD.{column}
        AND (SELECT {expression} FROM (SELECT NEW.*) AS {alias})
            IS DISTINCT FROM (SELECT {expression} FROM (SELECT OLD.*) AS {alias})
    THEN
        NEW.{column} := (SELECT {expression} FROM (SELECT NEW.*) AS {alias});
    END IF;
    RETURN NEW;
END
$vibe$"""


def fill_function(table: Key, column: str) -> Key:
    """Return the key of the trigger function that fills a column."""
    parts = ("fill", table.schema, table.name, column) if table.schema != "public" else ("fill", table.name, column)
    return Key(Kind.FUNCTION, SCHEMA, vibe_name(*parts))


def fill_trigger(
    table: Key, column: str, expression: str, catalog: Catalog, *, follow: bool = False
) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """Return what makes and what removes a trigger that gives a column its value where a release leaves it out.

    It fires before NOT NULL, CHECK and generated columns are looked at. Steps that use it need the schema ``vibe``.

    Args:
        table: The table; heirs have no triggers of their parent, and get one each.
        column: The column.
        expression: Its value, over the columns of the row.
        catalog: Where the heirs are.
        follow: Keep the value up to date with the columns of the expression, until somebody writes it directly.
    """
    function = name_of(fill_function(table, column))
    trigger = Name(vibe_name("fill", column))
    make: list[Operation] = [
        execute(
            _FOLLOW if follow else _FILL,
            function=function,
            column=Name(column),
            expression=Printed(expression),
            alias=Name(table.name),
        )
    ]
    remove: list[Operation] = []
    for one in (table, *heirs(table, catalog)):
        parts = {"trigger": trigger, "table": name_of(one)}
        sql = "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        make.append(execute(sql, **parts, function=function))
        remove.append(execute("DROP TRIGGER {trigger} ON {table}", **parts))
    remove.append(execute("DROP FUNCTION {function}()", function=function))
    return tuple(make), tuple(remove)


# -- rows without a value --------------------------------------------------------------------------------------------


def count_missing(table: Key, column: str) -> str:
    """Return the query that counts the rows without a value."""
    return compose("SELECT count(*) FROM {table} WHERE {column} IS NULL", table=name_of(table), column=Name(column))


def not_null(
    table: Key, column: Column, phase: Phase, catalog: Catalog, down: tuple[Operation, ...] | None = None
) -> Step:
    """Return the step of block NN, with the names that the constraint shall have (PostgreSQL 18).

    Args:
        table: The table.
        column: The column as it shall be.
        phase: When.
        catalog: The wanted state, for partitions and heirs.
        down: Another downgrade than DROP NOT NULL.
    """
    (step,) = set_not_null(table, column.name, phase)
    verify = Verify(count_missing(table, column.name), f"rows of {shown(table)} have no {column.name}")
    tables = family(table, catalog)
    return replace(
        step,
        up=(*step.up, *named_not_null(table, column, catalog)),
        down=step.down if down is None else down,
        locks=exclusive(*tables),
        scans=tables,
        verify=(verify,),
    )


def named_not_null(table: Key, column: Column, catalog: Catalog) -> tuple[Operation, ...]:
    """Return the renaming of NOT NULL constraints that have names of their own, of heirs too (PostgreSQL 18)."""
    found: list[Operation] = []
    if column.not_null_name is not None:
        found.append(_rename_not_null(table, column))
    for heir in heirs(table, catalog):
        fact = catalog.facts.get(heir)
        own = [one for one in fact.columns if one.name == column.name] if isinstance(fact, Table) else []
        found += [_rename_not_null(heir, one) for one in own if one.not_null_name is not None]
    return tuple(found)


_RENAME_NOT_NULL = """\
DO $vibe$
BEGIN
    IF EXISTS (
        SELECT FROM pg_constraint WHERE conrelid = {where}::regclass AND conname = {before} AND contype = 'n'
    ) THEN
        ALTER TABLE {table} RENAME CONSTRAINT {usual} TO {name};
    END IF;
END
$vibe$"""


def _rename_not_null(table: Key, column: Column) -> Execute:
    """Return a renaming that can be run again; servers before PostgreSQL 18 have no such constraint."""
    usual = f"{table.name}_{column.name}_not_null"
    return execute(
        _RENAME_NOT_NULL,
        where=Literal(str(name_of(table))),
        before=Literal(usual),
        table=name_of(table),
        usual=Name(usual),
        name=Name(column.not_null_name or usual),
    )


# -- identity --------------------------------------------------------------------------------------------------------


def identity_clause(column: Column) -> Printed:
    """Return ``GENERATED … AS IDENTITY (…)`` as ADD COLUMN and ALTER COLUMN want it."""
    clauses = sequence_clauses(column.identity_options, of_type=False) if column.identity_options else ""
    words = f"GENERATED {column.identity.upper()} AS IDENTITY"
    return Printed(f"{words} ({clauses})" if clauses else words)


def create_sequence(name: Name, options: SequenceOptions | None) -> Execute:
    """Return the making of a sequence that counts in some way."""
    clauses = sequence_clauses(options) if options is not None else ""
    return execute("CREATE SEQUENCE {name}{clauses}", name=name, clauses=Printed(f" {clauses}" if clauses else ""))


def named_sequence(table: Key, column: Column) -> tuple[Operation, ...]:
    """Return the renaming of an identity's sequence that has not the name that PostgreSQL chooses."""
    if not column.identity_sequence:
        return ()
    usual = Name(table.schema, f"{table.name}_{column.name}_seq")
    return (execute("ALTER SEQUENCE {usual} RENAME TO {name}", usual=usual, name=Name(column.identity_sequence)),)


def continue_counting(table: Key, column: str, sequence: Name, *, back: bool = False) -> Execute:
    """Return the statement by which the sequence of an identity column goes on where another one is.

    Args:
        table: The table, locked by an earlier statement of the transaction, so that nobody draws a number meanwhile.
        column: The identity column.
        sequence: The other sequence.
        back: The other one goes on where the identity is.
    """
    parts = {"table": Literal(str(name_of(table))), "column": Literal(column)}
    if not back:
        sql = "SELECT setval(pg_get_serial_sequence({table}, {column}), last_value, is_called) FROM {sequence}"
        return execute(sql, **parts, sequence=sequence)
    statement = execute(_COUNT_BACK, **parts, sequence=Literal(str(sequence)))
    return excused(statement, "opaque-sql", "the server alone knows the name of the sequence")


def count_on(table: Key, column: str, sequence: Name | None, options: SequenceOptions | None) -> tuple[Execute, ...]:
    """Return the statement that sets a sequence behind the values that are there; no values: it stays.

    Args:
        table: The table, locked by an earlier statement of the transaction.
        column: The column.
        sequence: The sequence; ``None``: that of the column's identity.
        options: How it counts.
    """
    upwards = options is None or options.increment > 0
    first = (options.minimum if upwards else options.maximum) if options is not None else 1
    parts = {"table": Literal(str(name_of(table))), "column": Literal(column)}
    which = execute("pg_get_serial_sequence({table}, {column})", **parts) if sequence is None else None
    return (
        execute(
            "SELECT setval({which}, {last}) FROM {table} HAVING {last} {reaches} {first}",
            which=Printed(which.sql) if which is not None else Literal(str(sequence)),
            last=Printed(compose("max({name})" if upwards else "min({name})", name=Name(column))),
            table=name_of(table),
            reaches=Printed(">=" if upwards else "<="),
            first=Printed(str(first)),
        ),
    )


_COUNT_BACK = """\
DO $vibe$
DECLARE
    vibe_last bigint;
    vibe_called boolean;
BEGIN
    EXECUTE 'SELECT last_value, is_called FROM ' || pg_get_serial_sequence({table}, {column})
        INTO vibe_last, vibe_called;
    PERFORM setval({sequence}, vibe_last, vibe_called);
END
$vibe$"""


def identity_settings(table: Key, old: Column, new: Column) -> tuple[Operation, ...]:
    """Return what makes an identity count in another way, and gives its sequence another name."""
    found: list[Operation] = []
    was, now = old.identity_options, new.identity_options
    if was is not None and now is not None and was != now:
        settings = {
            f"SET INCREMENT BY {now.increment}": was.increment != now.increment,
            f"SET MINVALUE {now.minimum}": was.minimum != now.minimum,
            f"SET MAXVALUE {now.maximum}": was.maximum != now.maximum,
            f"SET START WITH {now.start}": was.start != now.start,
            f"SET CACHE {now.cache}": was.cache != now.cache,
            f"SET {'CYCLE' if now.cycle else 'NO CYCLE'}": was.cycle != now.cycle,
        }
        chosen = Printed(" ".join(setting for setting, differs in settings.items() if differs))
        found.append(alter(table, "ALTER COLUMN {name} {settings}", name=Name(new.name), settings=chosen))
    if old.identity_sequence != new.identity_sequence:
        usual = f"{table.name}_{new.name}_seq"
        one, other = (column.identity_sequence or usual for column in (old, new))
        sql = "ALTER SEQUENCE {one} RENAME TO {other}"
        found.append(execute(sql, one=Name(table.schema, one), other=Name(other)))
    return tuple(found)
