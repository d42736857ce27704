"""Columns move to another table, related one to one (recipes 45 and 46): a table is split, or two are merged.

Triggers keep both places the same while both releases run, rows that were there before are filled a batch at a time,
and the old columns are set aside when the running release is gone. Going back, they are filled from the new place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, ConstraintKind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.backfill import backfill_step
from alembic_vibe.plan.blocks import alter, away, exclusive, locks, shown
from alembic_vibe.plan.column_sql import add_column, family, not_null
from alembic_vibe.plan.fillers import not_null_again
from alembic_vibe.plan.model import Phase, Step, Verify
from alembic_vibe.plan.move_sql import MoveSql
from alembic_vibe.plan.moving import Move, is_moved, move_of, tightened
from alembic_vibe.plan.new_columns import ready
from alembic_vibe.plan.situation import Planned, column_key, node_of, table_of
from alembic_vibe.plan.strategies.column_add import adding
from alembic_vibe.plan.strategies.column_drop import Leaving
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.keys import Key
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("45", "46")


def applies(change: Change, situation: Situation) -> bool:
    """A column of a table in use that comes from another table, or goes there."""
    return is_moved(change, situation)


def plan(change: Change, situation: Situation) -> Planned:
    """Add what is new, keep both places the same, fill; then set the old columns aside, and drop them."""
    move = move_of(change.key, situation)
    if move is None:
        return Planned(ready=Phase.CONTRACT)  # there is a question
    sql = MoveSql(move)
    if change.kind is ChangeKind.ADD:
        return _coming(change, move, sql, situation)
    early, steps, leaving = _going(change, move, sql, situation)
    if change.key == move.leader:
        early = [*_triggers(move, sql, situation), *early, _fill(change.key, move, sql, situation)]
        steps = [*_part(move, sql), *steps]
    return Planned(tuple(steps), takes=leaving.takes, ready=Phase.CONTRACT, early=tuple(early))


def _coming(change: Change, move: Move, sql: MoveSql, situation: Situation) -> Planned:
    """Plan all new columns of a table in use."""
    if change.key != move.leader:
        return Planned(ready=Phase.MIGRATE)  # part of the first one's steps
    keys = [column_key(move.new_table, new.name) for _, new in move.pairs]
    early: list[Step] = []
    last: list[Step] = []
    for key, (_, new) in zip(keys, move.pairs, strict=True):
        bare = replace(new, default=None, not_null=False, not_null_name=None)
        early.append(replace(adding(key, bare, add_column(move.new_table, bare), situation), loses=""))
        last += _finish(key, new, situation)
    early += [*_triggers(move, sql, situation), _fill(change.key, move, sql, situation)]
    primary = any(
        one.kind == ConstraintKind.PRIMARY and not _names(move).isdisjoint(one.columns)
        for one in situation.new_constraints.get(move.new_table, ())
    )
    filled = Phase.CONTRACT if primary or tightened(move, situation) else Phase.MIGRATE
    phases = [ready(key, filled, situation) for key in keys]
    takes = frozenset(node_of(found) for key in keys for found in situation.by_key[key]) - {node_of(change)}
    return Planned(
        (*_part(move, sql), *last),
        takes=takes,
        ready=max(phases, key=lambda phase: phase.rank),
        early=tuple(early),
    )


def _going(change: Change, move: Move, sql: MoveSql, situation: Situation) -> tuple[list[Step], list[Step], Leaving]:
    """Plan one old column of a table that stays: where it must have a value, that ends before the next release."""
    column = situation.old_fact(change.key)
    assert isinstance(column, Column)
    table, what = table_of(change.key), shown(table_of(change.key), column.name)
    leaving = Leaving(change, replace(column, not_null=False, not_null_name=None), situation)
    early: list[Step] = []
    if column.not_null:
        down, loses = not_null_again(table, column, situation.old_words)
        early.append(
            Step(
                change.key,
                (alter(table, "ALTER COLUMN {name} DROP NOT NULL", name=Name(column.name)),),
                down,
                title=f"{what} nullable",
                locks=exclusive(*family(table, situation.before)),
                loses=loses,
                old_sees=f"{what} is NULL for a moment in rows of the next release",
                notes=("The next release writes the value into another table; it follows at once.",),
            )
        )
    end = leaving.drop()
    hidden = {column.name: away(column.name)}
    new = next(new for old, new in move.pairs if old.name == column.name)
    place = shown(move.new_table, new.name)
    end = replace(
        end,
        down=(*end.down, *sql.refill(hidden)),
        loses="",
        dangers=(),
        notes=(*end.notes, f"The values are in {place}; the downgrade takes them from there."),
    )
    return early, [leaving.set_aside(), end], leaving


# -- the parts ---------------------------------------------------------------------------------------------------------


def _triggers(move: Move, sql: MoveSql, situation: Situation) -> Iterator[Step]:
    """Yield what keeps both places the same, each table in use in a transaction of its own: they are locked singly."""
    sees = loses = ""
    if move.split:
        sees = f"a row of {shown(move.old_table)} gets its row in {shown(move.new_table)} when its transaction ends; "
        sees += "whoever writes both by itself does so in one transaction until contract"
    if not move.grows:
        loses = f"values that the next release writes where there is no row in {shown(move.old_table)}"
    note = "Where two writers change the same value in both places at once, one of them gets 40P01 and tries again."
    for table in (move.new_table, move.old_table):
        old = table == move.old_table
        yield Step(
            _old_key(move) if old or move.split else _new_key(move),
            sql.make(table),
            sql.remove(table),
            phase=Phase.EXPAND,
            title=f"{_what(move)} {'from' if old else 'to'} {shown(move.old_table)}",
            locks=() if move.split and not old else locks(LockLevel.SHARE_ROW_EXCLUSIVE, table),
            loses=loses if old else "",
            new_sees=sees if old else "",
            notes=(note,) if old else (),
            dangers=tuple(_breaks(move, situation)) if move.split and old else (),
            uses_vibe=True,
        )


def _new_key(move: Move) -> Key:
    return column_key(move.new_table, move.pairs[0][1].name)


def _old_key(move: Move) -> Key:
    return column_key(move.old_table, move.pairs[0][0].name)


def _breaks(move: Move, situation: Situation) -> Iterator[Danger]:
    old, new = shown(move.old_table), shown(move.new_table)
    for name in tightened(move, situation):
        text = (
            f"rows of {old} that {name} of {new} forbids cannot be written any more, and the ones that are there stop "
        )
        text += f"the backfill; give {old} the same rule in a run before this one"
        yield Danger(OLD_RELEASE_BREAKS, f"{new}.{name}", text)


def _fill(key: Key, move: Move, sql: MoveSql, situation: Situation) -> Step:
    if move.split:
        found = backfill_step(
            key, "", sql.to_do(), situation, title=f"fill {shown(move.new_table)}", insert=sql.insert()
        )
    else:
        found = backfill_step(key, sql.assignments(), sql.to_do(), situation, title=f"fill {_what(move)}")
    return replace(found, locks=(*found.locks, *locks(LockLevel.ROW_EXCLUSIVE, *set(_in_use(move)) - {table_of(key)})))


def _part(move: Move, sql: MoveSql) -> Iterator[Step]:
    """Yield the steps after which only the new place counts; going back, it is watched before the old one is filled."""
    message = f"rows of {shown(move.old_table)} whose values are not in {shown(move.new_table)}"
    old, new = move.old_table, move.new_table
    yield Step(
        _old_key(move),
        sql.remove(old),
        (*sql.make(old), *sql.refill()),
        phase=Phase.CONTRACT,
        title=f"{_what(move)} not from {shown(old)}",
        locks=locks(LockLevel.ACCESS_EXCLUSIVE, old),
        verify=(Verify(sql.disagreeing(), message),),
        notes=(f"The downgrade fills {shown(old)} from {shown(new)}.",),
        uses_vibe=True,
    )
    yield Step(
        _new_key(move),
        sql.remove(new),
        sql.make(new),
        phase=Phase.CONTRACT,
        title=f"{_what(move)} not to {shown(old)}",
        locks=locks(LockLevel.ACCESS_EXCLUSIVE, new),
        uses_vibe=True,
    )


def _finish(key: Key, column: Column, situation: Situation) -> Iterator[Step]:
    """Yield what gives a new column its default and NOT NULL, once the old place no longer counts."""
    table, name = table_of(key), Name(column.name)
    if column.default is not None:
        value = Printed(column.default)
        up: tuple[Operation, ...] = (alter(table, "ALTER COLUMN {name} SET DEFAULT {value}", name=name, value=value),)
        down = (alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name),)
        title, taken = f"{shown(table, column.name)} default", exclusive(*family(table, situation.before))
        yield Step(key, up, down, phase=Phase.CONTRACT, title=title, locks=taken)
    if not column.not_null:
        return
    expression = situation.intents.backfill.get(key, column.default)
    if expression is not None:
        text = compose("{name} = ({value})", name=name, value=Printed(expression))
        yield backfill_step(key, text, compose("{name} IS NULL", name=name), situation, phase=Phase.CONTRACT)
    yield not_null(table, column, Phase.CONTRACT, situation.after)


def _what(move: Move) -> str:
    columns = [shown(move.new_table, new.name) for _, new in move.pairs]
    return columns[0] if len(columns) == 1 else f"{len(columns)} columns of {shown(move.new_table)}"


def _names(move: Move) -> set[str]:
    return {new.name for _, new in move.pairs}


def _in_use(move: Move) -> list[Key]:
    return [move.old_table] if move.split else [move.old_table, move.new_table]
