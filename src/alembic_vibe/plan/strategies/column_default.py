"""Another default of a column that stays what it is (recipes 14 and 14a).

A default exists once, so the running release gets the new one with the next: rows that it inserts without the column
have another value. That is what was asked for, harms no statement and changes no row that is there, so it is told
(``old_sees``) and is no hazard. A default goes only when the old release is gone, which may rely on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.plan.blocks import exclusive, execute, shown
from alembic_vibe.plan.column_sql import count_on, family
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.new_columns import own_sequence
from alembic_vibe.plan.situation import Node, Planned, column_key, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("14", "14a")


def applies(change: Change, _situation: Situation) -> bool:
    """A default that comes, goes or changes; generation expressions are none."""
    after = change.after
    return (
        change.key.kind is Kind.COLUMN
        and change.alters("default")
        and isinstance(after, Column)
        and not after.generated
    )


def plan(change: Change, situation: Situation) -> Planned:
    """Set it before the next release; drop it after the old one."""
    before, after = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(before, Column)
    assert isinstance(after, Column)
    table = table_of(change.key)
    what = shown(table, after.name)
    tables = _alike(table, after.name, situation)
    up: list[Operation] = [_default(one, after, only=len(tables) > 1) for one in tables]
    down: list[Operation] = [_default(one, before, only=len(tables) > 1) for one in tables]
    locked = exclusive(*family(table, situation.after))
    if after.default is None:
        step = Step(
            change.key,
            tuple(up),
            tuple(down),
            phase=Phase.CONTRACT,
            title=f"{what} without default",
            locks=locked,
            old_sees=f"an INSERT without {what} fails" if after.not_null else "",
            new_sees=f"until then, rows without {what} get {before.default}",
        )
        return Planned((step,), ready=Phase.CONTRACT)
    takes: frozenset[Node] = frozenset()
    sequence = own_sequence(change.key, situation)
    notes: tuple[str, ...] = ()
    if sequence is not None:
        name = name_of(sequence.key)
        owner = Printed(f"{name_of(table)}.{Name(after.name)}")
        made = makers_by_kind()[sequence.key.kind].create(sequence, situation.new).up
        own = execute("ALTER SEQUENCE {name} OWNED BY {owner}", name=name, owner=owner)
        up = [*made, *up, *count_on(table, after.name, name, sequence.options), own]
        down.append(execute("DROP SEQUENCE {name}", name=name))
        takes = frozenset(map(node_of, situation.by_key[sequence.key]))
        notes = ("The sequence begins after the greatest value that is there.",)
    step = Step(
        change.key,
        tuple(up),
        tuple(down),
        phase=Phase.EXPAND,
        title=f"{what} default",
        locks=locked,
        old_sees=f"rows without {what} get {after.default}",
        notes=notes,
    )
    return Planned((step,), takes=takes)


def _default(table: Key, column: Column, *, only: bool) -> Execute:
    """Return the statement for one table, or for it and all that have its columns."""
    what = "ALTER TABLE ONLY {table}" if only else "ALTER TABLE {table}"
    parts = {"table": name_of(table), "name": Name(column.name)}
    if column.default is None:
        return execute(f"{what} ALTER COLUMN {{name}} DROP DEFAULT", **parts)
    return execute(f"{what} ALTER COLUMN {{name}} SET DEFAULT {{value}}", **parts, value=Printed(column.default))


def _alike(table: Key, name: str, situation: Situation) -> tuple[Key, ...]:
    """Return the table, and its partitions and heirs that change with it: others have a default of their own."""
    found = [table]
    for one in family(table, situation.after)[1:]:
        pairs = [
            tuple(getattr(fact(column_key(key, name)), "default", None) for key in (table, one))
            for fact in (situation.old_fact, situation.new_fact)
        ]
        if one in situation.before.facts and all(parent == child for parent, child in pairs):
            found.append(one)
    return tuple(found)
