"""Rows that both schemas accept: made for the old one, with what the new one will ask for put in force for a moment.

A CHECK, a unique key or a NOT NULL that is to come must hold for the rows of its proof, as it must for the user's own.
The new constraints are added to the old tables, rows are made, and the constraints are taken away, in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from alembic_vibe.catalog.facts import ConstraintKind, Domain, Enum, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.prove.rows import RowsResult, fill_tables
from alembic_vibe.prove.rows_facts import read_facts
from alembic_vibe.prove.rows_harvest import harvest
from alembic_vibe.prove.rows_server import server_side
from alembic_vibe.prove.rows_values import candidates
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    import psycopg

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.prove.rows_facts import SchemaFacts

_TEXTS = {"text", "character varying", "character", "citext"}
_VALUES = 12  # texts that fit both types of a column


@dataclass(frozen=True, slots=True)
class _Rule:
    """What puts a rule in force for a moment, and what takes it away.

    Where that cannot be: ``unique`` is the table whose key it is, ``empty`` are tables that must stay empty.
    """

    up: str
    down: str
    unique: Key | None = None
    empty: tuple[Key, ...] = ()


def fill_for_both(
    connection: psycopg.Connection[Any],
    old: Catalog,
    new: Catalog,
    tables: Collection[Key] | None = None,
    rows_per_table: int = 2,
) -> RowsResult:
    """Fill the tables of the old schema with rows that the new one accepts too, as far as it can be told.

    Args:
        connection: To a database with the old schema; everything happens in one transaction.
        old: What the database has.
        new: What it will have.
        tables: Only these; what they refer to must have rows or be among them.
        rows_per_table: How many rows each table shall have.

    Returns:
        The numbers of rows, and why other tables stay empty.
    """
    wanted = [
        table for table in old.of_type(Table) if table.partition_of is None and (tables is None or table.key in tables)
    ]
    turning = {table.key for table in wanted if _becomes_partition(table, new)}
    wanted = [table for table in wanted if table.key not in turning]
    with connection.transaction():
        undo: list[str] = []
        single: dict[Key, None] = {}
        empty: set[Key] = set()
        for rule in _rules(connection, wanted, old, new):
            if _passes(connection, rule.up):
                undo.append(rule.down)
            else:
                empty.update(rule.empty)
                single.update({rule.unique: None} if rule.unique is not None else {})
        keys = [table.key for table in wanted if table.key not in single and table.key not in empty]
        result = fill_tables(connection, old, rows_per_table, keys)
        for key in (
            single.keys() - empty
        ):  # a key that cannot be put in force: one row, in one partition, cannot break it
            one = fill_tables(connection, old, 1, [_first_leaf(key, old)])
            result.filled.update(one.filled)
            result.unfilled.update({} if one.filled else one.unfilled)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for down in reversed(undo):
            connection.execute(down.encode())
    result.unfilled.update((key, "what its type will accept cannot be told") for key in sorted(empty))
    result.unfilled.update((key, "it becomes a partition: no row is known to fit") for key in sorted(turning))
    return result


def _becomes_partition(table: Table, new: Catalog) -> bool:
    fact = new.facts.get(table.key)
    return isinstance(fact, Table) and fact.partition_of is not None


def _first_leaf(key: Key, catalog: Catalog) -> Key:
    """Return the first partition of a table that is none of them partitioned itself; else the table."""
    for table in catalog.of_type(Table):
        if table.partition_of == key:
            return _first_leaf(table.key, catalog)
    return key


def _passes(connection: psycopg.Connection[Any], text: str) -> bool:
    """Run a statement; one that speaks of what is not there yet is skipped."""
    import psycopg

    try:
        with connection.transaction():
            connection.execute(text.encode())
    except psycopg.Error:
        return False
    return True


def _rules(connection: psycopg.Connection[Any], wanted: list[Table], old: Catalog, new: Catalog) -> Iterator[_Rule]:
    facts = read_facts(connection, [table.key for table in wanted])
    for number, table in enumerate(wanted):
        fact = new.facts.get(table.key)
        if isinstance(fact, Table):
            yield from _column_rules(connection, facts, number, table, fact, old, new)
    yield from _constraint_rules({table.key for table in wanted}, old, new)
    yield from _domain_rules(wanted, old, new)


def _constraint_rules(wanted: Collection[Key], old: Catalog, new: Catalog) -> Iterator[_Rule]:
    before = {(fact.table, fact.definition) for found in old.constraints().values() for fact in found if fact.validated}
    number = 0
    for key, constraints in new.constraints().items():
        for constraint in constraints:
            if key not in wanted or constraint.inherited or (key, constraint.definition) in before:
                continue
            definition = constraint.definition.removesuffix(" NOT VALID").removesuffix(" NOT ENFORCED")
            if constraint.kind == ConstraintKind.PRIMARY:  # there may be another one still
                columns = [Name(column) for column in constraint.columns]
                definition = compose("UNIQUE ({columns})", columns=columns)
            number += 1
            rule = _constraint(key, f"vibe_both_c{number}", definition)
            is_key = constraint.kind in {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE}
            yield replace(rule, unique=key) if is_key else rule
    known = {index.definition for index in old.of_type(Index)}
    for index in new.of_type(Index):
        if index.unique and index.table in wanted and not index.inherited and index.definition not in known:
            number += 1
            name = f"vibe_both_i{number}"
            head, _, rest = index.definition.partition(" ON ")
            if head.startswith("CREATE UNIQUE INDEX"):
                up = compose("CREATE UNIQUE INDEX {name} ON {rest}", name=Name(name), rest=Printed(rest))
                down = compose("DROP INDEX {name}", name=Name(index.table.schema, name))
                yield _Rule(up, down, index.table)


def _constraint(table: Key, name: str, definition: str) -> _Rule:
    parts = {"table": Name(table.schema, table.name), "name": Name(name)}
    return _Rule(
        compose("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}", **parts, definition=Printed(definition)),
        compose("ALTER TABLE {table} DROP CONSTRAINT {name}", **parts),
    )


def _domain_rules(wanted: Sequence[Table], old: Catalog, new: Catalog) -> Iterator[_Rule]:
    for domain in new.of_type(Domain):
        before = old.facts.get(domain.key)
        if not isinstance(before, Domain):
            continue
        known = {constraint.definition for constraint in before.constraints}
        users = tuple(table.key for table in wanted if any(column.type.key == domain.key for column in table.columns))
        for number, constraint in enumerate(domain.constraints):
            if constraint.definition not in known:
                parts = {"domain": Name(domain.key.schema, domain.key.name), "name": Name(f"vibe_both_{number}")}
                definition = Printed(constraint.definition.removesuffix(" NOT VALID"))
                yield _Rule(
                    compose("ALTER DOMAIN {domain} ADD CONSTRAINT {name} {definition}", **parts, definition=definition),
                    compose("ALTER DOMAIN {domain} DROP CONSTRAINT {name}", **parts),
                    empty=users,
                )


def _column_rules(
    connection: psycopg.Connection[Any],
    facts: SchemaFacts,
    number: int,
    before: Table,
    after: Table,
    old: Catalog,
    new: Catalog,
) -> Iterator[_Rule]:
    there = {column.name: column for column in before.columns}
    for position, column in enumerate(after.columns):
        known = there.get(column.name)
        if known is None or known.generated or column.generated:
            continue
        parts = {"table": Name(after.key.schema, after.key.name), "column": Name(column.name)}
        if column.not_null and not known.not_null and not before.inherits:
            yield _Rule(
                compose("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL", **parts),
                compose("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL", **parts),
            )
        texts = _texts_for_both(connection, facts, before.key, known, column, old, new)
        if texts:
            values = [Literal(text) for text in texts]
            check = compose(
                "CHECK ({column}::text = ANY (ARRAY[{values}]::text[]))", column=parts["column"], values=values
            )
            yield _constraint(after.key, f"vibe_both_t{number}_{position}", check)


def _texts_for_both(
    connection: psycopg.Connection[Any],
    facts: SchemaFacts,
    table: Key,
    before: Column,
    after: Column,
    old: Catalog,
    new: Catalog,
) -> list[str]:
    """Return values of the old type that the new one can read, where not every value can be."""
    one, other = _labels(before, old), _labels(after, new)
    if one is not None and other is not None:
        return [] if set(one) <= set(other) else [label for label in one if label in other]
    if before.type == after.type or before.type.base not in _TEXTS or before.type.array:
        return []
    if other is not None:
        texts = list(other)
    elif after.type.base in _TEXTS and not after.type.modifiers:
        return []
    else:
        found = connection.execute(
            "SELECT t.oid::int8, -1 FROM pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype(%s)",
            (after.type.text,),
        ).fetchone()
        if found is None:
            return []
        modifier = _modifier(after)
        texts = candidates(facts.types, found[0], modifier, after.name, str(table), 0, harvest([]))
    with server_side(connection) as server:
        texts = server.valid(texts, after.type.text) if other is None else texts
        return list(dict.fromkeys(server.valid(texts, before.type.text)))[:_VALUES]


def _modifier(column: Column) -> int:
    """Return ``atttypmod`` of a text type: its length and four."""
    if column.type.base in _TEXTS and column.type.modifiers.isdigit():
        return int(column.type.modifiers) + 4
    return -1


def _labels(column: Column, catalog: Catalog) -> tuple[str, ...] | None:
    key = column.type.key
    fact = catalog.facts.get(key) if key is not None and key.kind is Kind.ENUM else None
    return fact.labels if isinstance(fact, Enum) and not column.type.array else None
