"""A type is made anew under its own name, and the columns that have it are converted, in one transaction.

PostgreSQL cannot change what a type is while columns have it (recipes 33 backwards, 38 and 39). The old type steps
aside under another name until the last column has left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Composite, Constraint, ConstraintKind, Domain, Enum, Range, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diagnostics import Rule, Severity
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import alter, execute, vibe_name
from alembic_vibe.plan.dependents import WITH_EXPRESSIONS, make_in_between, recreate
from alembic_vibe.plan.described import described
from alembic_vibe.plan.situation import column_key, node_of, table_of
from alembic_vibe.plan.sql import exact_name
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic_vibe.catalog.facts import Column
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

STUCK = Rule(
    code="AV858",
    slug="type-cannot-be-remade",
    severity=Severity.ERROR,
    summary="A type can only be changed by making it anew, and something that has it cannot be converted.",
    why="Other types, generated columns, partition keys and arrays of composite types are built on the type; "
    "PostgreSQL has no way to give them another one in place.",
    fix="Make a type of another name, give the columns that one, and drop the old type.",
    bad="CREATE TYPE address AS (town text, street text)  -- was: (street text, town text); an array column has it",
    good="CREATE TYPE postal_address AS (town text, street text)  -- and columns of it",
)
RULES = (STUCK,)

_Type = Enum | Domain | Composite | Range


@dataclass(frozen=True)
class TypeSwap:
    """What makes a type anew there and back; ``tables`` are rewritten, ``stuck`` is what forbids it."""

    up: tuple[Operation, ...]
    down: tuple[Operation, ...]
    tables: tuple[Key, ...]  # that have columns of it
    locked: tuple[Key, ...]
    stuck: tuple[str, ...]
    takes: frozenset[Node]


def columns_of(situation: Situation, key: Key) -> list[tuple[Table, Column]]:
    """Return the columns that have a type, or are arrays of it; those of partitions follow their parents'."""
    return [
        (table, column)
        for table in situation.before.of_type(Table)
        for column in table.columns
        if column.type.key == key and not column.inherited
    ]


def swap_type(
    situation: Situation,
    key: Key,
    there: Callable[[Name, Column], str],
    back: Callable[[Name, Column], str],
    *,
    early: bool = False,
) -> TypeSwap:
    """Return what turns the old form of a type into its new one and back.

    Args:
        situation: Both states.
        key: The type, in both of them.
        there: From a column's name and the column, the expression for its value in the new type.
        back: The same for the old type.
        early: Whether the old type is made before it gets new privileges.
    """
    columns = columns_of(situation, key)
    keys = [column_key(table.key, column.name) for table, column in columns]
    around = recreate(situation, [key, *keys], WITH_EXPRESSIONS, apart=keys)
    foreign = [
        fact.key
        for fact in situation.before.of_type(Constraint)
        if fact.kind == ConstraintKind.FOREIGN
        and not fact.inherited
        and any(column_key(fact.table, name) in keys for name in fact.columns)
    ]
    made_foreign, unmade_foreign = make_in_between(situation, foreign, new=False)
    old, new = situation.old_fact(key), situation.new_fact(key)
    assert isinstance(old, Enum | Domain | Composite | Range)
    assert isinstance(new, Enum | Domain | Composite | Range)
    make_old, _ = make_in_between(situation, [key], new=False, early=early)
    make_new, _ = make_in_between(situation, [key], new=True)
    reworded = _reworded(situation, keys, {*around.keys, *foreign})
    made_old, unmade_old = make_in_between(situation, reworded, new=False)
    made_new, unmade_new = make_in_between(situation, reworded, new=True)
    tables = tuple(dict.fromkeys(table.key for table, _ in columns))
    first, last = (*around.drops, *unmade_foreign), (*made_foreign, *around.creates_old)
    named = list(_named(situation, columns))
    return TypeSwap(
        (*first, *unmade_old, *_swapped(old, new, make_new, named, there), *made_new, *last),
        (*first, *unmade_new, *_swapped(new, old, make_old, named, back), *made_old, *last),
        tables,
        tuple(dict.fromkeys((*tables, *around.tables))),
        tuple(_stuck(situation, key, columns, around.stuck)),
        changes_of(situation, reworded) | _same_defaults(situation, keys),
    )


def _reworded(situation: Situation, columns: list[Key], others: set[Key]) -> list[Key]:
    """Return the CHECKs and indexes on some columns that PostgreSQL prints otherwise when the type is another."""
    users = situation.before.column_users
    found = {key for column in columns for key in users.get((table_of(column), column.member), ())}
    altered = {change.key for change in situation.changes if change.kind is ChangeKind.ALTER}
    return sorted(key for key in (found & altered) - others if key.kind in {Kind.CONSTRAINT, Kind.INDEX})


def _same_defaults(situation: Situation, columns: list[Key]) -> frozenset[Node]:
    """Return the changes of defaults that are none in the author's words."""
    return frozenset(
        node_of(change)
        for change in situation.changes
        if change.key in columns
        and change.alters("default")
        and getattr(situation.old_fact(change.key), "default", None)
        == getattr(situation.new_fact(change.key), "default", None)
    )


def _named(situation: Situation, columns: list[tuple[Table, Column]]) -> Iterator[tuple[Table, Column]]:
    """Yield the columns in words to write."""
    for table, column in columns:
        words = situation.old_words.table(table.key)
        yield words, words.column(column.name)


def _stuck(
    situation: Situation, key: Key, columns: list[tuple[Table, Column]], others: tuple[Key, ...]
) -> Iterator[str]:
    tables = {table.key for table, _ in columns}
    yield from (str(other) for other in others if other not in tables)
    for table, column in columns:
        where = f"column {table.key.qualified}.{column.name}"
        if table.key in situation.before.column_users.get((table.key, column.name), ()):
            yield f"a column that is generated from {table.key.qualified}.{column.name}"
        if column.generated:
            yield f"the generated {where}"
        if table.partition_key is not None and str(Name(column.name)) in table.partition_key:
            yield f"the partition key {where}"
        if column.type.array and key.kind is Kind.COMPOSITE:
            yield f"the array {where}"


def _swapped(
    one: _Type,
    other: _Type,
    make: tuple[Operation, ...],
    columns: list[tuple[Table, Column]],
    using: Callable[[Name, Column], str],
) -> Iterator[Operation]:
    """Yield the statements in between, when nothing but columns has the type."""
    for table, column in columns:
        if column.default is not None:
            yield alter(table.key, "ALTER COLUMN {name} DROP DEFAULT", name=Name(column.name))
    if isinstance(one, Range):
        yield from _by_text(one, make, columns)
    else:
        aside = one.key._replace(name=vibe_name(one.key.name))
        what, target = described(one.key, one)
        yield execute("ALTER {what} {target} RENAME TO {name}", what=what, target=target, name=Name(aside.name))
        yield from make
        for table, column in columns:
            name = Name(column.name)
            type_ = Printed(f"{exact_name(other.key, shadowed=other.shadowed)}{'[]' if column.type.array else ''}")
            action = "ALTER COLUMN {name} TYPE {type} USING {using}"
            yield alter(table.key, action, name=name, type=type_, using=Printed(using(name, column)))
        yield execute("DROP {what} {name}", what=what, name=Name(aside.schema, aside.name))
    for table, column in columns:
        if column.default is not None:
            default = Printed(column.default)
            yield alter(table.key, "ALTER COLUMN {name} SET DEFAULT {default}", name=Name(column.name), default=default)


def _by_text(one: Range, make: tuple[Operation, ...], columns: list[tuple[Table, Column]]) -> Iterator[Operation]:
    """Yield the statements for a range: its constructors have its name, so the old one must go before the new one."""
    _, target = described(one.key, one)
    for table, column in columns:
        text = Printed("text[]" if column.type.array else "text")
        action = "ALTER COLUMN {name} TYPE {text} USING {name}::{text}"
        yield alter(table.key, action, name=Name(column.name), text=text)
    yield execute("DROP TYPE {target}", target=target)
    yield from make
    for table, column in columns:
        type_ = Printed(f"{target}{'[]' if column.type.array else ''}")
        action = "ALTER COLUMN {name} TYPE {type} USING {name}::{type}"
        yield alter(table.key, action, name=Name(column.name), type=type_)
