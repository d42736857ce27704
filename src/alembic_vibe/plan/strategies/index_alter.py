"""An index that is another one under its old name (recipe 30): the new one is built before the old one goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_vibe.catalog.facts import Index
from alembic_vibe.catalog.keys import Kind
from alembic_vibe.diff.compare import ChangeKind
from alembic_vibe.plan.belongings import changes_of
from alembic_vibe.plan.blocks import execute, vibe_name
from alembic_vibe.plan.foreign_keys import locked, repointed
from alembic_vibe.plan.indexes import in_place, index_locks, on_table
from alembic_vibe.plan.keys import (
    build,
    build_index,
    drop_index,
    incoming,
    is_partitioned,
    named,
    no_duplicates,
    phase_of_unique,
    settings,
)
from alembic_vibe.plan.model import Mode, Phase, Step
from alembic_vibe.plan.operations import DropIndex
from alembic_vibe.plan.situation import Planned, node_of
from alembic_vibe.plan.sql import name_of
from alembic_vibe.sql.compose import Name, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alembic_vibe.catalog.facts import Constraint
    from alembic_vibe.diff.compare import Change
    from alembic_vibe.plan.operations import Operation
    from alembic_vibe.plan.situation import Situation

RECIPES = ("30",)


def applies(change: Change, _situation: Situation) -> bool:
    """More than the comment or CLUSTER differs, and it cannot be said in place."""
    known = change.kind is ChangeKind.ALTER and change.key.kind is Kind.INDEX
    return known and not change.alters("comment") and not change.alters("clustered") and not in_place(change)


def plan(change: Change, situation: Situation) -> Planned:
    """Build it beside readers and writers: before the next release, or after the old one where it is unique."""
    old, new = situation.old_fact(change.key), situation.new_fact(change.key)
    assert isinstance(old, Index)
    assert isinstance(new, Index)
    takes = changes_of(situation, [change.key]) - {node_of(change)}
    bound = incoming(change.key, situation.before, situation)
    phase = Phase.CONTRACT if old.unique else Phase.EXPAND
    unique = new.unique and on_table(new, situation.after)
    if unique and phase is Phase.EXPAND:
        phase = phase_of_unique(new, situation)
    if is_partitioned(new.table, situation.before):
        up: tuple[Operation, ...] = (_plain_drop(old), *build(new, situation.new))
        down: tuple[Operation, ...] = (_plain_drop(new), *build(old, situation.old))
    else:
        up, down = _swap(old, new, bound, situation), _swap(new, old, bound, situation)
    step = Step(
        change.key,
        up,
        down,
        phase=phase,
        mode=Mode.AUTOCOMMIT,
        title=new.key.name,
        locks=(*index_locks(new, situation.before, strong=bool(bound)), *locked(bound)),
        scans=(new.table,),
        verify=(no_duplicates(new),) if unique else (),
    )
    return Planned((step,), takes=takes, ready=phase)


def _plain_drop(index: Index) -> DropIndex:
    sql = compose("DROP INDEX IF EXISTS {name}", name=name_of(index.key))
    return DropIndex(index, (sql,), if_exists=True)


def _swap(old: Index, new: Index, bound: Sequence[Constraint], situation: Situation) -> tuple[Operation, ...]:
    stand_in = named(new, vibe_name("new", new.key.name))
    rename = execute("ALTER INDEX {one} RENAME TO {other}", one=name_of(stand_in.key), other=Name(new.key.name))
    change: tuple[Operation, ...] = (drop_index(old), rename)
    if bound:
        change = repointed(bound, (_plain_drop(old), rename), situation.before)
    return (*build_index(stand_in), *change, *settings(new))
