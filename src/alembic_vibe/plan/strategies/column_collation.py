"""Another collation of a column (recipe 17): the rows stay, indexes are built beside writers where that is possible."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Column, Constraint, ConstraintKind, Index, Table
from alembic_vibe.catalog.keys import Key, Kind
from alembic_vibe.hazards import BLOCKING_SCAN, SHARED_BEHAVIOUR, Danger
from alembic_vibe.plan.blocks import create_index, execute, shown, vibe_name
from alembic_vibe.plan.discovery import makers_by_kind
from alembic_vibe.plan.model import Phase, Step
from alembic_vibe.plan.retype import retype_step
from alembic_vibe.plan.retyping import Route, is_retyping, reworded, route
from alembic_vibe.plan.situation import Planned, node_of, table_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.plan.words import names_column, with_collation
from alembic_vibe.sql.compose import Name

if TYPE_CHECKING:
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("17",)
_DEFAULT = '"default"'  # in pg_catalog; what a column has that names none
_INDEXED = {ConstraintKind.PRIMARY, ConstraintKind.UNIQUE, ConstraintKind.EXCLUDE}


def applies(change: Change, situation: Situation) -> bool:
    """The same type, or a wider one of the same bytes, with another collation."""
    return is_retyping(change) and route(change, situation) is Route.COLLATE


def plan(change: Change, situation: Situation) -> Planned:
    """Build indexes that say the new collation themselves, then change the column's; both are the same then."""
    table, column = table_of(change.key), change.key.member
    new = change.after
    assert isinstance(new, Column)
    what = shown(table, column)
    users = sorted(situation.before.column_users.get((table, column), ()))
    twins = [user for user in users if _is_plain(user, column, situation)]
    held = [user.member or user.name for user in users if user not in twins and _is_built(user, column, situation)]
    remake = [key for key in reworded([change.key], situation) if key not in twins]
    title = f"{what} collation"
    step, takes = retype_step([change.key], situation, using={}, phase=Phase.EXPAND, title=title, remake=remake)
    steps: list[Step] = []
    before: list[Operation] = []
    after: list[Operation] = []
    undo_before: list[Operation] = []
    undo_after: list[Operation] = []
    for key in twins:
        old, wanted = situation.old_words.facts[key], situation.new_fact(key)
        assert isinstance(old, Index)
        made_old = makers_by_kind()[Kind.INDEX].create(old, situation.old)
        before += made_old.down
        undo_after += made_old.up
        if not isinstance(wanted, Index):
            continue
        twin = _collated(wanted, column, new.collation or _DEFAULT)
        steps.append(replace(create_index(twin, Phase.EXPAND), key=change.key))
        name = Name(key.name)
        after.append(execute("ALTER INDEX {twin} RENAME TO {name}", twin=name_of(twin.key), name=name))
        undo_before += makers_by_kind()[Kind.INDEX].create(wanted, situation.new).down
        undo_after += makers_by_kind()[Kind.INDEX].create(twin, situation.old).up
    dangers = [Danger(SHARED_BEHAVIOUR, what, "order and comparison become different for both releases at once")]
    if held:
        message = f"{', '.join(held)} is built or checked while nobody can use the table"
        dangers.append(Danger(BLOCKING_SCAN, what, message))
    step = replace(
        step,
        up=(*before, *step.up, *after),
        down=(*undo_before, *step.down, *undo_after),
        scans=(table,) if held else (),
        dangers=tuple(dangers),
        old_sees="another order of rows",
    )
    mine = {node_of(found) for found in situation.changes if found.key in twins}
    return Planned((*steps, step), takes=(takes | mine) - {node_of(change)})


def _is_plain(user: Key, column: str, situation: Situation) -> bool:
    """Whether a twin can be built beside writers: an index of the column itself, on a table without partitions."""
    fact = situation.before.facts.get(user)
    if not isinstance(fact, Index) or fact.clustered or fact.inherited:
        return False
    table = situation.before.facts.get(fact.table)
    if not isinstance(table, Table) or table.partition_key is not None or table.partition_of is not None:
        return False
    if names_column(fact.predicate or "", column) or table.replica_identity == f"index {user.name}":
        return False
    if any(key.column is None and names_column(key.expression, column) for key in fact.keys):
        return False
    return any(key.column == column and key.collation is None for key in fact.keys)


def _is_built(user: Key, column: str, situation: Situation) -> bool:
    fact = situation.before.facts.get(user)
    if isinstance(fact, Constraint):
        return fact.kind in _INDEXED or fact.kind == ConstraintKind.CHECK
    return isinstance(fact, Index) and not all(
        key.column == column and key.collation is not None for key in fact.keys if key.column in {column, None}
    )


def _collated(index: Index, column: str, collation: str) -> Index:
    """Return the index under another name, with the collation said in its keys."""
    head, using, rest = index.definition.partition(" USING ")
    keys, include, tail = rest.partition(" INCLUDE (")
    keys, where, condition = keys.partition(" WHERE ") if not include else (keys, "", "")
    name = vibe_name("new", index.key.name)
    head = head.replace(f" INDEX {Name(index.key.name)} ON ", f" INDEX {Name(name)} ON ", 1)
    definition = f"{head}{using}{with_collation(keys, column, collation)}{include}{tail}{where}{condition}"
    return replace(index, key=Key(Kind.INDEX, index.key.schema, name), definition=definition)
