"""A new serial or identity column (recipe 5).

Adding it at once would rewrite the table. It comes empty, with a sequence behind its default; the rows are numbered by
batches; then it becomes NOT NULL, and an identity column takes over where the sequence has got to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.plan.backfill import backfill_step
from alembic_vibe.plan.blocks import alter, exclusive, execute, shown, vibe_name
from alembic_vibe.plan.column_sql import (
    add_column_bare,
    continue_counting,
    create_sequence,
    family,
    identity_clause,
    named_sequence,
    not_null,
)
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.new_columns import Way, own_sequence, ready, way_of
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.strategies.column_add import adding
from alembic_vibe.sql.compose import Literal, Name, Printed, compose

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("5",)


def applies(change: Change, situation: Situation) -> bool:
    """An identity column, or one with a new sequence that it owns."""
    return way_of(change, situation) is Way.COUNTED


def plan(change: Change, situation: Situation) -> Planned:
    """Add it with a sequence, number the rows, make it what it shall be."""
    column = situation.new_fact(change.key)
    assert isinstance(column, Column)
    table = table_of(change.key)
    sequence = own_sequence(change.key, situation)
    takes: frozenset[Node] = frozenset()
    made: tuple[Operation, ...]
    if sequence is not None:
        name = name_of(sequence.key)
        made = makers_by_kind()[sequence.key.kind].create(sequence, situation.new).up
        takes = frozenset(node_of(found) for found in situation.by_key[sequence.key])
        bare = column
    else:
        name = Name(table.schema, vibe_name("count", table.name, column.name))
        bare = replace(column, identity="", identity_options=None, identity_sequence="", default=_next(name))
        made = _stand_in(column, name)
    add = adding(change.key, column, (*made, *add_column_bare(table, bare)), situation)
    if sequence is not None:
        owner = Printed(f"{name_of(table)}.{Name(column.name)}")
        own = execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=name, owner=owner)
        add = replace(add, up=(*add.up, own))
    else:
        # Not owned by the column: pg_get_serial_sequence() would find it instead of the identity's.
        add = replace(add, down=(*add.down, execute("DROP SEQUENCE {name}", name=name)))
    # A volatile default fills empty rows as they are touched.
    assignments = compose("{name} = DEFAULT", name=Name(column.name))
    steps = [add]
    steps.append(backfill_step(change.key, assignments, compose("{name} IS NULL", name=Name(column.name)), situation))
    if column.not_null:
        steps.append(not_null(table, column, Phase.MIGRATE, situation.after))
    if column.identity:
        steps.append(_take_over(change.key, column, name, situation))
    return Planned(tuple(steps), takes=takes, ready=ready(change.key, Phase.MIGRATE, situation))


def _next(sequence: Name) -> str:
    return compose("nextval({name}::regclass)", name=Literal(str(sequence)))


def _stand_in(column: Column, name: Name) -> tuple[Operation, ...]:
    """Return what makes the sequence that counts until there is an identity; who inserts must be let at it."""
    return (
        create_sequence(name, column.identity_options),
        execute("GRANT USAGE ON SEQUENCE {name} TO PUBLIC", name=name),
    )


def _take_over(key: Key, column: Column, sequence: Name, situation: Situation) -> Step:
    """Return the step that puts an identity in the place of the default, in one transaction and without a scan."""
    table = table_of(key)
    name = Name(column.name)
    default = Printed(_next(sequence))
    up = (
        alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name),
        alter(table, "ALTER COLUMN {name} ADD {identity}", name=name, identity=identity_clause(column)),
        *named_sequence(table, column),
        continue_counting(table, column.name, sequence),
        execute("DROP SEQUENCE {sequence}", sequence=sequence),
    )
    down = (
        *_stand_in(column, sequence),
        continue_counting(table, column.name, sequence, back=True),
        alter(table, "ALTER COLUMN {name} DROP IDENTITY", name=name),
        alter(table, "ALTER COLUMN {name} SET DEFAULT {default}", name=name, default=default),
    )
    return Step(
        key,
        up,
        down,
        phase=Phase.MIGRATE,
        title=f"{shown(table, column.name)} identity",
        locks=exclusive(*family(table, situation.after)),
    )
