"""A table becomes a partition, or a partition a table of its own (recipe 48). Its rows stay where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import BLOCKING_SCAN, OLD_RELEASE_BREAKS, Danger
from alembic_vibe.locks import LockLevel
from alembic_vibe.plan.belongings import belongings, standalone
from alembic_vibe.plan.blocks import alter, exclusive, execute, locks, shown
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.partitions import attach, default_of, detach, detach_steps, is_rebuilt, redivision, referred
from alembic_vibe.plan.situation import Planned, column_key, node_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic_vibe.catalog.catalog import Catalog
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("48",)
_RENAME_NOT_NULL = """\
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new};
    END IF;
END
$$"""


def applies(change: Change, situation: Situation) -> bool:
    """A table that is there before and after, below another parent or none."""
    if not change.alters("partition_of", "partition_bound") or "partition_of" not in change.altered_fields:
        return False
    one, other = change.before, change.after
    assert isinstance(one, Table)
    assert isinstance(other, Table)
    parents = [fact.partition_of for fact in (one, other) if fact.partition_of is not None]
    found = [redivision(parent, situation) for parent in parents]
    return not any(some is not None and change.key in {*some.before, *some.after} for some in found)


def plan(change: Change, situation: Situation) -> Planned:
    """Attach it before the next release; detach it after the old one."""
    old, new = situation.old_words.table(change.key), situation.new_words.table(change.key)
    if old.partition_of is not None and is_rebuilt(old.partition_of, situation):
        return Planned()  # it is let go when that table is made anew
    steps: list[Step] = []
    takes: set[Node] = set()
    if old.partition_of is not None:
        parts = detach_steps(old, situation, f"detach {shown(old.key)}")
        left = tuple(_leftovers(old.key, situation))
        if new.partition_of is not None:
            parts = (
                Step(
                    change.key,
                    (detach(old),),
                    (attach(old),),
                    phase=Phase.EXPAND,
                    title=f"detach {shown(old.key)}",
                    locks=exclusive(old.partition_of, old.key),
                ),
            )
        seen = f"the rows of {shown(old.key)} are no longer in {shown(old.partition_of)}"
        steps += [replace(part, old_sees=seen) for part in parts]
        names = tuple(_not_null_names(old.key, new, situation))
        if (left or names) and new.partition_of is None:
            steps.append(_tidy(change.key, left, names, situation))
        takes |= set(_now_own(old.key, situation))
    if new.partition_of is not None:
        steps.append(_attach(old, new, situation))
        takes |= set(_now_inherited(new.key, situation)) | set(_columns(old, new, situation))
    ready = Phase.EXPAND if new.partition_of is not None else Phase.CONTRACT
    return Planned(tuple(steps), takes=frozenset(takes - {node_of(change)}), ready=ready)


# -- a table becomes a partition -------------------------------------------------------------------------------------


def _attach(old: Table, new: Table, situation: Situation) -> Step:
    assert new.partition_of is not None
    parent, what = new.partition_of, shown(new.key)
    prepare, undo = _fit(old, new, situation)
    brought = [
        key
        for key, fact in _inherited(situation.after, new.key)
        if key not in situation.before.facts and not (isinstance(fact, Constraint) and fact.kind == "c")
    ]
    scanned = [new.key]
    default = default_of(situation.before, parent)
    if default is not None and default != new.key:
        scanned.append(default)
    reached = referred(situation.new_words, new.key)
    dangers = tuple(
        Danger(BLOCKING_SCAN, shown(key), f"{shown(key)} is read whole, while nobody can use it") for key in scanned
    )
    outside = f"rows outside of {new.partition_bound} can no longer be written to {what}"
    dangers += (Danger(OLD_RELEASE_BREAKS, what, outside),)
    return Step(
        new.key,
        (*prepare, attach(new)),
        (detach(new), *_drop_parts(brought, situation.after), *undo),
        phase=Phase.EXPAND,
        title=f"{what} to {shown(parent)}",
        locks=(
            *exclusive(*scanned),
            *locks(LockLevel.SHARE_UPDATE_EXCLUSIVE, parent),
            *locks(LockLevel.SHARE_ROW_EXCLUSIVE, *reached),
        ),
        scans=tuple(scanned),
        old_sees=f"the rows of {what} are in {shown(parent)} as well",
        dangers=dangers,
    )


def _fit(old: Table, new: Table, situation: Situation) -> tuple[list[Operation], list[Operation]]:
    """Return what a table must get before it is attached: the parent's NOT NULL, its own defaults, the CHECKs."""
    up: list[Operation] = []
    down: list[Operation] = []
    had = {column.name: column for column in old.columns}
    for column in new.columns:
        was = had.get(column.name)
        if was is None:
            continue
        name = Name(column.name)
        if column.not_null and not was.not_null:
            up.append(alter(new.key, "ALTER COLUMN {name} SET NOT NULL", name=name))
            down.insert(0, alter(new.key, "ALTER COLUMN {name} DROP NOT NULL", name=name))
        if column.default != was.default and not column.generated and not was.generated:
            up.append(_default(new.key, column))
            down.insert(0, _default(new.key, was))
    for key, fact in _inherited(situation.after, new.key):
        wanted = situation.new_words.facts[key]
        if isinstance(fact, Constraint) and fact.kind == "c" and key not in situation.before.facts:
            made = makers_by_kind()[Kind.CONSTRAINT].create(wanted, situation.new)
            up.extend(made.up)
            down = [*made.down, *down]
    return up, down


def _default(table: Key, column: Column) -> Operation:
    name = Name(column.name)
    if column.default is None:
        return alter(table, "ALTER COLUMN {name} DROP DEFAULT", name=name)
    return alter(table, "ALTER COLUMN {name} SET DEFAULT {default}", name=name, default=Printed(column.default))


def _columns(old: Table, new: Table, situation: Situation) -> Iterator[Node]:
    """Yield the changes of columns that are made so that the table fits."""
    for column in new.columns:
        for found in situation.by_key.get(column_key(new.key, column.name), ()):
            if found.alters("not_null", "not_null_name") or found.alters("default"):
                yield node_of(found)
    assert old.key == new.key


def _now_inherited(table: Key, situation: Situation) -> Iterator[Node]:
    """Yield the DROPs of what does not go, but belongs to the parent's from now on."""
    inherited = dict(_inherited(situation.after, table))
    shapes = {_shape(fact) for fact in inherited.values()} - {None}
    for found in situation.changes:
        fact = found.before
        if found.kind is not ChangeKind.DROP or not isinstance(fact, Constraint | Index) or fact.table != table:
            continue
        if found.key in inherited or _shape(fact) in shapes:
            yield node_of(found)


# -- a partition becomes a table -------------------------------------------------------------------------------------


def _now_own(table: Key, situation: Situation) -> Iterator[Node]:
    """Yield the ADDs of what was the parent's, and stays when the partition is detached."""
    had = dict(_inherited(situation.before, table))
    for found in situation.changes:
        if found.kind is ChangeKind.ADD and found.key in had:
            yield node_of(found)


def _leftovers(table: Key, situation: Situation) -> Iterator[Key]:
    """Yield what stays of the parent's constraints and indexes, and is not wanted."""
    for key, _ in _inherited(situation.before, table):
        if key not in situation.after.facts:
            yield key


def _not_null_names(table: Key, new: Table, situation: Situation) -> Iterator[tuple[str, str]]:
    """Yield the names that NOT NULL has from the parent, and shall have (PostgreSQL 18 and later)."""
    alone = {column.name: column for column in standalone(situation.old_words, table).table(table).columns}
    for column in new.columns:
        was = alone.get(column.name)
        if was is not None and was.not_null and column.not_null:
            usual = f"{table.name}_{column.name}_not_null"
            names = was.not_null_name or usual, column.not_null_name or usual
            if names[0] != names[1]:
                yield names


def _tidy(table: Key, left: tuple[Key, ...], names: tuple[tuple[str, str], ...], situation: Situation) -> Step:
    """Return the step that drops what the parent left; attaching makes it again, and finds it if it is there."""
    made = [
        makers_by_kind()[key.kind].create(replace(fact, inherited=False), situation.old)
        for key in left
        if isinstance(fact := situation.old_words.facts[key], Constraint | Index)
    ]
    return Step(
        table,
        (*_drop_parts(left, situation.before), *(_rename_not_null(table, one, other) for one, other in names)),
        (
            *(_rename_not_null(table, other, one) for one, other in names),
            *(operation for step in made for operation in step.up),
        ),
        phase=Phase.CONTRACT,
        title=f"tidy {shown(table)}",
        locks=exclusive(table),
    )


def _rename_not_null(table: Key, old: str, new: str) -> Operation:
    return execute(_RENAME_NOT_NULL, table=name_of(table), old=Name(old), new=Name(new))


# -- both ------------------------------------------------------------------------------------------------------------


def _inherited(catalog: Catalog, table: Key) -> Iterator[tuple[Key, Constraint | Index]]:
    for key in belongings(catalog, table):
        fact = catalog.facts[key]
        if isinstance(fact, Constraint | Index) and fact.inherited:
            yield key, fact


def _drop_parts(keys: list[Key] | tuple[Key, ...], catalog: Catalog) -> Iterator[Operation]:
    for key in keys:
        if isinstance(catalog.facts[key], Index):
            yield execute("DROP INDEX IF EXISTS {name}", name=name_of(key))
        else:
            table = Key(Kind.TABLE, key.schema, key.name)
            yield alter(table, "DROP CONSTRAINT IF EXISTS {name}", name=Name(key.member))


def _shape(fact: object) -> object:
    """Return what PostgreSQL compares when it looks whether a table has an index of its parent already."""
    if isinstance(fact, Index):
        return ("index", fact.unique, fact.method, fact.keys, fact.include, fact.predicate)
    if isinstance(fact, Constraint) and fact.kind != "c":
        return (fact.kind, fact.columns, fact.references, fact.reference_columns)
    return None
