"""A table gets another name or moves to another schema (recipe 44): a view keeps the old name for the old release.

PostgreSQL lets a simple view be written to as if it were the table (manual, CREATE VIEW, "Updatable Views"); with
``security_invoker`` the table's privileges and policies apply to whoever uses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, Index, Privileges, Statistics, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, Danger
from alembic_vibe.plan.blocks import alter, exclusive, execute, shown
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.objects.privileges import create as grant
from alembic_vibe.plan.renaming import can_double, renames_of
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import name_of, owner_of
from alembic_vibe.sql.compose import Name, Printed, compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Execute, Operation
    from alembic_vibe.plan.situation import Node, Situation

RECIPES = ("44",)
_LIMITS = (
    "Through the view of the old name, these fail: TRUNCATE, COPY FROM, new foreign keys to it, "
    "pg_get_serial_sequence(), and MERGE up to PostgreSQL 16."
)
_ON_18 = """\
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new};
    END IF;
END
$$"""


def applies(change: Change, _situation: Situation) -> bool:
    """A table under a new name."""
    return change.kind is ChangeKind.RENAME and change.key.kind is Kind.TABLE


def plan(change: Change, situation: Situation) -> Planned:
    """Rename it and put a view in its place; drop the view, and name its parts anew, when the old release is gone."""
    before = change.before
    assert isinstance(before, Table)
    old, new = before.key, change.key
    there, back = _renaming(old, new, situation)
    obstacle = _obstacle(old, new, situation)
    steps = []
    what, now = shown(old), shown(new)
    bare = Step(
        new,
        there,
        back,
        phase=Phase.EXPAND,
        title=f"{what} to {now}",
        locks=exclusive(old),
    )
    names = tuple(_names(new, situation))
    renames = tuple(operation for found in names for operation in found.up)
    undone = tuple(operation for found in reversed(names) for operation in found.down)
    if obstacle:
        danger = Danger(OLD_RELEASE_BREAKS, what, f"{what} does not exist any more under its old name: {obstacle}")
        steps.append(replace(bare, dangers=(danger,)))
        if names:
            steps.append(_tidy(new, renames, undone, f"names of {now}"))
    else:
        view = tuple(_view(old, new, situation, {}))
        again = tuple(_view(old, new, situation, _renamed_at_once(new, situation)))
        drop = execute("DROP VIEW {view}", view=name_of(old))
        steps.append(
            replace(
                bare,
                up=(*there, *view),
                down=(drop, *back),
                old_sees=f"{what} is a view of {now}; a prepared statement may fail once in each session",
                notes=(_LIMITS,),
            )
        )
        tidy = _tidy(new, (drop, *renames), (*undone, *again), f"drop {what}")
        steps.append(replace(tidy, old_sees=f"{what} does not exist any more"))
    takes = frozenset(node for found in names for node in found.takes)
    return Planned(tuple(steps), takes=takes)


def _tidy(table: Key, up: tuple[Operation, ...], down: tuple[Operation, ...], title: str) -> Step:
    return Step(table, up, down, phase=Phase.CONTRACT, title=title, locks=exclusive(table))


def _renaming(old: Key, new: Key, situation: Situation) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    """Return what gives the table its new name and schema, and what takes them back.

    The name comes first, unless something else has the new name in the old schema.
    """
    there: list[Operation] = []
    back: list[Operation] = []
    here = old
    taken = {(key.schema, key.name) for key in situation.before.facts}
    first = new.schema != old.schema and new.name != old.name and (old.schema, new.name) in taken
    wanted = [old._replace(schema=new.schema), new] if first else [old._replace(name=new.name), new]
    for step in wanted:
        if step.name != here.name:
            there.append(alter(here, "RENAME TO {name}", name=Name(step.name)))
            back.insert(0, alter(step, "RENAME TO {name}", name=Name(here.name)))
        if step.schema != here.schema:
            there.append(alter(here, "SET SCHEMA {schema}", schema=Name(step.schema)))
            back.insert(0, alter(step, "SET SCHEMA {schema}", schema=Name(here.schema)))
        here = step
    return tuple(there), tuple(back)


# -- the view --------------------------------------------------------------------------------------------------------


def _obstacle(old: Key, new: Key, situation: Situation) -> str:
    """Return why there can be no view under the old name; empty: there can."""
    for kind in (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX):
        if old._replace(kind=kind) in situation.after.facts:
            return f"the specification has another {kind} of that name"
    for change in situation.changes:
        if change.key.kind is Kind.COLUMN and table_of(change.key) == new and "type" in change.altered_fields:
            return f"a view would keep {shown(new, change.key.member)} from getting its new type"
    return ""


def _view(old: Key, new: Key, situation: Situation, names: Mapping[str, str]) -> Iterator[Operation]:
    """Yield what makes the view, for those who may use the table; ``names`` are new ones of its columns by the old."""
    words = situation.old_words
    table = words.table(new)
    columns = ", ".join(_shown_as(column.name, names.get(column.name, column.name)) for column in table.columns)
    yield execute(
        "CREATE VIEW {view} WITH (security_invoker = true) AS SELECT {columns} FROM {table}",
        view=name_of(old),
        columns=Printed(columns),
        table=name_of(new),
    )
    yield from owner_of("VIEW", name_of(old), table.owner)
    for fact in words.of_type(Privileges):
        if fact.target == new:
            yield from grant(replace(fact, target=old), situation.old).up


def _renamed_at_once(table: Key, situation: Situation) -> dict[str, str]:
    """Return the columns that have their new names before contract, here or in a table that this is a part of."""
    found: dict[str, str] = {}
    tables = [table]
    for key in tables:
        for renamed in renames_of(key, situation):
            if not can_double(renamed.change, situation):
                found[renamed.before.name] = renamed.after.name
        fact = situation.after.table(key)
        tables.extend((fact.partition_of,) if fact.partition_of else fact.inherits)
    return found


def _shown_as(name: str, column: str) -> str:
    return str(Name(name)) if name == column else compose("{column} AS {name}", column=Name(column), name=Name(name))


# -- the names of its parts ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _NewName:
    """A part of the table that gets another name, and the changes that say so."""

    up: tuple[Execute, ...]
    down: tuple[Execute, ...]
    takes: tuple[Node, ...]


def _names(table: Key, situation: Situation) -> Iterator[_NewName]:
    """Yield the parts that are the same but for their names: constraints, indexes, statistics, NOT NULL, identity."""
    gone = [change for change in situation.changes if change.kind is ChangeKind.DROP]
    busy = _of_columns_made_anew(table, situation)
    for change in situation.changes:
        if change.key in busy:
            continue
        if isinstance(change.after, Constraint | Index | Statistics) and change.kind is ChangeKind.ADD:
            pair = next((found for found in gone if _is_same(found, change, table)), None)
            if pair is not None:
                gone.remove(pair)
                up = _rename_part(pair.key, change.key)
                yield _NewName((up,), (_rename_part(change.key, pair.key),), (node_of(pair), node_of(change)))
        elif change.key.kind is Kind.COLUMN and table_of(change.key) == table:
            yield from _column_names(table, change)


def _of_columns_made_anew(table: Key, situation: Situation) -> set[Key]:
    """Return what uses columns that get another name or type: it comes with them."""
    found: set[Key] = set()
    for change in situation.changes:
        anew = change.kind is ChangeKind.RENAME or "type" in change.altered_fields
        if anew and change.key.kind is Kind.COLUMN and table_of(change.key) == table:
            found |= situation.after.column_users.get((table, change.key.member), frozenset())
            found.add(change.key)
    return found


def _is_same(gone: Change, new: Change, table: Key) -> bool:
    one, other = gone.before, new.after
    if isinstance(one, Constraint) and isinstance(other, Constraint):
        return one.table == other.table == table and replace(one, key=other.key) == other
    if isinstance(one, Index) and isinstance(other, Index):
        same: bool = replace(one, key=other.key, definition=other.definition) == other
    elif isinstance(one, Statistics) and isinstance(other, Statistics):
        same = replace(one, key=other.key, definition=other.definition) == other
    else:
        return False
    return same and one.table == table and _anonymous(one) == _anonymous(other)


def _anonymous(fact: Index | Statistics) -> str:
    name = re.escape(str(name_of(fact.key))) + "|" + re.escape(str(Name(fact.key.name)))
    return re.sub(rf"^(CREATE (?:UNIQUE )?(?:INDEX|STATISTICS)) (?:public\.)?(?:{name}) ", r"\1 ", fact.definition)


def _rename_part(old: Key, new: Key) -> Execute:
    if old.kind is Kind.CONSTRAINT:
        return alter(table_of(old), "RENAME CONSTRAINT {old} TO {new}", old=Name(old.member), new=Name(new.member))
    what = Printed(old.kind.value.upper())
    return execute("ALTER {what} {old} RENAME TO {new}", what=what, old=name_of(old), new=Name(new.name))


def _column_names(table: Key, change: Change) -> Iterator[_NewName]:
    one, other = change.before, change.after
    if not isinstance(one, Column) or not isinstance(other, Column):
        return
    if change.alters("not_null_name") and one.not_null and other.not_null:
        usual = f"{table.name}_{other.name}_not_null"
        names = Name(one.not_null_name or usual), Name(other.not_null_name or usual)
        parts = [compose(_ON_18, table=name_of(table), old=a, new=b) for a, b in (names, names[::-1])]
    elif change.alters("identity_sequence"):
        usual = f"{table.name}_{other.name}_seq"
        bare = one.identity_sequence or usual, other.identity_sequence or usual
        sql = "ALTER SEQUENCE {old} RENAME TO {new}"
        parts = [compose(sql, old=Name(table.schema, a), new=Name(b)) for a, b in (bare, bare[::-1])]
    else:
        return
    up, down = (execute("{sql}", sql=Printed(part)) for part in parts)
    yield _NewName((up,), (down,), (node_of(change),))
