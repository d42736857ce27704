"""Columns that get another name: whether both can exist for a while, and how they are renamed at once if not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, Index
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.hazards import OLD_RELEASE_BREAKS, TABLE_REWRITE, Danger
from alembic_vibe.plan.around import Around, around_keys, generated_from, parts_of
from alembic_vibe.plan.blocks import alter, exclusive, excused, execute, shown
from alembic_vibe.plan.column_sql import family
from alembic_vibe.plan.dependents import CODE, dependents
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.retype import chosen_name, rename_constraint_on_18, reshape, usual_not_null
from alembic_vibe.plan.retyping import conditions, made_up, way_back
from alembic_vibe.plan.situation import Planned, column_key, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.structure import stands_alone
from alembic_vibe.plan.twins import find_twins
from alembic_vibe.plan.words import with_columns
from alembic_vibe.sql.compose import Literal, Name, Printed

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation


@dataclass(frozen=True)
class Renamed:
    """A column with another name: its wanted key, and both forms."""

    key: Key
    before: Column
    after: Column
    change: Change


def renames_of(table: Key, situation: Situation) -> list[Renamed]:
    """Return the renamed columns of a table, in a stable order."""
    found = []
    for change in situation.changes:
        if change.kind is ChangeKind.RENAME and change.key.kind is Kind.COLUMN and table_of(change.key) == table:
            assert isinstance(change.before, Column)
            assert isinstance(change.after, Column)
            found.append(Renamed(change.key, change.before, change.after, change))
    return sorted(found, key=lambda renamed: renamed.key)


def can_double(change: Change, situation: Situation) -> bool:
    """Whether a column can exist under both names for a while."""
    old, new = change.before, change.after
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    return stands_alone(table_of(change.key), old, new, situation)


def first_among(user: Key, change: Change, situation: Situation) -> bool:
    """Whether a renamed column is the first of those that an object names: that one sees to the object."""
    table = table_of(change.key)
    for renamed in renames_of(table, situation):
        if renamed.key == change.key:
            return True
        if can_double(renamed.change, situation) and _uses(user, table, renamed.before.name, situation):
            return False
    return True


def _uses(user: Key, table: Key, column: str, situation: Situation) -> bool:
    fact = situation.before.facts.get(user)
    named = isinstance(fact, Constraint) and column in fact.columns
    return named or user in situation.before.column_users.get((table, column), ())


def followers(change: Change, situation: Situation) -> Around:
    """Return what would follow a renaming by itself, and must be made again on the column that takes the other's place.

    What changes besides is left to its own change, unless something that follows is in its way.
    """
    assert isinstance(change.before, Column)
    table, name = table_of(change.key), change.before.name
    changed = {found.key for found in situation.changes}
    starts = [
        user
        for user in sorted(situation.before.column_users.get((table, name), ()))
        if user.kind in CODE and user not in changed and first_among(user, change, situation)
    ]
    inside, _ = dependents(situation.before, starts, CODE)
    return around_keys([*starts, *inside], situation, last=True)


# -- at once ---------------------------------------------------------------------------------------------------------


def rename_at_once(change: Change, situation: Situation) -> Planned:
    """Return the plan that renames the columns of a table that cannot exist twice, in one transaction."""
    table = table_of(change.key)
    renamed = [found for found in renames_of(table, situation) if not can_double(found.change, situation)]
    if renamed[0].key != change.key:
        return Planned()  # part of the first one's step
    changed = {found.key: found for found in situation.changes if found.kind is not ChangeKind.ADD}
    users = sorted(
        {
            user
            for found in renamed
            for user in situation.before.column_users.get((table, found.before.name), ())
            if user in changed or found.before.type.text != found.after.type.text
        }
    )
    starts = [user for user in users if user.kind in CODE]
    inside, _ = dependents(situation.before, starts, CODE)
    retyped = [
        column_key(table, found.before.name) for found in renamed if found.before.type.text != found.after.type.text
    ]
    again = {column_key(table, found.before.name) for found in renamed}
    generated = tuple(key for key in generated_from(retyped, situation.before) if key not in again)
    aside = around_keys([*starts, *inside], situation, generated, last=True)
    up: list[Operation] = [*aside.away]
    down: list[Operation] = [*aside.unmake]
    takes = set(aside.takes) | {node_of(found.change) for found in renamed}
    names = {found.before.name: found.after.name for found in renames_of(table, situation)}
    remake: list[Key] = parts_of(generated, situation.before)
    for found in renamed:
        for twin in find_twins(found.key, found.before.name, situation, names):
            keys = {fact.key for fact in (twin.old, twin.new) if fact is not None}
            if twin.old.key in remake or not keys & {c.key for c in situation.changes}:
                continue
            remake.append(twin.old.key)
            takes |= {node_of(other) for other in situation.changes if other.key in keys}
            make_old, drop_old = _both(twin.old, situation, new=False)
            make_new, drop_new = _both(twin.new, situation, new=True)
            if twin.new is not None and twin.old.key != twin.new.key and type(twin.old) is type(twin.new):
                up.append(_rename(twin.old, twin.new))
                down.append(_rename(twin.new, twin.old))
            else:
                up += drop_old
                down += drop_new
                aside = replace(aside, back=(*make_new, *aside.back), remake=(*make_old, *aside.remake))
    dangers = []
    rewrites = set()
    for found in renamed:
        what = shown(table, found.after.name)
        ups, downs = _one(found, situation)
        up += ups
        down += downs
        message = f"statements that name {shown(table, found.before.name)} fail"
        dangers.append(Danger(OLD_RELEASE_BREAKS, what, message))
        if found.before.type.text != found.after.type.text:
            dangers.append(Danger(TABLE_REWRITE, what, f"{shown(table)} is rewritten while nobody can use it"))
            rewrites |= set(family(table, situation.before))
    step = Step(
        change.key,
        (*up, *aside.back),
        (*down, *aside.remake),
        phase=Phase.EXPAND,
        title=", ".join(f"{shown(table, found.before.name)} to {found.after.name}" for found in renamed),
        locks=exclusive(*family(table, situation.before), *aside.locked),
        rewrites=tuple(sorted(rewrites)),
        verify=tuple(verify for found in renamed for verify in conditions(found.change, situation)),
        notes=aside.notes,
        dangers=tuple(dangers),
        loses=", ".join(
            f"the values of {shown(table, found.before.name)}, of which nobody knows the way back"
            for found in renamed
            if found.key in situation.intents.convert and not way_back(found.change, situation)
        ),
        old_sees=", ".join(f"no column {found.before.name} any more" for found in renamed),
    )
    return Planned((step,), takes=frozenset(takes) - {node_of(change)})


def _both(
    fact: Index | Constraint | None, situation: Situation, *, new: bool
) -> tuple[tuple[Operation, ...], tuple[Operation, ...]]:
    if fact is None:
        return (), ()
    step = makers_by_kind()[fact.key.kind].create(fact, situation.new if new else situation.old)
    return step.up, step.down


def _rename(old: Index | Constraint, new: Index | Constraint) -> Operation:
    if isinstance(old, Constraint) and isinstance(new, Constraint):
        return alter(old.table, "RENAME CONSTRAINT {old} TO {new}", old=Name(old.name), new=Name(new.name))
    return execute("ALTER INDEX {old} RENAME TO {new}", old=name_of(old.key), new=Name(new.key.name))


_SEQUENCE = """\
DO $$
BEGIN
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', pg_get_serial_sequence({table}, {column}), {name});
END
$$"""


def _one(found: Renamed, situation: Situation) -> tuple[list[Operation], list[Operation]]:
    """Return what renames one column, and what differs besides, there and back."""
    table = table_of(found.key)
    old = situation.old_fact(column_key(table, found.before.name))
    new = situation.new_fact(found.key)
    assert isinstance(old, Column)
    assert isinstance(new, Column)
    there, back = {"old": Name(old.name), "new": Name(new.name)}, {"old": Name(new.name), "new": Name(old.name)}
    up: list[Operation] = []
    down: list[Operation] = []
    differing = {*found.change.altered_fields} - {"name", "not_null_name", "identity_sequence", "inherited"}
    generated = {"default"} if old.generated and new.generated else set()
    if differing - {"comment"} - generated:
        target = replace(new, name=old.name, not_null_name=old.not_null_name, identity_sequence=old.identity_sequence)
        convert = situation.intents.convert.get(found.key, "")
        returned = (way_back(found.change, situation) or made_up(table, old, situation)) if convert else ""
        up += reshape(table, old, target, convert)
        down += reshape(table, target, old, with_columns(returned, {new.name: old.name}))
    up.append(alter(table, "RENAME COLUMN {old} TO {new}", **there))
    down.insert(0, alter(table, "RENAME COLUMN {old} TO {new}", **back))
    first: list[Operation] = []
    if new.not_null and old.not_null:
        was = usual_not_null(table, old)
        now = usual_not_null(table, new)
    elif new.not_null:
        was, now = usual_not_null(table, replace(new, name=old.name, not_null_name=None)), usual_not_null(table, new)
    else:
        was = now = ""
    if was != now:
        up.append(rename_constraint_on_18(table, was, now))
        first.append(rename_constraint_on_18(table, now, was))
    if old.identity and new.identity:
        one = old.identity_sequence or chosen_name(table.name, old.name, "seq")
        other = new.identity_sequence or chosen_name(table.name, new.name, "seq")
        if one != other:
            relation = Literal(str(name_of(table)))
            parts = {"table": relation, "column": Literal(new.name)}
            reason = "the server alone knows the name of the sequence"
            up.append(excused(execute(_SEQUENCE, **parts, name=Literal(other)), "opaque-sql", reason))
            first.append(excused(execute(_SEQUENCE, **parts, name=Literal(one)), "opaque-sql", reason))
    if old.comment != new.comment:
        up.append(_comment(table, new.name, new.comment))
        first.append(_comment(table, new.name, old.comment))
    return up, [*first, *down]


def _comment(table: Key, column: str, text: str | None) -> Operation:
    value = Literal(text) if text is not None else Printed("NULL")
    return execute(
        "COMMENT ON COLUMN {table}.{column} IS {text}", table=name_of(table), column=Name(column), text=value
    )
